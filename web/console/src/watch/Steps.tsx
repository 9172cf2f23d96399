// How the customer is asked about an alert: what was tried, and what comes next.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, type Tone } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { type Alert, type AnswerStep, fetchAnswerSteps } from "./api";
import { useWatchTexts, type WatchKey } from "./words";

const TONES: Record<AnswerStep["status"], Tone> = { waiting: "accent", done: "ok", skipped: "neutral", paused: "warn", stopped: "neutral" };

/** Of the last question alone: earlier ones stand in the story. */
export function Steps({ alert, zone }: { alert: Alert; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { data = [] } = useQuery({ queryKey: ["alerts", "steps", alert.id], queryFn: () => fetchAnswerSteps(alert.id) });
  const last = Math.max(...data.map((step) => step.round));
  const steps = data.filter((step) => step.round === last);
  if (steps.length === 0) return null;
  const at = (step: AnswerStep): string => dayAndTime(step.done_at ?? step.due_at, { locale, zone });
  return (
    <>
      <h3>{t("ladder")}</h3>
      <ol className="stack tight">
        {steps.map((step) => (
          <li key={step.id} className="ladder-step">
            <span>
              {t(`ladder.${step.kind}` as WatchKey)}
              {step.channel && <span className="soft"> · {t(`way.${step.channel}` as WatchKey)}</span>}
            </span>
            <span>
              {step.status !== "stopped" && step.status !== "skipped" && <span className="soft small">{at(step)}</span>}
              <Badge tone={TONES[step.status]}>{t((step.stopped_by ? `ladder.stopped.${step.stopped_by}` : `ladder.${step.status}`) as WatchKey)}</Badge>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
