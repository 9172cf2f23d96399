// Plans that wait for a decision, in words.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, dayAndTime } from "@firstfix/shared/time";
import { useCallback } from "react";
import type { ChangeSeat, Plan, PlanDifference } from "../types";
import { maybe, useTexts } from "../words";

type Named = Pick<Plan, "kind" | "trigger">;

/** What kind of plan it is and why it was made. */
export function useTitle(): (plan: Named) => string {
  const t = useTexts();
  return useCallback(
    ({ kind, trigger }) => {
      if (kind === "improvement") return t("plans.improvement");
      return t(kind === "repair" ? "plans.repair" : "plans.draft", { why: maybe(t, "trigger", trigger) });
    },
    [t],
  );
}

/** "Aylin, Tue 10:30"; who and when, or that nobody has it. */
export function useSeatWords(zone: string): (seats: ChangeSeat[], plan: PlanDifference, near?: string) => string {
  const t = useTexts();
  const { locale } = useLocale();
  return (seats, plan, near) => {
    const [first] = seats;
    if (!first) return t("visit.nobody");
    const names = seats.map((seat) => plan.technicians[seat.technician_id] ?? "").join(", ");
    const isSameDay = near !== undefined && near.slice(0, 10) === first.starts_at.slice(0, 10);
    const time = (isSameDay ? clockTime : dayAndTime)(first.starts_at, { locale, zone });
    return t("explain.at", { name: names, time });
  };
}
