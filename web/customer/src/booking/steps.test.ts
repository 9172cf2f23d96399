import { describe, expect, it } from "vitest";
import { stepsNamed, stepsOf } from "./steps";

describe("the steps of a booking", () => {
  it("ask nobody who they are twice", () => {
    expect(stepsOf(false)).toEqual(["what", "who", "where", "when"]);
    expect(stepsOf(true)).toEqual(["what", "where", "when"]);
  });
  it("are known again by their number", () => {
    expect(stepsNamed("3")).toEqual(stepsOf(true));
    expect(stepsNamed("4")).toEqual(stepsOf(false));
    expect(stepsNamed(null)).toEqual([]);
  });
});
