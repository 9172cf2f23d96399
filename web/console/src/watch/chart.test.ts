import { describe, expect, it } from "vitest";
import { linesOf, scaleOf, ticks, timeTicks } from "./chart";

describe("ticks", () => {
  it("encloses the values with round numbers", () => {
    expect(ticks(0.42, 1.9)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(ticks(61, 92)).toEqual([60, 70, 80, 90, 100]);
  });
  it("has an answer for one value and for none", () => {
    expect(ticks(5, 5)).toContain(5);
    expect(ticks(Infinity, -Infinity)).toEqual([0, 1]);
  });
});

describe("timeTicks", () => {
  it("stands on whole hours", () => {
    const hour = 3_600_000;
    expect(timeTicks(0.5 * hour, 6 * hour, 6)).toEqual([1, 2, 3, 4, 5, 6].map((h) => h * hour));
  });
});

describe("scaleOf", () => {
  it("stands a single value somewhere", () => {
    expect(scaleOf(3, 3, 0, 100).at(3)).toBe(0);
  });
});

describe("linesOf", () => {
  const at = (minute: number, device_id = "a") => ({ device_id, ts: new Date(minute * 60_000).toISOString() });
  it("draws each device by itself", () => {
    expect(linesOf([at(0), at(1, "b"), at(1)])).toHaveLength(2);
  });
  it("breaks at a long silence", () => {
    expect(linesOf([at(0), at(1), at(2), at(60), at(61)]).map((line) => line.length)).toEqual([3, 2]);
  });
});
