// The board as a draft would make it: the same rows, with the visits where they would be.
import type { Board } from "../state";
import type { BoardVisit, Change, ChangeSeat, PlanDifference, Seat } from "../types";

export interface Preview {
  plan: PlanDifference;
  board: Board;
  /** Where visits that change are now, by technician. */
  was: Map<string, Was[]>;
}

export interface Was {
  visitId: string;
  starts_at: string;
  ends_at: string;
}

export function previewOf(board: Board, plan: PlanDifference): Preview {
  const changes = new Map(plan.difference?.changes.map((change) => [change.visit_id, change]));
  const visits = board.visits.map((visit) => changed(visit, changes.get(visit.id), plan));
  const isPlaced = (visit: BoardVisit): boolean => visit.seats.length > 0;
  const now = new Map(visits.map((visit) => [visit.id, visit]));
  const waiting = board.unassigned.flatMap((visit) => now.get(visit.id) ?? []);
  const taken = visits.filter((visit) => changes.get(visit.id)?.what === "unassigned");
  return {
    plan,
    was: placesBefore(plan.difference?.changes ?? []),
    board: {
      ...board,
      visits,
      byTechnician: byTechnician(visits),
      unassigned: [...waiting.filter((visit) => !isPlaced(visit)), ...taken],
    },
  };
}

function changed(visit: BoardVisit, change: Change | undefined, plan: PlanDifference): BoardVisit {
  if (!change) return visit;
  const seats = change.after.map((after, number) => seatOf(after, visit.seats[number], plan, number));
  return { ...visit, seats, change: change.what };
}

function seatOf(after: Change["after"][number], now: Seat | undefined, plan: PlanDifference, number: number): Seat {
  return {
    assignment_id: `${plan.plan_id}-${after.technician_id}-${after.starts_at}`,
    cost_cents: now?.cost_cents ?? 0,
    expires_at: null,
    travel_estimated: now?.travel_estimated ?? false,
    overlap_reason: null,
    overlap_until: null,
    seat: number + 1,
    source: "plan",
    status: "confirmed",
    technician_name: plan.technicians[after.technician_id] ?? "",
    ...after,
  };
}

function byTechnician(visits: BoardVisit[]): Map<string, BoardVisit[]> {
  const found = new Map<string, BoardVisit[]>();
  for (const visit of visits)
    for (const seat of visit.seats) found.set(seat.technician_id, [...(found.get(seat.technician_id) ?? []), visit]);
  return found;
}

function placesBefore(changes: Change[]): Map<string, Was[]> {
  const found = new Map<string, Was[]>();
  for (const { visit_id, before } of changes)
    for (const { technician_id, starts_at, ends_at } of before)
      found.set(technician_id, [...(found.get(technician_id) ?? []), { visitId: visit_id, starts_at, ends_at }]);
  return found;
}

export interface MoneyLine {
  term: string;
  before: number;
  after: number;
}

/** The terms that are not nothing both times; what changes most comes first. */
export function moneyLines({ score_before, score_after }: Pick<NonNullable<PlanDifference["difference"]>, "score_before" | "score_after">): MoneyLine[] {
  const terms = [...new Set([...Object.keys(score_before), ...Object.keys(score_after)])];
  return terms
    .map((term) => ({ term, before: score_before[term] ?? 0, after: score_after[term] ?? 0 }))
    .filter(({ before, after }) => before !== 0 || after !== 0)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}

/** Changes that break promises come first, the dearest of them first; then in the order of time. */
export function inOrderOfWeight(changes: Change[]): Change[] {
  const starts = ({ after, before }: Change): string => firstOf(after) ?? firstOf(before) ?? "";
  return [...changes].sort(
    (a, b) =>
      Math.sign(b.breaks.length) - Math.sign(a.breaks.length) ||
      brokenCents(b) - brokenCents(a) ||
      starts(a).localeCompare(starts(b)),
  );
}

/** What the promises that the change breaks count. */
export const brokenCents = ({ breaks, promise_cents }: Change): number => (breaks.length > 0 ? (promise_cents ?? 0) : 0);

function firstOf(seats: ChangeSeat[]): string | undefined {
  return seats.map((seat) => seat.starts_at).sort()[0];
}
