import { describe, expect, it } from "vitest";
import { uuid7 } from "./ids";

describe("uuid7", () => {
  it("has the version and variant of RFC 9562", () => {
    expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  it("sorts by time", () => {
    expect(uuid7(1000) < uuid7(2000)).toBe(true);
    expect(uuid7(2 ** 40) < uuid7(2 ** 40 + 1)).toBe(true);
  });
});
