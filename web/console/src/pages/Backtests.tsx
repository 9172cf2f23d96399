// Trying a policy on days that are over: asking, progress, and the figures with their intervals.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { addDays, isoDay } from "@firstfix/shared/time";
import { Button, Empty, Failure, Field, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { maybe, useTexts } from "../words";
import { type Backtest, fetchBacktest, fetchBacktests, type Figure, type Policy, requestBacktest } from "./api";

const DAYS = 7;

export function Backtests({ policy, territory }: { policy: Policy; territory: Territory }) {
  const t = useTexts();
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["backtests", policy.id],
    queryFn: () => fetchBacktests(policy.id),
    refetchInterval: ({ state }) => (state.data?.[0]?.status === "running" ? 3_000 : false),
  });
  const last = data?.[0];
  return (
    <section className="stack">
      <h3>{t("backtest")}</h3>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={4} />)}
      {data && !last && <Empty title={t("backtest.none")}>{t("backtest.none.more")}</Empty>}
      {last?.status === "running" && <Running backtest={last} />}
      {last?.status === "failed" && <Notice tone="warn">{last.message ?? t("backtest.failed")}</Notice>}
      {last?.status === "done" && <Result backtest={last} />}
      <div>
        <Button disabled={last?.status === "running"} onClick={() => setAsking(true)}>{t("backtest.do")}</Button>
      </div>
      {isAsking && <Ask policy={policy} territory={territory} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Ask({ policy, territory, onClose }: { policy: Policy; territory: Territory; onClose: () => void }) {
  const t = useTexts();
  const today = isoDay(businessNow(), territory.time_zone);
  const [from, setFrom] = useState(addDays(today, -DAYS));
  const [to, setTo] = useState(addDays(today, -1));
  const send = async (): Promise<void> => {
    await requestBacktest(policy.id, territory.id, from, to);
    void queries.invalidateQueries({ queryKey: ["backtests"] });
  };
  return (
    <FormDialog title={t("backtest.do")} submit={t("backtest.start")} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("backtest.hint")}</p>
      <Field label={t("plans.from")} type="date" required max={today} value={from} onChange={(event) => setFrom(event.target.value)} />
      <Field label={t("backtest.to")} type="date" required min={from} max={today} value={to} onChange={(event) => setTo(event.target.value)} />
    </FormDialog>
  );
}

function Running({ backtest }: { backtest: Backtest }) {
  const t = useTexts();
  const { data } = useQuery({
    queryKey: ["backtests", "one", backtest.id],
    queryFn: () => fetchBacktest(backtest.id),
    refetchInterval: 3_000,
  });
  const whole = Math.round((Date.parse(backtest.to_day) - Date.parse(backtest.from_day)) / 86_400_000) + 1;
  const done = data?.days.length ?? 0;
  return (
    <Notice>
      <span>{t("backtest.running", { done, whole })}</span>
      <progress value={done} max={whole} aria-label={t("backtest")} />
    </Notice>
  );
}

function Result({ backtest }: { backtest: Backtest }) {
  const t = useTexts();
  const { locale } = useLocale();
  const result = backtest.result;
  if (!result) return null;
  const number = (value: number | null | undefined): string =>
    value == null ? "–" : new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  const between = (figure: Figure | undefined): string =>
    figure?.low == null ? number(figure?.value) : t("backtest.between", { value: number(figure.value), low: number(figure.low), high: number(figure.high) });
  return (
    <div className="scroll">
      <table className="money">
        <caption>{t("backtest.of", { from: backtest.from_day, to: backtest.to_day, count: result.days })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("backtest.figure")}</th>
            <th scope="col">{t("backtest.actual")}</th>
            <th scope="col">{t("backtest.active")}</th>
            <th scope="col">{t("backtest.candidate")}</th>
            <th scope="col">{t("backtest.change")}</th>
          </tr>
        </thead>
        <tbody>
          {Object.keys(result.arms["candidate"] ?? {}).map((name) => (
            <tr key={name}>
              <th scope="row">{maybe(t, "metric", name)}</th>
              <td>{number(result.arms["actual"]?.[name]?.value)}</td>
              <td>{number(result.arms["active"]?.[name]?.value)}</td>
              <td>{number(result.arms["candidate"]?.[name]?.value)}</td>
              <td>{between(result.differences["candidate-active"]?.[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft small">{t("backtest.sure")}</p>
    </div>
  );
}
