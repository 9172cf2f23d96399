// Choosing a time: windows that can be kept now, the best first; a hold with a countdown, then the promise.
// Below them, times that are confirmed later, said openly.
import { isProblem } from "@firstfix/shared/api/problem";
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { addDays, clockTime, dayName, isoDay, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { Countdown } from "@firstfix/shared/ui/countdown";
import { bestFirst } from "@firstfix/shared/windows";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { askForDate, confirm, fetchWindows, hold, queries, reschedule } from "./api";
import { useAttempt } from "./booking/Who";
import type { Held, Window } from "./types";
import { type TextKey, useTexts } from "./words";

const DAYS = 5;
/** Somebody else was faster; whose time it is now is nobody's business here. */
const GONE = ["window_taken", "time_taken", "technician_busy", "visit_taken"];

interface WindowsProps {
  visitId: string;
  zone: string;
  /** A booked visit is moved in one step; a new one is held, then confirmed. */
  isBooked: boolean;
  onDone: (words: TextKey) => void;
}

export function Windows({ visitId, zone, isBooked, onDone }: WindowsProps) {
  const t = useTexts();
  const w = useWords();
  const [from, setFrom] = useState(isoDay(businessNow(), zone));
  const [chosen, setChosen] = useState<Window | null>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const { busy, error, attempt } = useAttempt();
  const windows = useQuery({ queryKey: ["windows", visitId, from], queryFn: () => fetchWindows(visitId, from, DAYS), staleTime: 20_000 });
  const found = windows.data ?? [];
  const { best, others } = bestFirst(found.filter((window) => !window.confirm_by));
  const open = isBooked ? [] : found.filter((window) => window.confirm_by);
  const again = useCallback((words: string) => {
    setNote(words);
    setHeld(null);
    setChosen(null);
    void queries.invalidateQueries({ queryKey: ["windows"] });
  }, []);
  const expired = useCallback(() => again(t("when.expired")), [again, t]);
  const careful = (work: () => Promise<unknown>): void =>
    void attempt(async () => {
      setNote(null);
      await work().catch((failure: unknown) => {
        if (!isProblem(failure) || failure.status !== 409) throw failure;
        again(isProblem(failure, ...GONE) ? t("when.gone") : failureWords(w, failure));
      });
    });
  const choose = (window: Window): void => {
    setChosen(window);
    setHeld(null);
    if (!isBooked && !window.confirm_by) careful(async () => setHeld(await hold(visitId, window)));
  };
  const finish = (): void =>
    careful(async () => {
      if (isBooked) await reschedule(visitId, chosen!);
      else if (chosen!.confirm_by) await askForDate(visitId, chosen!);
      else await confirm(visitId);
      onDone(isBooked ? "when.moved" : chosen!.confirm_by ? "when.asked" : "booked");
    });
  return (
    <section className="stack">
      <p className="soft">{t("when.lead")}</p>
      {note && <Notice tone="warn">{note}</Notice>}
      {windows.error && !windows.data ? <Failure error={windows.error} onRetry={() => void windows.refetch()} /> : null}
      {windows.isPending && <Skeleton lines={6} />}
      {windows.data && best.length + open.length === 0 && <Empty title={t("when.none")}>{t("when.none.more")}</Empty>}
      {best.length > 0 && <h2>{t("when.best_title")}</h2>}
      <WindowList windows={best} zone={zone} chosen={chosen} onChoose={choose} />
      {best.length > 0 && others.length > 0 && <h2>{t("when.others_title")}</h2>}
      <WindowList windows={others} zone={zone} chosen={chosen} onChoose={choose} />
      {open.length > 0 && (
        <>
          <h2>{t("when.open_title")}</h2>
          <p className="soft">{t("when.open_lead")}</p>
          <WindowList windows={open} zone={zone} chosen={chosen} onChoose={choose} />
        </>
      )}
      <div className="row spread">
        <Button kind="quiet" disabled={from <= isoDay(businessNow(), zone)} onClick={() => setFrom(addDays(from, -DAYS))}>
          {t("when.earlier")}
        </Button>
        <Button kind="quiet" onClick={() => setFrom(addDays(from, DAYS))}>
          {t("when.later")}
        </Button>
      </div>
      <Failure error={error} />
      {chosen && (isBooked || held || chosen.confirm_by) && (
        <div className="thumb stack tight">
          {held && <HeldFor until={held.expires_at} onEnd={expired} />}
          <Button kind="primary" size="big" busy={busy} onClick={finish}>
            {t(isBooked ? "when.move" : chosen.confirm_by ? "when.ask" : "when.confirm")}
          </Button>
        </div>
      )}
    </section>
  );
}

export function HeldFor({ until, onEnd }: { until: string; onEnd: () => void }) {
  const t = useTexts();
  const [before, after] = t("when.held", { left: "\u0000" }).split("\u0000");
  return (
    <p className="held" role="timer">
      {before}
      <Countdown until={until} onEnd={onEnd} />
      {after}
    </p>
  );
}

interface WindowListProps {
  windows: readonly { start: string; end: string; grade?: string; reasons?: string[]; confirm_by?: string | null }[];
  zone: string;
  chosen: { start: string; end: string } | null;
  onChoose: (window: Window) => void;
}

export function WindowList({ windows, zone, chosen, onChoose }: WindowListProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  if (windows.length === 0) return null;
  return (
    <ul className="stack windows">
      {windows.map((window) => (
        <li key={window.start + window.end}>
          <button
            type="button"
            className="window row spread"
            aria-pressed={chosen?.start === window.start && chosen.end === window.end}
            onClick={() => onChoose({ grade: "ok", reasons: [], co2_grams: 0, ...window })}
          >
            <span className="stack tight">
              <strong>{dayName(window.start, zoned)}</strong>
              <span>{timeRange(window.start, window.end, zoned)}</span>
              {window.reasons && window.reasons.length > 0 && (
                <small className="soft">{window.reasons.map((reason) => t(`when.why.${reason}` as TextKey)).join(" · ")}</small>
              )}
            </span>
            {window.confirm_by ? (
              <Badge tone="warn">
                {t("when.sure_by", { when: `${dayName(window.confirm_by, zoned)}, ${clockTime(window.confirm_by, zoned)}` })}
              </Badge>
            ) : (
              window.grade && (
              <Badge tone={window.grade === "best" ? "ok" : "neutral"}>{t(`when.${window.grade}` as TextKey)}</Badge>
              )
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
