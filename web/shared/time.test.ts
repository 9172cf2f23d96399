import { describe, expect, it } from "vitest";
import { addDays, clockTime, isoDay, minutesText, shortSpan, zonedInstant } from "./time";

const unbroken = (text: string): string => text.replaceAll(" ", "\u00a0");

describe("zonedInstant", () => {
  it("reads a wall time in summer and in winter", () => {
    expect(zonedInstant("2026-07-01", "09:30", "Europe/Berlin").toISOString()).toBe("2026-07-01T07:30:00.000Z");
    expect(zonedInstant("2026-12-01", "09:30", "Europe/Berlin").toISOString()).toBe("2026-12-01T08:30:00.000Z");
  });
  it("lands on the right side of a daylight saving change", () => {
    expect(zonedInstant("2026-03-29", "03:30", "Europe/Berlin").toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(zonedInstant("2026-10-25", "12:00", "Europe/Berlin").toISOString()).toBe("2026-10-25T11:00:00.000Z");
  });
});

describe("isoDay", () => {
  it("gives the day of the zone, not of UTC", () => {
    expect(isoDay("2026-11-21T23:30:00Z", "Europe/Berlin")).toBe("2026-11-22");
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  });
});

describe("texts", () => {
  it("shows the clock of the zone", () => {
    expect(clockTime("2026-11-21T08:05:00Z", { locale: "de", zone: "Europe/Berlin" })).toBe("09:05");
  });
  it("tells every duration alike, in one word that no line breaks", () => {
    const spans = [0, 45_000, 192_000, 3_600_000, 3_900_000, -90_000_000].map(shortSpan);
    expect(spans).toEqual(["0 s", "45 s", "3 min", "1 h", "1 h 5 min", "1 d 1 h"].map(unbroken));
    expect([0, 45, 60, 95].map(minutesText)).toEqual(["0 min", "45 min", "1 h", "1 h 35 min"].map(unbroken));
  });
});
