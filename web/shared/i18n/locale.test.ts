import { describe, expect, it } from "vitest";
import { fill } from "./locale";

describe("fill", () => {
  it("puts values in and keeps what is unknown visible", () => {
    expect(fill("Hello {name}, {missing}", { name: "Ada" })).toBe("Hello Ada, {missing}");
  });
  it("chooses singular and plural by the count", () => {
    const text = "{count} job | {count} jobs";
    expect([0, 1, 2].map((count) => fill(text, { count }, "en"))).toEqual(["0 jobs", "1 job", "2 jobs"]);
  });
});
