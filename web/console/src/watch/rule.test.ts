import { describe, expect, it } from "vitest";
import { EMPTY, kindsOf, withKind, withMeasure } from "./rule";

const kinds = (rule: typeof EMPTY) =>
  kindsOf({ measure: rule.measure!, duration_seconds: rule.duration_seconds!, repeat_times: rule.repeat_times!, hours: rule.hours as never, companions: rule.companions as never });

describe("a rule in a form", () => {
  it("combines kinds", () => {
    const rule = withKind(withKind(EMPTY, "duration", true, "Europe/Berlin"), "schedule", true, "Europe/Berlin");
    expect(kinds(rule)).toEqual(["threshold", "duration", "schedule"]);
    expect(kinds(withKind(rule, "schedule", false, "Europe/Berlin"))).toEqual(["threshold", "duration"]);
  });
  it("leaves nothing behind that silence cannot have", () => {
    const rule = withMeasure(withKind(EMPTY, "across", true, "Europe/Berlin"), "silence");
    expect(kinds(rule)).toEqual(["inactivity"]);
    expect(withMeasure(rule, "value").rate_seconds).toBe(0);
  });
  it("gives a rate its stretch of time", () => {
    expect(withMeasure(EMPTY, "rate").rate_seconds).toBe(3600);
  });
});
