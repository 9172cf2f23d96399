import { describe, expect, it } from "vitest";
import { hasBreaks, placeKey, placeOf, weeklyOf, weekOf } from "./places";

describe("places", () => {
  it("are words and back", () => {
    for (const place of [{ depot_id: "a" }, { technician_id: "b" }, {}]) expect(placeOf(placeKey(place))).toEqual(place);
  });
});

describe("opening hours", () => {
  it("without a week are always open, and stay so", () => {
    expect(weeklyOf(weekOf([]))).toEqual([]);
  });
  it("keep closed days", () => {
    const weekly = [[["07:00", "18:00"]], [], [], [], [], [], []];
    expect(weeklyOf(weekOf(weekly))).toEqual(weekly);
  });
  it("know a break", () => {
    expect(hasBreaks([[["07:00", "12:00"], ["13:00", "18:00"]]])).toBe(true);
    expect(hasBreaks([[["07:00", "12:00"]]])).toBe(false);
  });
});
