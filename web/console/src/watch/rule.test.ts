import { describe, expect, it } from "vitest";
import { byAsset, EMPTY, kindsOf, withKind, withMeasure } from "./rule";

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

describe("a dry run", () => {
  it("shows the asset first on which the rule would have fired most often", () => {
    const fired = (asset: string, hour: number) => ({ asset_id: asset, asset_name: asset.toUpperCase(), device_id: "d", fired_at: `2026-11-23T0${hour}:00:00Z`, cleared_at: null, value: 1 });
    const found = byAsset([fired("a", 1), fired("b", 2), fired("b", 3)]);
    expect(found.map((one) => [one.name, one.episodes.length])).toEqual([["B", 2], ["A", 1]]);
  });
});
