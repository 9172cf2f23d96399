import { describe, expect, it } from "vitest";
import { kilometres, nearby } from "./nearby";

const job = (id: string, latitude: number, over = {}) => ({ id, latitude, longitude: 13.4, status: "unscheduled", order_status: "open", crew_size: 1, ...over });

describe("nearby", () => {
  const here = job("here", 52.5);

  it("gives those of one person that nobody has, the nearest first", () => {
    const waiting = [
      here,
      job("far", 52.7),
      job("near", 52.51),
      job("held", 52.5, { order_status: "on_hold" }),
      job("crew", 52.5, { crew_size: 2 }),
      job("planned", 52.5, { status: "scheduled" }),
    ];
    expect(nearby(here, waiting).map((one) => one.id)).toEqual(["near", "far"]);
  });

  it("measures in kilometres", () => {
    expect(kilometres(here, job("north", 52.6))).toBeCloseTo(11.12, 1);
    expect(kilometres(here, { ...here, longitude: 13.5 })).toBeCloseTo(6.77, 1);
  });
});
