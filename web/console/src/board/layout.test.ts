import { describe, expect, it } from "vitest";
import { extent, HEAD_HEIGHT, NAME_WIDTH, ROW_HEIGHT, rowsInView, shelves, snapped, spanOf, targetAt, toX, widestGap } from "./layout";

const from = Date.parse("2026-11-21T06:00:00Z");
const scale = { from, to: from + 12 * 3_600_000, pixelsPerMinute: 2 };

describe("extent", () => {
  it("cuts what sticks out on either side", () => {
    expect(extent("2026-11-21T05:00:00Z", "2026-11-21T07:00:00Z", scale)).toEqual({ left: 0, width: 120 });
    expect(extent("2026-11-21T17:30:00Z", "2026-11-22T07:00:00Z", scale)).toEqual({ left: 1380, width: 60 });
  });
  it("is null outside", () => {
    expect(extent("2026-11-20T05:00:00Z", "2026-11-20T07:00:00Z", scale)).toBeNull();
  });
});

describe("rowsInView", () => {
  it("draws what is seen and a few more, not the whole list", () => {
    expect(rowsInView(ROW_HEIGHT * 50, ROW_HEIGHT * 10, 150)).toEqual([46, 64]);
    expect(rowsInView(0, ROW_HEIGHT * 10, 3)).toEqual([0, 3]);
    expect(rowsInView(0, 500, 0)).toEqual([0, 0]);
  });
});

describe("targetAt", () => {
  const view = { left: 300, top: 100, scrollLeft: 0, scrollTop: ROW_HEIGHT };
  it("lands on the row under the pointer, scrolled, at the block's left edge on the grid", () => {
    const pointer = { x: 300 + NAME_WIDTH + 120 + 33, y: 100 + HEAD_HEIGHT + 5 };
    expect(targetAt(pointer, view, 33, 20, scale)).toEqual({ row: 1, startsAt: from + 3_600_000 });
  });
  it("is null over names, hours and below the last row", () => {
    expect(targetAt({ x: 310, y: 200 }, view, 0, 20, scale)).toBeNull();
    expect(targetAt({ x: 800, y: 110 }, view, 0, 20, scale)).toBeNull();
    expect(targetAt({ x: 800, y: 900 }, view, 0, 3, scale)).toBeNull();
  });
});

describe("snapped", () => {
  it("moves to the nearest five minutes", () => {
    expect(snapped(toX("2026-11-21T08:02:00Z", scale), scale)).toBe(Date.parse("2026-11-21T08:00:00Z"));
    expect(snapped(toX("2026-11-21T08:03:00Z", scale), scale)).toBe(Date.parse("2026-11-21T08:05:00Z"));
  });
});

describe("shelves", () => {
  const work = (from: string, to: string) => ({ starts_at: `2026-11-24T${from}:00Z`, ends_at: `2026-11-24T${to}:00Z` });
  it("draws overlapping work side by side and the rest over the whole row", () => {
    const [a, b, c] = [work("08:00", "09:00"), work("08:30", "09:30"), work("09:30", "10:00")];
    const found = shelves([c, b, a]);
    expect(found.get(a)).toEqual({ shelf: 0, isShared: true });
    expect(found.get(b)).toEqual({ shelf: 1, isShared: true });
    expect(found.get(c)).toEqual({ shelf: 0, isShared: false });
  });
});

describe("widestGap", () => {
  const [noon, end] = ["2026-11-24T12:00:00Z", "2026-11-24T13:30:00Z"];
  const work = (from: string, to: string) => ({ starts_at: `2026-11-24T${from}:00Z`, ends_at: `2026-11-24T${to}:00Z` });
  const gap = (from: string, to: string) => ({ from: Date.parse(`2026-11-24T${from}:00Z`), to: Date.parse(`2026-11-24T${to}:00Z`) });

  it("is all of it when nothing lies over it", () => {
    expect(widestGap(noon, end, [work("09:00", "12:00"), work("13:30", "14:00")])).toEqual(gap("12:00", "13:30"));
  });
  it("lies after, before or between the work", () => {
    expect(widestGap(noon, end, [work("11:00", "12:45")])).toEqual(gap("12:45", "13:30"));
    expect(widestGap(noon, end, [work("12:50", "15:00")])).toEqual(gap("12:00", "12:50"));
    expect(widestGap(noon, end, [work("13:15", "14:00"), work("11:00", "12:05")])).toEqual(gap("12:05", "13:15"));
  });
  it("is not there when work covers all", () => {
    expect(widestGap(noon, end, [work("11:00", "14:00")])).toBeNull();
  });
});

describe("spanOf", () => {
  it("shows early and late work in whole hours", () => {
    const dayStart = Date.parse("2026-11-20T23:00:00Z");
    const early = Date.parse("2026-11-21T04:20:00Z");
    expect(spanOf([early], dayStart)).toEqual({
      from: Date.parse("2026-11-21T04:00:00Z"),
      to: Date.parse("2026-11-21T18:00:00Z"),
    });
  });
});
