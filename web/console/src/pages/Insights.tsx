// How long work takes, and how promises were kept.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { minutesText } from "@firstfix/shared/time";
import { Badge, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { maybe, useTexts } from "../words";
import { fetchArrivals, fetchDurations } from "./api";

export function Insights({ territory }: { territory: Territory }) {
  return (
    <div className="page-columns">
      <Promises territory={territory} />
      <Durations />
    </div>
  );
}

function Promises({ territory }: { territory: Territory }) {
  const t = useTexts();
  const number = useNumber();
  const { data, error, refetch } = useQuery({ queryKey: ["arrivals", territory.id], queryFn: () => fetchArrivals(territory.id) });
  const isMet = data?.kept_pct != null && data.kept_pct >= data.goal_low_pct;
  return (
    <section className="stack">
      <h2>{t("insights.promises")}</h2>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={5} />)}
      {data && data.promised === 0 && <Empty title={t("insights.promises.none")}>{t("insights.promises.none.more")}</Empty>}
      {data && data.promised > 0 && (
        <Notice tone={isMet ? "ok" : "warn"}>
          <strong className="figure">{t("insights.kept", { pct: number(data.kept_pct) })}</strong>
          <span>{t("insights.kept.of", { kept: data.kept, promised: data.promised, days: data.days })}</span>
          <span className="small">{t("insights.between", { low: number(data.low_pct), high: number(data.high_pct) })}</span>
          <span className="small">{t("insights.goal", { low: number(data.goal_low_pct), high: number(data.goal_high_pct) })}</span>
          <span className="small">{t("insights.missed", { late: data.late, early: data.early })}</span>
        </Notice>
      )}
      {data && (
        <>
          <h3>{t("insights.windows")}</h3>
          <p className="soft small">{t("insights.windows.hint")}</p>
          {data.errors.length === 0 ? (
            <Empty title={t("insights.windows.none")}>{t("insights.windows.none.more")}</Empty>
          ) : (
            <div className="scroll">
              <table className="money">
                <thead>
                  <tr>
                    <th scope="col">{t("insights.when")}</th>
                    <th scope="col">{t("insights.usual")}</th>
                    <th scope="col">{t("insights.latest")}</th>
                    <th scope="col">{t("insights.width")}</th>
                    <th scope="col">{t("insights.arrivals")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.errors.map((one) => (
                    <tr key={one.hours + one.position}>
                      <th scope="row">
                        {maybe(t, "hours", one.hours)}, {maybe(t, "position", one.position)}
                      </th>
                      <td>{t("insights.minutes", { count: number(one.usual_minutes) })}</td>
                      <td>{t("insights.minutes", { count: number(one.late_minutes) })}</td>
                      <td>{t("hours", { count: one.window_hours })}</td>
                      <td>{one.arrivals}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function Durations() {
  const t = useTexts();
  const usually = (usual: number, rare: number | null): string =>
    t("minutes", { usual: minutesText(Math.round(usual)), rare: minutesText(Math.round(rare ?? usual)) });
  const number = useNumber();
  const { data, error, refetch } = useQuery({ queryKey: ["durations"], queryFn: fetchDurations });
  return (
    <section className="stack">
      <h2>{t("insights.durations")}</h2>
      <p className="soft small">{t("insights.durations.hint")}</p>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />)}
      {data?.mode === "off" && <Notice>{t("insights.durations.off")}</Notice>}
      {data && (
        <div className="scroll">
          <table className="money">
            <thead>
              <tr>
                <th scope="col">{t("insights.work")}</th>
                <th scope="col">{t("insights.standard")}</th>
                <th scope="col">{t("insights.learned")}</th>
                <th scope="col">{t("insights.sure")}</th>
              </tr>
            </thead>
            <tbody>
              {data.work_types.map((one) => (
                <tr key={one.work_type_id}>
                  <th scope="row">{one.name}</th>
                  <td>{usually(one.standard_minutes, one.standard_p80_minutes)}</td>
                  <td>
                    {one.p50_minutes === null ? (
                      <Badge>{t("insights.too_few")}</Badge>
                    ) : (
                      usually(one.p50_minutes, one.p80_minutes)
                    )}
                  </td>
                  <td>
                    {one.p50_minutes !== null &&
                      t("insights.sure.between", { low: number(one.low_minutes), high: number(one.high_minutes), count: one.visits })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && data.access.length > 0 && (
        <>
          <h3>{t("insights.access")}</h3>
          <ul className="bullets">
            {data.access.map((one) => (
              <li key={one.territory_id}>
                {one.territory}: {usually(one.p50_minutes, one.p80_minutes)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function useNumber(): (value: number | null) => string {
  const { locale } = useLocale();
  return (value) => (value === null ? "–" : new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value));
}
