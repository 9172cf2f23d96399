// Customers who must be phoned about an alert: why, by when, who phones, and what came of it.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { clockTime, dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { Due } from "./Alerts";
import { type CallTask, fetchCalls, finishCall, takeCall } from "./api";
import { Loaded, useRun, useSentence } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

/** Danger first, then whoever has waited longest. */
const byDanger = (a: CallTask, b: CallTask): number =>
  Number(a.danger === "none") - Number(b.danger === "none") || a.due_at.localeCompare(b.due_at);

export function Calls({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const calls = useQuery({ queryKey: ["alerts", "calls", territory.id], queryFn: () => fetchCalls(territory.id, false), refetchInterval: 60_000 });
  return (
    <>
      <Loaded of={calls} lines={4}>
        {(all) => {
          if (all.length === 0) return <Empty title={t("calls.none")}>{t("calls.none.more")}</Empty>;
          return all.toSorted(byDanger).map((one) => <Call key={one.id} call={one} zone={territory.time_zone} />);
        }}
      </Loaded>
      <Made territory={territory} />
    </>
  );
}

/** What the latest calls brought, with what was noted. */
function Made({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { data = [] } = useQuery({ queryKey: ["alerts", "calls made", territory.id], queryFn: () => fetchCalls(territory.id, true), refetchInterval: 60_000 });
  if (data.length === 0) return null;
  const at = (moment: string): string => dayAndTime(moment, { locale, zone: territory.time_zone });
  return (
    <section className="stack tight" aria-label={t("calls.made")}>
      <h2 className="card-title">{t("calls.made")}</h2>
      {data.map((one) => (
        <button key={one.id} type="button" className="pick" onClick={() => setQuery({ item: one.alert_id })}>
          <span className="row wrap spread">
            <strong className="card-title">{one.customer_name}</strong>
            {one.outcome && <Badge tone={one.outcome === "not_reached" ? "warn" : "neutral"}>{t(`outcome.${one.outcome}` as WatchKey)}</Badge>}
          </span>
          {one.note && <q>{one.note}</q>}
          <span className="soft small">{[one.done_at && at(one.done_at), one.taken_by_name].filter(Boolean).join(" · ")}</span>
        </button>
      ))}
    </section>
  );
}

function Call({ call, zone }: { call: CallTask; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const { busy, run } = useRun("alerts");
  const [isTelling, setTelling] = useState(false);
  return (
    <div className="card stack tight">
      <span className="row wrap spread">
        <strong className="card-title">{call.customer_name}</strong>
        <span className="row">
          {call.danger !== "none" && <Badge tone="danger">{t(`danger.${call.danger}` as WatchKey)}</Badge>}
          <Due at={call.due_at} />
        </span>
      </span>
      <span>{sentence(call.words) || call.reason}</span>
      {call.taken_by_name && call.taken_at && (
        <span className="soft small">{t("call.taken", { name: call.taken_by_name, at: clockTime(call.taken_at, { locale, zone }) })}</span>
      )}
      {!call.customer_phone && <span className="soft small">{t("call.no_phone")}</span>}
      <span className="row wrap">
        {call.customer_phone && <a className="link" href={`tel:${call.customer_phone}`}>{call.customer_phone}</a>}
        <Button onClick={() => setQuery({ item: call.alert_id })}>{t("call.alert")}</Button>
        {!call.taken_by && <Button busy={busy} onClick={() => run(() => takeCall(call.id), t("done.taken"))}>{t("call.take")}</Button>}
        <Button kind="primary" onClick={() => setTelling(true)}>{t("call.done")}</Button>
      </span>
      {isTelling && <Outcome call={call} onClose={() => setTelling(false)} />}
    </div>
  );
}

function Outcome({ call, onClose }: { call: CallTask; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [outcome, setOutcome] = useState(call.outcomes[0] ?? "told");
  const [note, setNote] = useState("");
  const send = async (): Promise<void> => {
    await finishCall(call.id, outcome, note.trim());
    tell(t(`done.call.${outcome}` as WatchKey));
    void queries.invalidateQueries({ queryKey: ["alerts"] });
    if (outcome === "wants_visit") setQuery({ item: call.alert_id });
  };
  return (
    <FormDialog title={t("call.done.title", { name: call.customer_name })} submit={t("call.done.do")} onClose={onClose} onSubmit={send}>
      <Choice
        label={t("call.outcome")}
        value={outcome}
        onChange={(value) => setOutcome(value as CallTask["outcomes"][number])}
        options={call.outcomes.map((one) => [one, t(`outcome.${one}` as WatchKey)])}
      />
      {call.danger !== "none" && <p className="soft small">{t("call.danger")}</p>}
      <LongText label={t("note")} value={note} onChange={setNote} rows={2} />
    </FormDialog>
  );
}
