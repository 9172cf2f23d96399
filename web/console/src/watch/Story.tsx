// What became of an alert, step by step: who or what moved it, when and why.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime } from "@firstfix/shared/time";
import { useQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../types";
import { maybe, useTexts, whyWords } from "../words";
import { fetchStory } from "./api";
import { Loaded } from "./pieces";
import { sayOr, useWatchTexts, type WatchKey } from "./words";

/** The columns that tell a story, and the catalogue of their values. */
const TOLD: Record<string, string> = {
  status: "status",
  severity: "severity",
  disposition: "disposition",
  triage_reason: "story.triage",
  quiet_reason: "story.quiet",
  remote_outcome: "story.remote",
  answer: "story.answer",
};

export function Story({ id, zone }: { id: string; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const story = useQuery({ queryKey: ["alerts", "story", id], queryFn: () => fetchStory(id) });
  return (
    <Loaded of={story} lines={3}>
      {(entries) => {
        const steps = entries.map((entry) => ({ entry, sentences: sentences(entry) })).filter((step) => step.sentences.length > 0);
        return (
          <ol className="stack tight history">
            {steps.map(({ entry, sentences: told }) => (
              <Step key={entry.id} entry={entry} sentences={told} zone={zone} />
            ))}
          </ol>
        );
      }}
    </Loaded>
  );

  function moved(change: unknown): string[] {
    const found = movedDates(change);
    if (!found) return [];
    if (found.isCalled) return [t("story.call")];
    return [found.due ? t("story.dates.due", { at: dayAndTime(found.due, { locale, zone }) }) : t("story.dates")];
  }

  function sentences(entry: AuditEntry): string[] {
    if (entry.action.toLowerCase() === "insert") return [t("story.opened")];
    return Object.entries(entry.changes).flatMap(([column, change]) => {
      const after = Array.isArray(change) ? change[1] : change;
      if (column === "work_order_id") return after ? [t("story.order")] : [];
      if (column === "order_dates") return moved(change);
      if (column === "escalation_level") return [t("story.unattended")];
      if (column === "answer_due_at") return after && !(Array.isArray(change) && change[0]) ? [t("story.asked")] : [];
      const prefix = TOLD[column];
      if (!prefix) return [];
      if (after === null) return column === "status" ? [] : [t(`story.${column}.over` as WatchKey)];
      return [t(`story.${column}` as WatchKey, { value: sayOr(t, prefix, String(after)) })];
    });
  }
}

/** Dates of the order that were changed later, not those it began with. */
function movedDates(change: unknown): { due: string | null; isCalled: boolean } | null {
  const [before, after] = (Array.isArray(change) ? change : [null, change]) as (Record<string, string> | null)[];
  if (!before || !after) return null;
  return { due: before["due_at"] === after["due_at"] ? null : (after["due_at"] ?? null), isCalled: before["called_about"] !== after["called_about"] };
}

function Step({ entry, sentences, zone }: { entry: AuditEntry; sentences: string[]; zone: string }) {
  const texts = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const who = maybe(texts, "actor", entry.actor.split(":")[0]!);
  return (
    <li className="stack tight">
      {sentences.map((sentence) => (
        <span key={sentence}>{sentence}</span>
      ))}
      {entry.why && <span className="soft">{whyWords(texts, w, entry.why)}</span>}
      <span className="soft small">{texts("audit.by", { who, time: dayAndTime(entry.at, { locale, zone }) })}</span>
    </li>
  );
}
