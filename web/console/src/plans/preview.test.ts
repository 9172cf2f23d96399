import { describe, expect, it } from "vitest";
import type { Board } from "../state";
import type { BoardVisit, Change, PlanDifference } from "../types";
import { inOrderOfWeight, moneyLines, previewOf } from "./preview";

const seat = (technician_id: string, hour: string) => ({
  technician_id,
  starts_at: `2026-11-24T${hour}:00:00Z`,
  ends_at: `2026-11-24T${hour}:45:00Z`,
  travel_seconds: 60,
});
const change = (visit_id: string, over: Partial<Change> = {}): Change => ({
  visit_id,
  what: "moved",
  breaks: [],
  promise_cents: 0,
  before: [],
  after: [],
  ...over,
});
const visit = (id: string, ...seats: object[]) => ({ id, seats }) as unknown as BoardVisit;

function boardOf(...visits: BoardVisit[]): Board {
  return { visits, unassigned: visits.filter((one) => one.seats.length === 0), byTechnician: new Map() } as unknown as Board;
}

function planOf(...changes: Change[]): PlanDifference {
  return {
    plan_id: "p",
    technicians: { a: "Aylin", b: "Bo" },
    difference: { changes, promises_broken: 0, score_before: {}, score_after: {} },
  } as unknown as PlanDifference;
}

describe("previewOf", () => {
  it("puts visits where they would be and keeps where they were", () => {
    const board = boardOf(visit("moves", seat("a", "09")), visit("stays", seat("a", "12")));
    const found = previewOf(board, planOf(change("moves", { what: "reassigned", before: [seat("a", "09")], after: [seat("b", "10")] })));
    expect(found.board.byTechnician.get("b")?.map((one) => [one.id, one.change])).toEqual([["moves", "reassigned"]]);
    expect(found.board.byTechnician.get("a")?.map((one) => one.id)).toEqual(["stays"]);
    expect(found.board.byTechnician.get("b")?.[0]?.seats[0]?.technician_name).toBe("Bo");
    expect(found.was.get("a")?.map((one) => one.visitId)).toEqual(["moves"]);
  });

  it("takes from the list what gets a place, and puts there what loses it", () => {
    const board = boardOf(visit("waits"), visit("still waits"), visit("loses", seat("a", "09")));
    const changes = [change("waits", { what: "assigned", after: [seat("a", "09")] }), change("loses", { what: "unassigned", before: [seat("a", "09")] })];
    const found = previewOf(board, planOf(...changes));
    expect(found.board.unassigned.map((one) => one.id)).toEqual(["still waits", "loses"]);
  });
});

describe("moneyLines", () => {
  it("leaves out what is nothing before and after, and begins with what changes most", () => {
    const lines = moneyLines({ score_before: { travel: 500, delay: 0, unserved: 9000 }, score_after: { travel: 700, delay: 0, unserved: 0 } });
    expect(lines.map((line) => line.term)).toEqual(["unserved", "travel"]);
  });
});

describe("inOrderOfWeight", () => {
  it("begins with the dearest broken promise", () => {
    const changes = [
      change("b", { after: [seat("a", "10")] }),
      change("a", { after: [seat("a", "09")] }),
      change("cheap", { breaks: ["time"], promise_cents: 100 }),
      change("dear", { breaks: ["window"], promise_cents: 900 }),
    ];
    expect(inOrderOfWeight(changes).map((one) => one.visit_id)).toEqual(["dear", "cheap", "a", "b"]);
  });
});
