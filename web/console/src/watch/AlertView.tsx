// One alert: why it is there, what is done about it and why, the readings, and its story.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { businessNow } from "@firstfix/shared/clock";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Notice } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchOrder } from "../api";
import type { Territory } from "../types";
import { Due } from "./Alerts";
import { acknowledgeAlert, type Alert, approveAlert, fetchAlert, fetchEvidence, openOrderOf } from "./api";
import { Chart } from "./Chart";
import { useDecision } from "./decision";
import { DismissDialog, LaterDialog, SilenceDialog } from "./dialogs";
import { Facts, Loaded, SEVERITY, useNumber, useRun, useSentence } from "./pieces";
import { Steps } from "./Steps";
import { Story } from "./Story";
import { useWatchTexts, type WatchKey } from "./words";

export function AlertView({ id, territory }: { id: string; territory: Territory }) {
  const alert = useQuery({ queryKey: ["alerts", "one", id], queryFn: () => fetchAlert(id) });
  return (
    <Loaded of={alert} lines={8}>
      {(found) => <One alert={found} territory={territory} />}
    </Loaded>
  );
}

function One({ alert, territory }: { alert: Alert; territory: Territory }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const at = (moment: string): string => dayAndTime(moment, { locale, zone: territory.time_zone });
  const failsAt = alert.predicted_minutes === null ? null : Date.parse(alert.opened_at) + alert.predicted_minutes * 60_000;
  return (
    <>
      <h2>{alert.rule_name}: {alert.asset_name}</h2>
      <div className="row wrap">
        <Badge tone={SEVERITY[alert.severity] ?? "neutral"}>{t(`severity.${alert.severity}` as WatchKey)}</Badge>
        <Badge tone={alert.status === "cleared" ? "ok" : "accent"}>{t(`status.${alert.status}` as WatchKey)}</Badge>
        {alert.danger !== "none" && <Badge tone="danger">{t(`danger.${alert.danger}` as WatchKey)}</Badge>}
        {alert.due_at && alert.status !== "cleared" && <Due at={alert.due_at} />}
      </div>
      <Actions alert={alert} territory={territory} />
      <Decision alert={alert} at={at} />
      <Steps alert={alert} zone={territory.time_zone} />
      <Evidence alert={alert} zone={territory.time_zone} />
      <Facts
        rows={[
          [t("alert.customer"), alert.customer_name],
          [t("alert.since"), at(alert.opened_at)],
          alert.last_seen_at !== null && [t("alert.last_seen"), at(alert.last_seen_at)],
          alert.due_at !== null && [t("alert.due"), at(alert.due_at)],
          [t("alert.delay"), t("alert.delay.day", { price: money(alert.delay_cost_cents_per_day, alert.currency, locale) })],
          failsAt !== null && [t("alert.fails"), at(new Date(failsAt).toISOString())],
          [t("alert.class"), alert.fault_class.replaceAll("_", " ")],
          alert.work_order_id !== null && [t("alert.order"), <OrderLink key="order" alert={alert} />],
        ]}
      />
      <Curve alert={alert} zone={territory.time_zone} />
      <h3>{t("story")}</h3>
      <Story id={alert.id} zone={territory.time_zone} />
    </>
  );
}

/** What is decided about it, why, and what comes next. */
function Decision({ alert, at }: { alert: Alert; at: (moment: string) => string }) {
  const t = useWatchTexts();
  const { tone, sentences } = useDecision(alert, at);
  return (
    <Notice tone={tone}>
      <strong>{t("decision")}</strong>
      {sentences.map((sentence) => (
        <span key={sentence}>{sentence}</span>
      ))}
    </Notice>
  );
}

function Evidence({ alert, zone }: { alert: Alert; zone: string }) {
  const t = useWatchTexts();
  const sentence = useSentence();
  const evidence = useQuery({ queryKey: ["alerts", "evidence", alert.id], queryFn: () => fetchEvidence(alert.id), refetchInterval: alert.cleared_at ? false : 60_000 });
  return (
    <>
      <h3>{t("evidence")}</h3>
      <Loaded of={evidence} lines={6}>
        {(found) => {
          const limits = [
            ...(found.limit === null ? [] : [{ value: found.limit, words: t("evidence.limit") }]),
            ...(found.clear_limit === null || found.clear_limit === found.limit ? [] : [{ value: found.clear_limit, words: t("evidence.clear") }]),
          ];
          const until = found.cleared_at ?? new Date(businessNow()).toISOString();
          return (
            <>
              <p>{sentence(found.words)}</p>
              {found.points.length === 0 ? (
                <Empty title={t("evidence.none")}>{t("evidence.none.more")}</Empty>
              ) : (
                <Chart
                  title={t("evidence.chart", { metric: found.metric.replaceAll("_", " ") })}
                  points={found.points}
                  zone={zone}
                  limits={limits}
                  spans={{ words: t("evidence.span"), of: [{ from: found.fired_at, to: until }] }}
                />
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

const HORIZONS = [24, 72, 168];

/** Enough points to be drawn. */
const FEWEST_DRAWN = 3;

/** The forecast drawn with its range of eight in ten, and in words at a day, three days and a week. */
function Curve({ alert, zone }: { alert: Alert; zone: string }) {
  const t = useWatchTexts();
  const number = useNumber();
  const curve = alert.failure_curve as { hours?: number[]; probability?: number[] } | null;
  if (!curve?.hours?.length) return null;
  const chance = (hours: number): number | undefined => curve.probability?.[curve.hours!.findLastIndex((one) => one <= hours)];
  const momentAt = (hours: number): string => new Date(Date.parse(alert.opened_at) + hours * 3_600_000).toISOString();
  const points = curve.hours.map((hours, i) => ({ device_id: "", ts: momentAt(hours), value: 100 * (curve.probability?.[i] ?? 0) }));
  const first = points.find((point) => point.value >= 10);
  const last = points.at(-1)!;
  return (
    <>
      {points.length >= FEWEST_DRAWN && first && (
        <Chart title={t("curve.chart")} points={points} zone={zone} spans={{ words: t("curve.span", { pct: Math.round(last.value - first.value) }), of: [{ from: first.ts, to: last.ts }] }} />
      )}
      <table className="money">
        <caption>{t("curve")}</caption>
        <tbody>
          {HORIZONS.filter((hours) => chance(hours) !== undefined).map((hours) => (
            <tr key={hours}>
              <th scope="row">{t("curve.within", { count: hours / 24 })}</th>
              <td>{number(chance(hours)! * 100, 0)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function OrderLink({ alert }: { alert: Alert }) {
  const w = useWords();
  const tell = useTell();
  const open = (): void =>
    void fetchOrder(alert.work_order_id!)
      .then(({ visits }) => setQuery({ page: null, item: null, panel: null, visit: visits[0]?.id ?? null }))
      .catch((error: unknown) => tell(failureWords(w, error)));
  return <button type="button" className="link" onClick={open}>{alert.work_order_number}</button>;
}

const DIALOGS = { later: LaterDialog, silence: SilenceDialog, dismiss: DismissDialog };

function Actions({ alert, territory }: { alert: Alert; territory: Territory }) {
  const t = useWatchTexts();
  const { busy, run } = useRun("alerts");
  const [asking, setAsking] = useState<keyof typeof DIALOGS | null>(null);
  const Ask = asking && DIALOGS[asking];
  if (alert.status === "cleared") return null;
  const may = (to: Alert["status"]): boolean => alert.moves.includes(to);
  return (
    <div className="row wrap moves">
      {alert.triage_reason && <Button kind="primary" busy={busy} onClick={() => run(() => approveAlert(alert.id), t("done.approved"))}>{t("do.approve")}</Button>}
      {may("acknowledged") && (
        <Button kind={alert.triage_reason ? "plain" : "primary"} busy={busy} onClick={() => run(() => acknowledgeAlert(alert.id), t("done.acknowledged"))}>{t("do.acknowledge")}</Button>
      )}
      {!alert.work_order_id && <Button busy={busy} onClick={() => run(() => openOrderOf(alert.id), t("done.order"))}>{t("do.order")}</Button>}
      {may("snoozed") && <Button onClick={() => setAsking("later")}>{t("do.later")}</Button>}
      {alert.danger === "none" && <Button onClick={() => setAsking("silence")}>{t("do.silence")}</Button>}
      <Button onClick={() => setAsking("dismiss")}>{t("do.dismiss")}</Button>
      {Ask && <Ask alert={alert} zone={territory.time_zone} onClose={() => setAsking(null)} />}
    </div>
  );
}
