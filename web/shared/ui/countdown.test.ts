import { beforeEach, describe, expect, it, vi } from "vitest";
import { setBusinessTime } from "../clock";
import { lastTick } from "./countdown";

describe("lastTick", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));

  it("is business time, also when nothing on the page has counted for a while", () => {
    setBusinessTime("2026-11-24T09:00:00Z", 60);
    lastTick();
    vi.advanceTimersByTime(120_000);
    expect(new Date(lastTick()).toISOString()).toBe("2026-11-24T11:00:00.000Z");
  });
  it("stays the same within a tick, and follows when the clock is set back", () => {
    setBusinessTime("2026-11-24T12:00:00Z");
    const noon = lastTick();
    vi.advanceTimersByTime(700);
    expect(lastTick()).toBe(noon);
    setBusinessTime("2026-11-24T09:00:00Z");
    expect(new Date(lastTick()).toISOString()).toBe("2026-11-24T09:00:00.000Z");
  });
});
