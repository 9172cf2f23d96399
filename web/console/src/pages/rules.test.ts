import { describe, expect, it } from "vitest";
import { kept, shown, unitOf, withShare } from "./rules";

describe("rules in a form", () => {
  it("shows money in whole units and keeps cents", () => {
    expect(shown(1250, "money")).toBe("12.5");
    expect(kept("12.50", "money")).toBe(1250);
  });
  it("keeps nothing for an empty field", () => {
    expect(shown(null, "minutes")).toBe("");
    expect(kept(" ", "minutes")).toBeNull();
  });
  it("takes a share away that is left empty", () => {
    expect(withShare({ boiler: 20 }, "lift", "5")).toEqual({ boiler: 20, lift: 5 });
    expect(withShare({ boiler: 20 }, "boiler", " ")).toEqual({});
  });
  it("knows the unit of a weight", () => {
    expect(unitOf("weights.travel")).toBe("percent");
    expect(unitOf("crowd_share_pct_by_work_type.boiler")).toBe("percent");
    expect(unitOf("mode")).toBeNull();
  });
});
