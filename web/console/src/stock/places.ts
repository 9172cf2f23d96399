// Places where parts lie, as one word each: "depot:ID", "van:ID", or "" for the store of no place.
import type { Place } from "./api";

export const placeKey = ({ technician_id, depot_id }: { technician_id?: string | null; depot_id?: string | null }): string =>
  depot_id ? `depot:${depot_id}` : technician_id ? `van:${technician_id}` : "";

export function placeOf(key: string): Place {
  const [kind, id] = key.split(":");
  if (kind === "depot" && id) return { depot_id: id };
  return kind === "van" && id ? { technician_id: id } : {};
}

/** Opening hours of a week as one span a day, Monday first; null where it is closed. */
export type Week = ([from: string, to: string] | null)[];

const DAYS = 7;

export function weekOf(weekly: unknown[]): Week {
  if (weekly.length === 0) return Array.from({ length: DAYS }, () => ["00:00", "24:00"]);
  return Array.from({ length: DAYS }, (_, day) => {
    const spans = (weekly[day] ?? []) as [string, string][];
    return spans.length === 0 ? null : [spans[0]![0], spans.at(-1)![1]];
  });
}

/** Whether a day has a break, which one span a day cannot show. */
export const hasBreaks = (weekly: unknown[]): boolean => weekly.some((spans) => Array.isArray(spans) && spans.length > 1);

export function weeklyOf(week: Week): [string, string][][] {
  if (week.every((span) => span?.[0] === "00:00" && span[1] === "24:00")) return [];
  return week.map((span) => (span ? [span] : []));
}
