// Alerts of the territory: the gravest open one first, and the one that is looked at.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { dayAndTime, money, shortSpan } from "@firstfix/shared/time";
import { Badge, Empty } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Territory } from "../types";
import { AlertView } from "./AlertView";
import { type Alert, fetchAlerts } from "./api";
import { Calls } from "./Calls";
import { ListAndOne, Loaded, SEVERITY, Tabs } from "./pieces";
import { Raised, useRaised } from "./Raised";
import { useWatchTexts, type WatchKey } from "./words";

const FILTERS = ["open", "raised", "calls", "triage", "quiet", "ended"] as const;
type Filter = (typeof FILTERS)[number];

const GRAVITY = ["critical", "warning", "info"];

/** Danger first, then by severity, then the most urgent. */
function byGravity(a: Alert, b: Alert): number {
  const rank = (one: Alert): number => (one.danger !== "none" ? -1 : GRAVITY.indexOf(one.severity));
  return rank(a) - rank(b) || (a.due_at ?? "9").localeCompare(b.due_at ?? "9");
}

const KEEPS: Record<Filter, (alert: Alert) => boolean> = {
  open: (one) => !one.quiet_reason,
  triage: (one) => one.triage_reason !== null,
  quiet: (one) => one.quiet_reason !== null || one.status === "snoozed",
  raised: () => false,
  calls: () => false,
  ended: () => true,
};

export function Alerts({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const { query } = usePlace();
  const [filter, setFilter] = useState<Filter>("open");
  const raised = useRaised(territory.id).data?.length ?? 0;
  const isEnded = filter === "ended";
  const alerts = useQuery({
    queryKey: ["alerts", territory.id, isEnded],
    queryFn: () => fetchAlerts(territory.id, isEnded),
    refetchInterval: 60_000,
  });
  const id = query.get("item");
  const list = (
    <>
      <Tabs label={t("alerts.filter")} value={filter} onChange={setFilter} tabs={FILTERS.map((key) => ({ key, words: t(`alerts.${key}` as WatchKey) + (key === "raised" && raised > 0 ? ` (${raised})` : "") }))} />
      {filter === "calls" && <Calls territory={territory} />}
      {filter === "raised" && <Raised territory={territory} />}
      {filter !== "calls" && filter !== "raised" && <Loaded of={alerts} lines={8}>
        {(all) => {
          const found = all.filter(KEEPS[filter]);
          const shown = isEnded ? found : found.toSorted(byGravity);
          if (shown.length === 0) return <Empty title={t(`alerts.${filter}.none` as WatchKey)}>{t(`alerts.${filter}.none.more` as WatchKey)}</Empty>;
          return shown.map((one) => <Line key={one.id} alert={one} isChosen={one.id === id} zone={territory.time_zone} />);
        }}
      </Loaded>}
    </>
  );
  return <ListAndOne list={list} chosen={id && <AlertView key={id} id={id} territory={territory} />} />;
}

function Line({ alert, isChosen, zone }: { alert: Alert; isChosen: boolean; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  return (
    <button type="button" className="pick" aria-pressed={isChosen} onClick={() => setQuery({ item: alert.id })}>
      <span className="row spread">
        <strong className="card-title">{alert.rule_name}</strong>
        <Badge tone={SEVERITY[alert.severity] ?? "neutral"}>{t(`severity.${alert.severity}` as WatchKey)}</Badge>
      </span>
      <span>{alert.asset_name} · {alert.customer_name}</span>
      <span className="row wrap small soft">
        {alert.danger !== "none" && <Badge tone="danger">{t(`danger.${alert.danger}` as WatchKey)}</Badge>}
        {alert.triage_reason && <Badge tone="warn">{t("alerts.triage")}</Badge>}
        {alert.cleared_at ? (
          <span>{t(`disposition.${alert.disposition}` as WatchKey)}, {dayAndTime(alert.cleared_at, { locale, zone })}</span>
        ) : (
          <>
            {alert.due_at && <Due at={alert.due_at} />}
            <span>{t("alerts.delay", { price: money(alert.delay_cost_cents_per_day, alert.currency, locale) })}</span>
          </>
        )}
      </span>
    </button>
  );
}

export function Due({ at }: { at: string }) {
  const t = useWatchTexts();
  const left = Date.parse(at) - useNow();
  return <Badge tone={left < 0 ? "danger" : left < 4 * 3_600_000 ? "warn" : "neutral"}>{t(left < 0 ? "due.over" : "due.in", { left: shortSpan(Math.abs(left)) })}</Badge>;
}
