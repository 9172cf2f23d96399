// What is decided about an alert, and why, in sentences.
import type { Tone } from "@firstfix/shared/ui/controls";
import type { Alert } from "./api";
import { useWatchTexts, type WatchKey } from "./words";

export function useDecision(alert: Alert, at: (moment: string) => string): { tone: Tone; sentences: string[] } {
  const t = useWatchTexts();
  const said: (string | false)[] = [
    alert.disposition !== null && t("decision.ended", { how: t(`disposition.${alert.disposition}` as WatchKey), at: at(alert.cleared_at ?? alert.opened_at) }),
    alert.triage_reason !== null && t(`triage.${alert.triage_reason}` as WatchKey),
    alert.quiet_reason !== null && quiet(),
    alert.status === "snoozed" && alert.snoozed_until !== null && t("decision.snoozed", { at: at(alert.snoozed_until) }),
    alert.remote_outcome !== null && t(`remote.${alert.remote_outcome}` as WatchKey),
    alert.answer !== null && t(`answer.${alert.answer}` as WatchKey),
    alert.answer === null && alert.answer_due_at !== null && t("decision.asked", { at: at(alert.answer_due_at) }),
    alert.wished_start !== null && t("decision.wish", { at: at(alert.wished_start) }),
    alert.work_order_number !== null && t(alert.danger === "none" ? "decision.order" : "decision.order.danger", { number: alert.work_order_number }),
    alert.escalation_level > 0 && alert.status === "active" && t("decision.unattended", { count: alert.escalation_level }),
  ];
  const sentences = said.filter((one): one is string => one !== false);
  if (sentences.length === 0) sentences.push(t("decision.none"));
  return { tone: toneOf(alert), sentences };

  function quiet(): string {
    const why = t(`quiet.${alert.quiet_reason}` as WatchKey);
    return alert.quiet_until === null ? why : `${why} ${t("decision.quiet.until", { at: at(alert.quiet_until) })}`;
  }
}

function toneOf(alert: Alert): Tone {
  if (alert.status === "cleared") return "ok";
  if (alert.triage_reason !== null || alert.remote_outcome === "failed" || alert.escalation_level > 0) return "warn";
  return "accent";
}
