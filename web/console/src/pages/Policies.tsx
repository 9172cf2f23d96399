// Planning rules: every version, what it would change, and putting one in force.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { Badge, Button, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { usePolicies } from "../plans/state";
import type { Territory } from "../types";
import { maybe, type TextKey, useTexts } from "../words";
import { activatePolicy, comparePolicy, type Policy, retirePolicy } from "./api";
import { Backtests } from "./Backtests";
import { EditRules } from "./EditRules";
import { OF_WORK_TYPE, shown, unitOf } from "./rules";

export function Policies({ territory }: { territory: Territory }) {
  const t = useTexts();
  const { query } = usePlace();
  const { data, error, refetch } = usePolicies();
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const here = data.filter((one) => one.territory_id === null || one.territory_id === territory.id);
  const inForce = here.find((one) => one.status === "active" && one.territory_id) ?? here.find((one) => one.status === "active");
  const chosen = here.find((one) => one.id === query.get("policy")) ?? inForce;
  return (
    <div className="page-columns list-first">
      <section className="stack">
        <p className="soft small">{t("rules.hint")}</p>
        {here.length === 0 && <Empty title={t("rules.none")} />}
        {here.map((one) => (
          <button key={one.id} type="button" className="pick" aria-pressed={one.id === chosen?.id} onClick={() => setQuery({ policy: one.id })}>
            <strong>{t("plans.policy.version", { name: one.name, number: one.number })}</strong>
            <span className="row wrap small">
              <Badge tone={one.status === "active" ? "ok" : "neutral"}>{t(`policy.${one.status}` as TextKey)}</Badge>
              <span className="soft">{one.territory_id ? territory.name : t("rules.rest")}</span>
            </span>
            {one.note && <span className="soft small">{one.note}</span>}
          </button>
        ))}
      </section>
      {chosen && <Version key={chosen.id} policy={chosen} territory={territory} />}
    </div>
  );
}

function Version({ policy, territory }: { policy: Policy; territory: Territory }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const [isEditing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = (work: () => Promise<unknown>, done: TextKey): void => {
    setBusy(true);
    void work()
      .then(() => tell(t(done)))
      .catch((error: unknown) => tell(failureWords(w, error)))
      .finally(() => (setBusy(false), void queries.invalidateQueries({ queryKey: ["policies"] })));
  };
  return (
    <section className="stack">
      <h2>{t("plans.policy.version", { name: policy.name, number: policy.number })}</h2>
      <p className="soft small">{t("rules.made", { who: maybe(t, "actor", policy.made_by.split(":")[0]!), at: dayAndTime(policy.created_at, { locale, zone: territory.time_zone }) })}</p>
      <div className="row wrap">
        <Button kind="primary" onClick={() => setEditing(true)}>{t("rules.new")}</Button>
        {policy.status !== "active" && (
          <Button busy={busy} onClick={() => run(() => activatePolicy(policy.id), "rules.activated")}>{t("rules.activate")}</Button>
        )}
        {(policy.status === "draft" || (policy.status === "active" && policy.territory_id)) && (
          <Button busy={busy} onClick={() => run(() => retirePolicy(policy.id), "rules.retired")}>{t("rules.retire")}</Button>
        )}
      </div>
      {policy.status === "active" ? <Notice tone="ok">{t("rules.in_force")}</Notice> : <Difference policy={policy} />}
      <Backtests policy={policy} territory={territory} />
      {isEditing && (
        <EditRules
          policy={policy}
          onClose={() => setEditing(false)}
          onMade={(made) => {
            void queries.invalidateQueries({ queryKey: ["policies"] });
            setQuery({ policy: made.id });
          }}
        />
      )}
    </section>
  );
}

/** What would change if it were put in force. */
function Difference({ policy }: { policy: Policy }) {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["policies", "difference", policy.id], queryFn: () => comparePolicy(policy.id) });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />;
  if (data.length === 0) return <Notice>{t("rules.same")}</Notice>;
  return (
    <table className="money">
      <caption>{t("rules.difference")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("rules.rule")}</th>
          <th scope="col">{t("rules.this")}</th>
          <th scope="col">{t("plans.policy.in.force")}</th>
        </tr>
      </thead>
      <tbody>
        {data.map((one) => (
          <tr key={one.rule}>
            <th scope="row">{name(one.rule)}</th>
            <td>{words(one.rule, one.after)}</td>
            <td>{words(one.rule, one.before)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

  function name(rule: string): string {
    if (rule.startsWith("weights.")) return maybe(t, "term", rule.slice("weights.".length));
    if (rule.startsWith(OF_WORK_TYPE)) return t("rules.share.of", { work_type: rule.slice(OF_WORK_TYPE.length) });
    return maybe(t, "rule", rule);
  }

  function words(rule: string, value: unknown): string {
    const unit = unitOf(rule);
    if (value === null) return t(rule.startsWith("crowd_share_pct") ? "rules.any" : "rules.never");
    if (typeof value === "boolean") return t(value ? "rules.yes" : "rules.no");
    if (Array.isArray(value)) return value.map((one) => shown(Number(one), unit ?? "count")).join(" / ");
    if (typeof value !== "number" || unit === null) return maybe(t, rule === "crowd" ? "order" : "mode", String(value));
    return unit === "count" ? String(value) : `${shown(value, unit)} ${t(`unit.${unit}` as TextKey)}`;
  }
}
