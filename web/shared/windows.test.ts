import { describe, expect, it } from "vitest";
import { bestFirst } from "./windows";

const window = (day: number, grade: string) => ({ start: `2026-11-2${day}T08:00:00Z`, grade });

describe("bestFirst", () => {
  it("puts the soonest of the best on top, calls only those best, and keeps every other in order of time", () => {
    const windows = [window(4, "ok"), window(5, "best"), window(6, "good"), window(7, "best"), window(8, "best"), window(9, "best")];
    const { best, others } = bestFirst(windows);
    expect(best).toEqual([window(5, "best"), window(7, "best"), window(8, "best")]);
    expect(others).toEqual([window(4, "ok"), window(6, "good"), window(9, "good")]);
  });
  it("loses none, and calls none best when none is", () => {
    const windows = [window(6, "ok"), window(4, "ok")];
    expect(bestFirst(windows)).toEqual({ best: [], others: [window(4, "ok"), window(6, "ok")] });
  });
});
