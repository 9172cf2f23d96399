// A rule in a form: what it watches, on what further conditions, what follows; tried on stored history before it is kept.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { Button, Choice, Field, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchWorkTypes, queries } from "../api";
import { changeRule, createRule, type DryRun, type NewRule, type Rule, tryRule } from "./api";
import { Conditions } from "./Conditions";
import { DryRunResult } from "./DryRunResult";
import { EMPTY, plain, withMeasure } from "./rule";
import { useWatchTexts, type WatchKey } from "./words";

interface EditProps {
  rule: Rule | null;
  zone: string;
  onClose: () => void;
  onSaved: (rule: Rule) => void;
}

export function EditRule({ rule, zone, onClose, onSaved }: EditProps) {
  const t = useWatchTexts();
  const tell = useTell();
  const [wanted, setWanted] = useState<NewRule>(rule ? plain(rule) : EMPTY);
  const set = (changes: Partial<NewRule>): void => setWanted((now) => ({ ...now, ...changes }));
  const send = async (): Promise<void> => {
    const saved = await (rule ? changeRule(rule, wanted) : createRule(wanted));
    tell(t("done.rule"));
    await queries.invalidateQueries({ queryKey: ["rules"] });
    onSaved(saved);
  };
  return (
    <FormDialog title={rule ? t("rule.edit", { name: rule.name }) : t("rules.new")} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      <Field label={t("rule.name")} required maxLength={200} value={wanted.name} onChange={(event) => set({ name: event.target.value })} />
      <Watches rule={wanted} onChange={setWanted} />
      <Conditions rule={wanted} zone={zone} onChange={setWanted} />
      <Follows rule={wanted} set={set} />
      <TryOut rule={wanted} zone={zone} />
    </FormDialog>
  );
}

const MEASURES = ["value", "rate", "silence"] as const;
const OPS = ["gt", "ge", "lt", "le"] as const;

interface PartProps {
  rule: NewRule;
  onChange: (rule: NewRule) => void;
}

function Watches({ rule, onChange }: PartProps) {
  const t = useWatchTexts();
  const set = (changes: Partial<NewRule>): void => onChange({ ...rule, ...changes });
  const measures = rule.measure === "model" ? (["model"] as const) : MEASURES;
  return (
    <fieldset className="stack">
      <legend>{t("rule.watches")}</legend>
      <Choice
        label={t("rule.measure")}
        value={rule.measure ?? "value"}
        onChange={(measure) => onChange(withMeasure(rule, measure as (typeof MEASURES)[number]))}
        options={measures.map((one) => [one, t(`measure.${one}` as WatchKey)] as const)}
      />
      <Field label={t("rule.metric")} hint={t("rule.metric.hint")} required pattern="[a-z][a-z0-9_.\/\-]*" value={rule.metric} onChange={(event) => set({ metric: event.target.value })} />
      {rule.measure === "silence" ? (
        <Field label={t("rule.silent")} type="number" min={1} required value={rule.threshold / 60} onChange={(event) => set({ threshold: Number(event.target.value) * 60, clear_threshold: Math.min(3600, Number(event.target.value) * 60) })} />
      ) : (
        <>
          {rule.measure === "rate" && (
            <Field label={t("rule.over")} type="number" min={1} required value={(rule.rate_seconds ?? 0) / 60} onChange={(event) => set({ rate_seconds: Number(event.target.value) * 60 })} />
          )}
          <Choice label={t("rule.op")} value={rule.op ?? "gt"} onChange={(op) => set({ op: op as NewRule["op"] })} options={OPS.map((one) => [one, t(`op.${one}` as WatchKey)] as const)} />
          <div className="pair">
            <Field label={t(rule.measure === "rate" ? "rule.limit.rate" : "rule.limit")} type="number" step="any" required value={rule.threshold} onChange={(event) => set({ threshold: Number(event.target.value) })} />
            <Field label={t("rule.clear")} type="number" step="any" required value={rule.clear_threshold} onChange={(event) => set({ clear_threshold: Number(event.target.value) })} />
          </div>
        </>
      )}
      <Field label={t("rule.model_of")} hint={t("rule.model_of.hint")} value={rule.model ?? ""} onChange={(event) => set({ model: event.target.value || null })} />
    </fieldset>
  );
}

const SEVERITIES = ["info", "warning", "critical"] as const;
const DANGERS = ["none", "gas", "co", "electrical"] as const;
const DEFAULTS = ["open_work_order", "book", "close"] as const;

function Follows({ rule, set }: { rule: NewRule; set: (changes: Partial<NewRule>) => void }) {
  const t = useWatchTexts();
  const workTypes = useQuery({ queryKey: ["work-types"], queryFn: fetchWorkTypes }).data ?? [];
  return (
    <fieldset className="stack">
      <legend>{t("rule.follows")}</legend>
      <Field label={t("alert.class")} hint={t("rule.class.hint")} required maxLength={80} value={rule.fault_class} onChange={(event) => set({ fault_class: event.target.value })} />
      <div className="pair">
        <Choice label={t("alert.severity")} value={rule.severity ?? "warning"} onChange={(value) => set({ severity: value as NewRule["severity"] })} options={SEVERITIES.map((one) => [one, t(`severity.${one}`)] as const)} />
        <Choice label={t("rule.danger")} value={rule.danger ?? "none"} onChange={(value) => set({ danger: value as NewRule["danger"] })} options={DANGERS.map((one) => [one, t(`danger.${one}`)] as const)} />
      </div>
      <Choice label={t("rule.work")} required value={rule.work_type_code} onChange={(value) => set({ work_type_code: value })} options={[["", t("choose")], ...workTypes.map((one) => [one.code, one.name] as const)]} />
      <details className="stack tight">
        <summary>{t("rule.more")}</summary>
        <Choice label={t("rule.answer")} value={rule.no_answer ?? "open_work_order"} onChange={(value) => set({ no_answer: value as NewRule["no_answer"] })} options={DEFAULTS.map((one) => [one, t(`no_answer.${one}`)] as const)} />
        <div className="pair">
          <Field label={t("rule.answer.minutes")} type="number" min={1} required value={rule.answer_minutes ?? 240} onChange={(event) => set({ answer_minutes: Number(event.target.value) })} />
          <Field label={t("rule.response.hours")} type="number" min={1} required value={rule.response_hours ?? 48} onChange={(event) => set({ response_hours: Number(event.target.value) })} />
          <Field label={t("rule.floor.pct")} type="number" min={0} max={100} required value={Math.round((rule.precision_floor ?? 0) * 100)} onChange={(event) => set({ precision_floor: Number(event.target.value) / 100 })} />
          <Field label={t("rule.budget.week")} type="number" min={0} value={rule.weekly_budget ?? ""} onChange={(event) => set({ weekly_budget: event.target.value === "" ? null : Number(event.target.value) })} />
        </div>
      </details>
    </fieldset>
  );
}

function TryOut({ rule, zone }: { rule: NewRule; zone: string }) {
  const t = useWatchTexts();
  const w = useWords();
  const [days, setDays] = useState(30);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<{ rule: NewRule; days: number; run: DryRun } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const run = (): void => {
    setBusy(true);
    setProblem(null);
    tryRule(rule, days)
      .then((run) => setTried({ rule, days, run }), (error: unknown) => (setTried(null), setProblem(failureWords(w, error))))
      .finally(() => setBusy(false));
  };
  const isReady = rule.name !== "" && rule.metric !== "" && rule.fault_class !== "" && rule.work_type_code !== "" && rule.measure !== "model";
  return (
    <fieldset className="stack">
      <legend>{t("try")}</legend>
      <div className="row wrap">
        <Choice label={t("try.days")} value={String(days)} onChange={(value) => setDays(Number(value))} options={[7, 30, 92].map((one) => [String(one), t("days", { count: one })] as const)} />
        <Button busy={busy} disabled={!isReady} onClick={run}>{t("try.do")}</Button>
      </div>
      {!isReady && <span className="soft small">{t(rule.measure === "model" ? "try.model" : "try.first")}</span>}
      {problem && <Notice tone="danger">{problem}</Notice>}
      {tried && <DryRunResult {...tried} zone={zone} />}
    </fieldset>
  );
}
