// The moves a phone may show before the server has answered: its table, for the minutes without a network.

export interface NextMove {
  to: string;
  needs_reason: boolean;
  is_correction: boolean;
}

const AFTER: Record<string, string[]> = {
  dispatched: ["en_route"],
  accepted: ["en_route"],
  en_route: ["on_site"],
  on_site: ["in_progress", "incomplete"],
  in_progress: ["completed", "paused", "incomplete"],
  paused: ["in_progress", "completed", "incomplete"],
};

export function movesAfter(status: string): NextMove[] {
  return (AFTER[status] ?? []).map((to) => ({ to, needs_reason: to === "incomplete", is_correction: false }));
}

const FORWARD = ["accepted", "en_route", "on_site", "in_progress", "completed"];

/** The one big button; null when there is nothing to do now. */
export function bigMove(status: string, moves: NextMove[]): NextMove | null {
  const forward = moves.filter((move) => !move.is_correction && FORWARD.includes(move.to));
  const order = status === "paused" ? FORWARD : [...FORWARD].reverse();
  return order.flatMap((to) => forward.filter((move) => move.to === to))[0] ?? null;
}

export function otherMoves(status: string, moves: NextMove[]): NextMove[] {
  const big = bigMove(status, moves);
  return moves.filter((move) => move !== big);
}

export const OVER = new Set(["completed", "incomplete", "cancelled"]);
export const RUNNING = new Set(["en_route", "on_site", "in_progress", "paused"]);
