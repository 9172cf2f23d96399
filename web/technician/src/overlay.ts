// The day as the technician made it: what the server knows, with the unsent actions on top.
import type { Command } from "./database";
import { movesAfter, type NextMove } from "./moves";

interface Shown {
  id: string;
  status: string;
  next_moves: NextMove[];
}

export type Overlaid<V> = V & { is_unsent: boolean };

export function overlay<V extends Shown>(visits: readonly V[], commands: readonly Command[]): Overlaid<V>[] {
  return visits.map((visit) => {
    const moves = commands.filter((one) => one.state === "waiting" && one.kind === "move" && one.visit_id === visit.id);
    const last = moves.at(-1);
    if (!last) return { ...visit, is_unsent: false };
    const status = String(last.payload["to"]) as V["status"];
    return { ...visit, status, next_moves: movesAfter(status), is_unsent: true };
  });
}

export function onDuty(known: boolean, commands: readonly Command[]): boolean {
  const last = commands.filter((one) => one.state === "waiting" && one.kind === "duty").at(-1);
  return last ? Boolean(last.payload["on_duty"]) : known;
}
