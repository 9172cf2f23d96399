// The board as the console shows it, fetched again whenever something changes.
import { isoDay } from "@firstfix/shared/time";
import { businessNow } from "@firstfix/shared/clock";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchBoard, fetchTerritories, fetchVisit } from "./api";
import type { BoardTechnician, BoardVisit, ServerBoard, Territory } from "./types";

export interface Board {
  territory: Territory;
  zone: string;
  day: string;
  dayStart: number;
  technicians: BoardTechnician[];
  visits: BoardVisit[];
  byTechnician: Map<string, BoardVisit[]>;
  unassigned: BoardVisit[];
  atRisk: BoardVisit[];
}

export function useTerritories() {
  return useQuery({ queryKey: ["territories"], queryFn: fetchTerritories, staleTime: 300_000 });
}

export function useBoard(territory: Territory | undefined, wantedDay: string | null) {
  const day = wantedDay ?? (territory ? isoDay(businessNow(), territory.time_zone) : "");
  return useQuery({
    queryKey: ["board", territory?.id, day],
    queryFn: async () => arrange(await fetchBoard(territory!.id, day), territory!),
    enabled: territory !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export function cardOf(card: ServerBoard["visits"][number]): BoardVisit {
  return {
    ...card,
    skills: card.skills.map((one) => ({ skill: String(one["skill"]), level: Number(one["level"] ?? 1) })),
  };
}

const OVER = ["completed", "incomplete", "cancelled"];

export function arrange(board: ServerBoard, territory: Territory): Board {
  const visits = board.visits.map(cardOf);
  const byId = new Map(visits.map((visit) => [visit.id, visit]));
  const listed = (ids: string[]): BoardVisit[] =>
    ids.flatMap((id) => byId.get(id) ?? []).filter((visit) => !OVER.includes(visit.status));
  return {
    territory,
    zone: board.territory.time_zone,
    day: board.day,
    dayStart: new Date(board.starts_at).getTime(),
    technicians: inOrder(board.technicians),
    visits,
    byTechnician: new Map(
      board.technicians.map((one) => [one.id, one.visit_ids.flatMap((id) => byId.get(id) ?? [])]),
    ),
    unassigned: listed(board.unassigned),
    atRisk: listed(board.at_risk),
  };
}

const EMPLOYMENT = ["in_house", "partner", "freelance"];

/** Own staff first, those with a shift first, then by name: rows keep their place all day. */
function inOrder(technicians: BoardTechnician[]): BoardTechnician[] {
  const rank = (one: BoardTechnician): number => EMPLOYMENT.indexOf(one.employment) * 2 + (one.shifts.length ? 0 : 1);
  return [...technicians].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** From the board when it is there, from the server when the link names a job of another day. */
export function useVisit(id: string, board: Board): { visit: BoardVisit | undefined; error: unknown; refetch: () => void } {
  const onBoard = board.visits.find((visit) => visit.id === id);
  const { data, error, refetch } = useQuery({
    queryKey: ["visit", id],
    queryFn: () => fetchVisit(id),
    enabled: onBoard === undefined,
  });
  return { visit: onBoard ?? (data && cardOf(data)), error, refetch: () => void refetch() };
}
