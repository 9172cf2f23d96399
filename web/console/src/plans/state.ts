// Which plan is looked at, and how the board would look with it.
import { setQuery, usePlace } from "@firstfix/shared/router";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fetchDifference, fetchPlans, fetchPolicies } from "../api";
import type { Board } from "../state";
import { type Preview, previewOf } from "./preview";

export const RUNNING = ["requested", "solving"];
const ON_ITS_WAY = [...RUNNING, "approved"];

export const showPlan = (id: string | null): void => setQuery({ panel: "plans", plan: id, show: null });

export const leavePlan = (): void => setQuery({ plan: null, show: null });

export function usePlans(territoryId: string) {
  return useQuery({
    queryKey: ["plan", "list", territoryId],
    queryFn: () => fetchPlans(territoryId),
    refetchInterval: ({ state }) =>
      state.data?.newest.some((plan) => plan.kind === "draft" && ON_ITS_WAY.includes(plan.status)) ? 2_000 : 30_000,
  });
}

export function usePolicies() {
  return useQuery({ queryKey: ["policies"], queryFn: fetchPolicies });
}

export function useDifference(id: string | null) {
  return useQuery({
    queryKey: ["plan", "difference", id],
    queryFn: () => fetchDifference(id!),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && ON_ITS_WAY.includes(state.data.status) ? 1_500 : false),
  });
}

/** The board with the draft of the link on it; null when there is none that waits. */
export function usePreview(board: Board): (Preview & { isShown: boolean }) | null {
  const { query } = usePlace();
  const { data } = useDifference(query.get("plan"));
  const isShown = query.get("show") !== "before";
  return useMemo(
    () => (data?.status === "drafted" && data.difference ? { ...previewOf(board, data), isShown } : null),
    [board, data, isShown],
  );
}
