import { describe, expect, it } from "vitest";
import { shownStatus } from "./types";

describe("what a customer is told of a visit", () => {
  it("is booked only with a promised time", () => {
    expect(shownStatus({ status: "scheduled", arrival_start: null })).toBe("unscheduled");
    expect(shownStatus({ status: "scheduled", arrival_start: "2026-11-23T09:00:00Z" })).toBe("scheduled");
    expect(shownStatus({ status: "en_route", arrival_start: null })).toBe("en_route");
  });
});
