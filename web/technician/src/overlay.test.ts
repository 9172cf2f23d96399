import { describe, expect, it } from "vitest";
import type { Command } from "./database";
import { bigMove, movesAfter, otherMoves } from "./moves";
import { onDuty, overlay } from "./overlay";

const command = (over: Partial<Command>): Command => ({
  seq: 1, id: "c", kind: "move", visit_id: "v1", at: "2026-11-21T09:00:00Z", payload: {}, state: "waiting", about: "", ...over,
});
const visits = [
  { id: "v1", status: "dispatched", next_moves: movesAfter("dispatched") },
  { id: "v2", status: "dispatched", next_moves: movesAfter("dispatched") },
];

describe("overlay", () => {
  it("shows a job where its last unsent action put it, and leaves the others", () => {
    const shown = overlay(visits, [
      command({ seq: 1, payload: { to: "en_route" } }),
      command({ seq: 2, payload: { to: "on_site" } }),
    ]);
    expect(shown[0]).toMatchObject({ status: "on_site", is_unsent: true });
    expect(shown[0]!.next_moves.map((move) => move.to)).toEqual(["in_progress", "incomplete"]);
    expect(shown[1]).toMatchObject({ status: "dispatched", is_unsent: false });
  });
  it("forgets a refused action: the server's state is the truth", () => {
    expect(overlay(visits, [command({ state: "refused", payload: { to: "en_route" } })])[0]!.status).toBe("dispatched");
  });
});

describe("bigMove", () => {
  it.each([
    ["dispatched", "en_route"], ["accepted", "en_route"], ["en_route", "on_site"], ["on_site", "in_progress"],
    ["in_progress", "completed"], ["paused", "in_progress"],
  ])("after %s it is %s", (status, to) => {
    expect(bigMove(status, movesAfter(status))?.to).toBe(to);
  });
  it("is none when the job is over", () => {
    expect(bigMove("completed", movesAfter("completed"))).toBeNull();
  });
  it("never is a correction", () => {
    const back = { to: "in_progress", needs_reason: false, is_correction: true };
    expect(bigMove("completed", [back])).toBeNull();
    expect(otherMoves("completed", [back])).toEqual([back]);
  });
});

describe("onDuty", () => {
  it("follows the last unsent switch", () => {
    expect(onDuty(false, [command({ kind: "duty", visit_id: null, payload: { on_duty: true } })])).toBe(true);
    expect(onDuty(true, [])).toBe(true);
  });
});
