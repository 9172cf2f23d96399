// Times that can be kept, held for the caller, confirmed while talking.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { addDays, clockTime, dayName, isoDay, money, timeRange } from "@firstfix/shared/time";
import { bestFirst } from "@firstfix/shared/windows";
import { Badge, Button, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { Countdown } from "@firstfix/shared/ui/countdown";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { askForDate, confirmHold, fetchTentative, fetchWindows, holdWindow, queries, refreshBoard } from "../api";
import type { OfficeWindow, TentativeWindow } from "../types";
import { type TextKey, useTexts } from "../words";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { isGone } from "./Intake";

const DAYS = 3;

export interface Booked {
  start: string;
  end: string;
  /** Until then the customer knows whether somebody comes; without it the time is sure. */
  confirm_by?: string;
}

interface WhenProps {
  opened: { visitId: string; number: string };
  zone: string;
  onBooked: (window: Booked) => void;
  onLeave: () => void;
}

export function When({ opened, zone, onBooked, onLeave }: WhenProps) {
  const t = useTexts();
  const w = useWords();
  const [from, setFrom] = useState(isoDay(businessNow(), zone));
  const [held, setHeld] = useState<{ window: OfficeWindow; until: string } | null>(null);
  const [gone, setGone] = useState<unknown>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const windows = useQuery({ queryKey: ["windows", opened.visitId, from], queryFn: () => fetchWindows(opened.visitId, from, DAYS) });
  const tentative = useQuery({
    queryKey: ["windows", opened.visitId, from, "tentative"],
    queryFn: () => fetchTentative(opened.visitId, from, DAYS),
  });
  const { best, others } = bestFirst(windows.data ?? []);
  const offered = [...best, ...others];
  const expired = useCallback(() => {
    setHeld(null);
    void queries.invalidateQueries({ queryKey: ["windows"] });
  }, []);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    setGone(null);
    try {
      await work();
    } catch (failure) {
      if (isGone(failure)) (setGone(failure), expired());
      else setError(failure);
    } finally {
      setBusy(false);
      refreshBoard();
    }
  };
  const hold = (window: OfficeWindow): void =>
    void attempt(async () => setHeld({ window, until: await holdWindow(opened.visitId, window) }));
  const confirm = (): void =>
    void attempt(async () => {
      await confirmHold(opened.visitId);
      if (held) onBooked(held.window);
    });
  const ask = (window: TentativeWindow): void =>
    void attempt(async () => {
      await askForDate(opened.visitId, window);
      onBooked(window);
    });
  return (
    <section className="stack">
      <h3>{t("intake.windows")}</h3>
      {held && (
        <Notice tone="accent">
          <HeldFor until={held.until} onEnd={expired} />
          <Button kind="primary" busy={busy} onClick={confirm}>
            {t("intake.confirm")}
          </Button>
        </Notice>
      )}
      {gone !== null && <Notice tone="warn">{failureWords(w, gone)}</Notice>}
      {windows.error && !windows.data ? <Failure error={windows.error} onRetry={() => void windows.refetch()} /> : null}
      {windows.isPending && <Skeleton lines={4} />}
      {windows.data?.length === 0 && <Empty title={t("intake.windows.none")}>{t("intake.windows.none.more")}</Empty>}
      <ul className="stack tight windows">
        {offered.map((window) => (
          <WindowRow key={window.start + window.end} window={window} zone={zone} isHeld={held?.window.start === window.start} onHold={() => hold(window)} busy={busy} />
        ))}
      </ul>
      {!held && !!tentative.data?.length && (
        <>
          <h3>{t("intake.tentative")}</h3>
          <p className="soft small">{t("intake.tentative.hint")}</p>
          <ul className="stack tight windows">
            {tentative.data.map((window) => (
              <TentativeRow key={window.start} window={window} zone={zone} onAsk={() => ask(window)} busy={busy} />
            ))}
          </ul>
        </>
      )}
      <Failure error={error} />
      <div className="row spread">
        <Button onClick={() => setFrom(addDays(from, DAYS))}>{t("intake.more_days")}</Button>
        <Button kind="quiet" onClick={onLeave}>
          {t("intake.leave")}
        </Button>
      </div>
    </section>
  );
}

function HeldFor({ until, onEnd }: { until: string; onEnd: () => void }) {
  const t = useTexts();
  const [before, after] = t("intake.held", { left: "\u0000" }).split("\u0000");
  return (
    <p role="timer">
      {before}
      <Countdown until={until} onEnd={onEnd} />
      {after}
    </p>
  );
}

interface WindowRowProps {
  window: OfficeWindow;
  zone: string;
  isHeld: boolean;
  busy: boolean;
  onHold: () => void;
}

function WindowRow({ window, zone, isHeld, busy, onHold }: WindowRowProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  return (
    <li>
      <button type="button" className="pick row spread" aria-pressed={isHeld} disabled={busy} onClick={onHold}>
        <span>
          <strong>{dayName(window.start, zoned)}</strong> {timeRange(window.start, window.end, zoned)}
        </span>
        <span className="row small">
          {window.cost_cents !== undefined && <span className="soft">{money(window.cost_cents, "EUR", locale)}</span>}
          <Badge tone={window.grade === "best" ? "ok" : "neutral"}>{t(`intake.grade.${window.grade}` as TextKey)}</Badge>
        </span>
      </button>
    </li>
  );
}

interface TentativeRowProps {
  window: TentativeWindow;
  zone: string;
  busy: boolean;
  onAsk: () => void;
}

function TentativeRow({ window, zone, busy, onAsk }: TentativeRowProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  const by = `${dayName(window.confirm_by, zoned)}, ${clockTime(window.confirm_by, zoned)}`;
  return (
    <li>
      <button type="button" className="pick row spread" disabled={busy} onClick={onAsk}>
        <span>
          <strong>{dayName(window.start, zoned)}</strong> {timeRange(window.start, window.end, zoned)}
        </span>
        <span className="row small">
          <span className="soft">{t("intake.tentative.chance", { pct: window.chance_pct })}</span>
          <Badge tone="warn">{t("intake.tentative.by", { when: by })}</Badge>
        </span>
      </button>
    </li>
  );
}
