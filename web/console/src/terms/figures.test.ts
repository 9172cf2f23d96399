import { describe, expect, it } from "vitest";
import { type Figure, figureOf, stepsOf, stepsWritten, written } from "./figures";

const fee: Figure<"fee_bp"> = { name: "fee_bp", unit: "pct", min: 0, max: 100, scale: 100, step: 0.01 };
const hours: Figure<"hours"> = { name: "hours", unit: "hours", min: 1, max: 720 };

describe("figureOf", () => {
  it("stores what is written", () => {
    expect(figureOf(fee, "2,35")).toBe(235);
    expect(figureOf(fee, written(1999, 100))).toBe(1999);
    expect(figureOf(hours, " 24 ")).toBe(24);
  });
  it("takes nothing else", () => {
    for (const wrong of ["", "soon", "-1", "100.01", "1.234"]) expect(figureOf(fee, wrong)).toBeNull();
    for (const wrong of ["0", "721", "1.5"]) expect(figureOf(hours, wrong)).toBeNull();
  });
});

describe("stepsOf", () => {
  it("reads what stepsWritten writes", () => {
    const steps = [{ hours: 12, pct: 50 }, { hours: 2, pct: 100 }];
    expect(stepsOf(stepsWritten(steps))).toEqual(steps);
    expect(stepsOf("12: 50\n\n2 100")).toEqual(steps);
    expect(stepsOf("")).toEqual([]);
  });
  it("takes nothing else", () => {
    for (const wrong of ["soon", "0: 50", "721: 50", "12: 101", "12"]) expect(stepsOf(wrong)).toBeNull();
  });
});
