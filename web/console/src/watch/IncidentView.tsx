// One incident: its cause, whom it concerns, storm mode, and what each customer gets.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { clockTime, dayAndTime } from "@firstfix/shared/time";
import { Badge, Button } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { closeIncident, fetchIncident, type Incident, type IncidentMember } from "./api";
import { Chart } from "./Chart";
import { Loaded, SEVERITY, useRun } from "./pieces";
import { Remedies } from "./Remedies";
import { StormMode } from "./StormMode";
import { useWatchTexts, type WatchKey } from "./words";

export function IncidentView({ id, territory }: { id: string; territory: Territory }) {
  const t = useWatchTexts();
  const page = useQuery({ queryKey: ["incidents", "one", id], queryFn: () => fetchIncident(id) });
  return (
    <Loaded of={page} lines={8}>
      {({ incident, members, chart }) => (
        <>
          <Head incident={incident} zone={territory.time_zone} />
          <StormMode incident={incident} territory={territory} />
          <Members members={members} zone={territory.time_zone} />
          {chart.length > 1 && (
            <Chart title={t("incident.chart")} steps zone={territory.time_zone} points={[{ device_id: "", ts: chart[0]!.at, value: 0 }, ...chart.map((point) => ({ device_id: "", ts: point.at, value: point.open_alerts }))]} />
          )}
          <Remedies incident={incident} />
        </>
      )}
    </Loaded>
  );
}

function Head({ incident, zone }: { incident: Incident; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { busy, run } = useRun("incidents", "alerts");
  return (
    <>
      <h2>{incident.fault_class.replaceAll("_", " ")}</h2>
      <p>
        {t(`cause.${incident.cause}` as WatchKey, { model: incident.model ?? "" })}{" "}
        {t("incident.since", { at: dayAndTime(incident.opened_at, { locale, zone }), count: incident.open_alerts, all: incident.alerts })}
      </p>
      {incident.status !== "closed" && incident.status !== "storm" && (
        <div>
          <Button busy={busy} onClick={() => run(() => closeIncident(incident.id), t("done.closed"))}>{t("do.close_incident")}</Button>
        </div>
      )}
    </>
  );
}

function Members({ members, zone }: { members: IncidentMember[]; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const customers = new Set(members.map((one) => one.customer_id)).size;
  return (
    <>
      <h3>{t("incident.customers", { count: customers })}</h3>
      <div className="scroll">
        <table className="money told">
          <thead>
            <tr>
              <th scope="col">{t("alert.customer")}</th>
              <th scope="col">{t("alert.asset")}</th>
              <th scope="col">{t("alert.severity")}</th>
              <th scope="col">{t("alert.since")}</th>
              <th scope="col">{t("alert.state")}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <button type="button" className="link" onClick={() => setQuery({ page: "alerts", item: one.id })}>{one.customer_name}</button>
                </th>
                <td>{one.asset_name}</td>
                <td><Badge tone={SEVERITY[one.severity] ?? "neutral"}>{t(`severity.${one.severity}` as WatchKey)}</Badge></td>
                <td>{clockTime(one.opened_at, { locale, zone })}</td>
                <td>{t(`status.${one.status}` as WatchKey)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
