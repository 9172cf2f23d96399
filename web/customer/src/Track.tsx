// Following a visit: its state, its window, who comes, and where they are while on the way.
import { openLive } from "@firstfix/shared/api/live";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { reasonWord, useWords } from "@firstfix/shared/i18n/words";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { clockTime, dayName } from "@firstfix/shared/time";
import { Button, Failure, LongText, Notice, Waiting } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { askAgain, cancel, fetchTrack, queries, session } from "./api";
import { StepHead, stepsNamed } from "./booking/steps";
import { whenWords } from "./Home";
import { kilometres, PositionMap } from "./PositionMap";
import { Rating } from "./Rating";
import { shownStatus, type Track as Tracked } from "./types";
import { type TextKey, useTexts } from "./words";
import { Windows } from "./Windows";

export function Track({ id }: { id: string }) {
  const { query } = usePlace();
  useLiveVisit();
  const { data, error, refetch } = useQuery({ queryKey: ["track", id], queryFn: () => fetchTrack(id), refetchInterval: 20_000 });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} onRetry={() => void askAgain("track", id)} />;
  const choosing = query.get("choose") !== null && (data.moves.can_book || data.moves.can_reschedule);
  return choosing ? <Choosing visit={data} /> : <Following visit={data} />;
}

function useLiveVisit(): void {
  useEffect(() => {
    const refresh = (): void => void queries.invalidateQueries({ queryKey: ["track"] });
    return openLive({ url: "/api/stream", session, onEvent: refresh, onResync: refresh, onState: () => {} });
  }, []);
}

function Choosing({ visit }: { visit: Tracked }) {
  const t = useTexts();
  const steps = stepsNamed(usePlace().query.get("steps"));
  const tell = useTell();
  const { locale } = useLocale();
  const isBooked = visit.moves.can_reschedule;
  const leave = (): void => setQuery({ choose: null, steps: null });
  const when = whenWords(visit, locale);
  const done = (words: TextKey): void => {
    tell(t(words));
    leave();
    void queries.invalidateQueries();
  };
  return (
    <>
      <StepHead name="when" steps={steps} />
      <p>{visit.title}</p>
      {isBooked && when && <p className="soft">{t("when.current", { when })}</p>}
      <Windows visitId={visit.id} zone={visit.site.time_zone} isBooked={isBooked} onDone={done} />
      <Button kind="quiet" onClick={leave}>
        {isBooked ? t("cancel.keep") : t("when.later_decide")}
      </Button>
    </>
  );
}

const STAGES = ["booked", "confirmed", "en_route", "on_site", "done"] as const;
const STAGE_OF: Record<string, number> = {
  unscheduled: -1, scheduled: 0, dispatched: 1, accepted: 1, en_route: 2, on_site: 3, in_progress: 3, paused: 3, completed: 4,
};

function Stages({ status }: { status: string }) {
  const t = useTexts();
  const reached = STAGE_OF[status];
  if (reached === undefined) return null;
  return (
    <ol className="stages">
      {STAGES.map((stage, i) => (
        <li key={stage} data-state={i < reached || status === "completed" ? "past" : i === reached ? "now" : "future"} aria-current={i === reached ? "step" : undefined}>
          {t(`stage.${stage}`)}
        </li>
      ))}
    </ol>
  );
}

function Following({ visit }: { visit: Tracked }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const name = visit.technician?.name ?? t("track.somebody");
  const when = whenWords(visit, locale);
  const zoned = { locale, zone: visit.site.time_zone };
  const status = shownStatus(visit);
  const isOpen = !["completed", "incomplete", "cancelled"].includes(visit.status);
  return (
    <>
      <header className="stack tight">
        <h1 aria-live="polite">{t(`track.title.${status}` as TextKey, { name })}</h1>
        <p className="soft">{visit.work_order_number}</p>
      </header>
      <Stages status={status} />
      {visit.confirm_by && visit.status === "unscheduled" && (
        <Notice tone="warn">{t("track.to_confirm", { when: `${dayName(visit.confirm_by, zoned)}, ${clockTime(visit.confirm_by, zoned)}` })}</Notice>
      )}
      {visit.was_not_confirmed && visit.moves.can_book && <Notice tone="warn">{t("track.not_confirmed")}</Notice>}
      {visit.at_risk && isOpen && !visit.was_not_confirmed && <Notice tone="warn">{t("track.at_risk")}</Notice>}
      {visit.incomplete_reason && <Notice tone="warn">{t("track.incomplete", { reason: reasonWord(w, visit.incomplete_reason) })}</Notice>}
      {visit.moves.can_rate && <Rating visitId={visit.id} />}
      {visit.csat !== null && <Notice tone="ok">{t("rate.thanks", { count: visit.csat })}</Notice>}
      <OnTheWay visit={visit} />
      <dl className="card facts">
        {(when || status === "unscheduled") && (
          <Fact title={t("track.window")} words={when ?? t("track.no_window")} isStrong />
        )}
        <Fact title={t("track.who")} words={visit.technician?.name ?? t("track.who.later")} />
        <Fact title={t("track.where")} words={visit.site.address} />
        <Fact title={t("track.what")} words={[visit.title, visit.description].filter(Boolean).join("\n")} />
      </dl>
      <Moves visit={visit} />
    </>
  );
}

function Fact({ title, words, isStrong = false }: { title: string; words: string; isStrong?: boolean }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd className={isStrong ? "strong" : undefined}>{words}</dd>
    </div>
  );
}

function OnTheWay({ visit }: { visit: Tracked }) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone: visit.site.time_zone };
  if (!visit.position && !visit.eta) return null;
  return (
    <section className="card stack">
      {visit.eta && (
        <p className="strong">
          {t("track.eta", { from: clockTime(visit.eta.earliest, zoned), to: clockTime(visit.eta.latest, zoned) })}
        </p>
      )}
      {visit.position && (
        <>
          <PositionMap site={visit.site} technician={visit.position} />
          <p className="soft">
            {t("track.distance", {
              distance: kilometres(visit.site, visit.position).toFixed(1),
              time: clockTime(visit.position.at, zoned),
            })}
          </p>
        </>
      )}
    </section>
  );
}

function Moves({ visit }: { visit: Tracked }) {
  const t = useTexts();
  const tell = useTell();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const { can_book, can_reschedule, can_cancel } = visit.moves;
  const send = async (): Promise<void> => {
    await cancel(visit.id, reason);
    tell(t("cancel.done"));
    await queries.invalidateQueries();
  };
  return (
    <section className="stack">
      {can_book && (
        <Button kind="primary" size="big" onClick={() => setQuery({ choose: "1" })}>
          {t("do.book")}
        </Button>
      )}
      {can_reschedule && (
        <>
          <p className="soft small">{t("track.prepare")}</p>
          <p className="soft small">{t("track.rules")}</p>
          <Button size="big" onClick={() => setQuery({ choose: "1" })}>
            {t("do.reschedule")}
          </Button>
        </>
      )}
      {can_cancel && (
        <Button kind="danger" size="big" onClick={() => setAsking(true)}>
          {t("do.cancel_visit")}
        </Button>
      )}
      {asking && (
        <FormDialog title={t("cancel.title")} submit={t("do.cancel_visit")} tone="danger" onClose={() => setAsking(false)} onSubmit={send}>
          <LongText label={t("cancel.reason")} value={reason} onChange={setReason} />
        </FormDialog>
      )}
    </section>
  );
}
