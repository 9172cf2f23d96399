// The rules that watch readings: the list, one rule in words, and the way to change it.
import { setQuery, usePlace } from "@firstfix/shared/router";
import { minutesText } from "@firstfix/shared/time";
import { Badge, Button, Empty, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchWorkTypes } from "../api";
import type { Territory } from "../types";
import { changeRule, fetchRules, type Rule, trustRule } from "./api";
import { EditRule } from "./EditRule";
import { Facts, ListAndOne, Loaded, SEVERITY, useNumber, useRun, useSentence } from "./pieces";
import { hoursWords, kindsOf, plain } from "./rule";
import { useWatchTexts, type WatchKey } from "./words";

export function Rules({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const id = usePlace().query.get("item");
  const [isNew, setNew] = useState(false);
  const rules = useQuery({ queryKey: ["rules", "all"], queryFn: fetchRules });
  const chosen = rules.data?.find((one) => one.id === id);
  const list = (
    <>
      <p className="soft small">{t("rules.hint")}</p>
      <div>
        <Button kind="primary" onClick={() => setNew(true)}>{t("rules.new")}</Button>
      </div>
      <Loaded of={rules} lines={6}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("rules.none")}>{t("rules.none.more")}</Empty>
          ) : (
            all.map((one) => <Line key={one.id} rule={one} isChosen={one.id === id} />)
          )
        }
      </Loaded>
      {isNew && <EditRule rule={null} zone={territory.time_zone} onClose={() => setNew(false)} onSaved={(made) => setQuery({ item: made.id })} />}
    </>
  );
  return <ListAndOne list={list} chosen={chosen && <One key={chosen.id} rule={chosen} zone={territory.time_zone} />} />;
}

function Line({ rule, isChosen }: { rule: Rule; isChosen: boolean }) {
  const t = useWatchTexts();
  return (
    <button type="button" className="pick" aria-pressed={isChosen} onClick={() => setQuery({ item: rule.id })}>
      <span className="row spread">
        <strong className="card-title">{rule.name}</strong>
        <Badge tone={SEVERITY[rule.severity] ?? "neutral"}>{t(`severity.${rule.severity}` as WatchKey)}</Badge>
      </span>
      <span className="soft small">{kindsOf(rule).map((kind) => t(`kind.${kind}` as WatchKey)).join(", ")}</span>
      <span className="row wrap small">
        {!rule.active && <Badge>{t("rules.off")}</Badge>}
        {rule.standing === "triage" && <Badge tone="warn">{t("alerts.triage")}</Badge>}
        {rule.danger !== "none" && <Badge tone="danger">{t(`danger.${rule.danger}` as WatchKey)}</Badge>}
      </span>
    </button>
  );
}

function One({ rule, zone }: { rule: Rule; zone: string }) {
  const t = useWatchTexts();
  const sentence = useSentence();
  const number = useNumber();
  const workTypes = useQuery({ queryKey: ["work-types"], queryFn: fetchWorkTypes }).data ?? [];
  const { busy, run } = useRun("rules");
  const [isEditing, setEditing] = useState(false);
  const minutes = (seconds: number): string => t("minutes", { count: Math.round(seconds / 60) });
  const limit = (op: string, value: number): string => `${t(`op.${op}` as WatchKey)} ${number(value, 3)}`;
  const metric = rule.metric.replaceAll("_", " ");
  const main = {
    value: `${metric} ${limit(rule.op, rule.threshold)}`,
    rate: t("rule.rate", { metric, limit: limit(rule.op, rule.threshold), minutes: Math.round(rule.rate_seconds / 60) }),
    silence: t("rule.silence", { metric, minutes: Math.round(rule.threshold / 60) }),
    model: t("rule.model", { metric, name: rule.model_name ?? "" }),
  }[rule.measure];
  return (
    <>
      <h2>{rule.name}</h2>
      {rule.standing === "triage" && (
        <Notice tone="warn">
          <span>{sentence((rule.standing_reason?.["words"] ?? null) as Record<string, string> | null) || t("rules.triage")}</span>
          <div>
            <Button busy={busy} onClick={() => run(() => trustRule(rule.id), t("done.trusted"))}>{t("rules.trust")}</Button>
          </div>
        </Notice>
      )}
      <div className="row wrap">
        <Button kind="primary" onClick={() => setEditing(true)}>{t("rules.change")}</Button>
        <Button busy={busy} onClick={() => run(() => changeRule(rule, { ...plain(rule), active: !rule.active }), t(rule.active ? "done.off" : "done.on"))}>
          {t(rule.active ? "rules.switch_off" : "rules.switch_on")}
        </Button>
      </div>
      <Facts
        rows={[
          [t("rule.fires"), main],
          rule.duration_seconds > 0 && [t("kind.duration"), t("rule.lasts", { minutes: minutes(rule.duration_seconds) })],
          rule.repeat_times > 1 && [t("kind.repetition"), t("rule.repeats", { times: rule.repeat_times, minutes: minutes(rule.repeat_seconds) })],
          rule.hours !== null && [t("kind.schedule"), hoursWords(rule.hours, t)],
          ...rule.companions.map((one) => [t("kind.across"), `${String(one["metric"]).replaceAll("_", " ")} ${limit(String(one["op"]), Number(one["threshold"]))}`] as const),
          rule.measure === "value" && [t("rule.clears"), `${t(`op.clear.${rule.op === "gt" || rule.op === "ge" ? "up" : "down"}` as WatchKey)} ${number(rule.clear_threshold, 3)}`],
          [t("rule.where"), rule.model ?? t("rule.everywhere")],
          [t("alert.class"), rule.fault_class.replaceAll("_", " ")],
          [t("rule.work"), workTypes.find((one) => one.code === rule.work_type_code)?.name ?? rule.work_type_code],
          [t("rule.answer"), `${t(`no_answer.${rule.no_answer}` as WatchKey)} (${minutesText(rule.answer_minutes)})`],
          [t("rule.response"), t("hours", { count: rule.response_hours })],
          [t("rule.floor"), `${number(rule.precision_floor * 100, 0)} %`],
          rule.weekly_budget !== null && [t("rule.budget"), number(rule.weekly_budget)],
        ]}
      />
      {isEditing && <EditRule rule={rule} zone={zone} onClose={() => setEditing(false)} onSaved={() => undefined} />}
    </>
  );
}
