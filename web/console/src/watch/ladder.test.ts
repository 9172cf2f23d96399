import { describe, expect, it } from "vitest";
import { isNeeded, rungsOf, stepsOf } from "./ladder";

const STEPS = [
  { kind: "call", wait_percent: 50 },
  { kind: "remind", wait_percent: 30 },
  { kind: "default", wait_percent: 0 },
] as const;

describe("a ladder in a form", () => {
  it("offers what it leaves out, before its end", () => {
    expect(rungsOf([...STEPS]).map((one) => [one.kind, one.isTaken])).toEqual([["call", true], ["remind", true], ["second_channel", false], ["default", true]]);
  });
  it("is sent as it came when nothing was changed", () => {
    expect(stepsOf(rungsOf([...STEPS]))).toEqual(STEPS);
  });
  it("keeps its end, and in danger the call", () => {
    expect(isNeeded("default", "none")).toBe(true);
    expect(isNeeded("call", "none")).toBe(false);
    expect(isNeeded("call", "gas")).toBe(true);
    expect(isNeeded("remind", "gas")).toBe(false);
  });
});
