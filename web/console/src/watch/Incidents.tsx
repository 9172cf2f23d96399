// Incidents: alerts with a shared cause, the one that is looked at, and remedies that wait for one's decision.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { fetchIncidents } from "./api";
import { IncidentView } from "./IncidentView";
import { ListAndOne, Loaded, Tabs } from "./pieces";
import { useDecidable, Waiting } from "./Waiting";
import { useWatchTexts, type WatchKey } from "./words";

const FILTERS = ["open", "closed", "waiting"] as const;

export function Incidents({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { query } = usePlace();
  const wanted = query.get("tab");
  const filter = FILTERS.find((one) => one === wanted) ?? "open";
  const isClosed = filter === "closed";
  const waiting = useDecidable().data?.length ?? 0;
  const incidents = useQuery({ queryKey: ["incidents", isClosed], queryFn: () => fetchIncidents(isClosed), refetchInterval: 60_000 });
  const id = query.get("item");
  const list = (
    <>
      <Tabs label={t("incidents.filter")} value={filter} onChange={(tab) => setQuery({ tab, item: null })} tabs={FILTERS.map((key) => ({ key, words: t(`incidents.${key}`, { count: waiting }) }))} />
      {filter === "waiting" ? (
        <Waiting />
      ) : (
        <Loaded of={incidents} lines={6}>
          {(all) => {
            const here = all.filter((one) => one.territory_id === null || one.territory_id === territory.id);
            if (here.length === 0) return <Empty title={t(`incidents.${filter}.none` as WatchKey)}>{t("incidents.none.more")}</Empty>;
            return here.map((one) => (
              <button key={one.id} type="button" className="pick" aria-pressed={one.id === id} onClick={() => setQuery({ item: one.id })}>
                <span className="row spread">
                  <strong className="card-title">{one.fault_class.replaceAll("_", " ")}</strong>
                  <Badge tone={one.status === "storm" ? "danger" : one.status === "open" ? "warn" : "ok"}>{t(`incident.${one.status}` as WatchKey)}</Badge>
                </span>
                <span className="small">{t(`cause.${one.cause}` as WatchKey, { model: one.model ?? "" })}</span>
                <span className="soft small">
                  {t("incidents.count", { count: one.open_alerts, all: one.alerts })}, {dayAndTime(one.opened_at, { locale, zone: territory.time_zone })}
                </span>
              </button>
            ));
          }}
        </Loaded>
      )}
    </>
  );
  return <ListAndOne list={list} chosen={id && <IncidentView key={id} id={id} territory={territory} />} />;
}
