// The further conditions of a rule: lasting, repeated, at certain hours, together with other metrics.
import { Button, Choice, Field } from "@firstfix/shared/ui/controls";
import type { NewRule } from "./api";
import { type Kind, withKind } from "./rule";
import { useWatchTexts, type WatchKey } from "./words";

interface PartProps {
  rule: NewRule;
  zone: string;
  onChange: (rule: NewRule) => void;
}

export function Conditions({ rule, zone, onChange }: PartProps) {
  const t = useWatchTexts();
  const isSilence = rule.measure === "silence";
  const kinds: [Kind, boolean][] = [
    ["duration", (rule.duration_seconds ?? 0) > 0],
    ["repetition", (rule.repeat_times ?? 1) > 1],
    ["schedule", rule.hours != null],
    ["across", (rule.companions ?? []).length > 0],
  ];
  const offered = kinds.filter(([kind]) => !isSilence || kind === "schedule");
  const parts = { duration: Lasting, repetition: Repeated, schedule: Hours, across: Together } as Record<Kind, typeof Lasting>;
  return (
    <fieldset className="stack">
      <legend>{t("rule.only")}</legend>
      {offered.map(([kind, isOn]) => {
        const Part = parts[kind];
        return (
          <div key={kind} className="stack tight">
            <label className="check">
              <input type="checkbox" checked={isOn} onChange={(event) => onChange(withKind(rule, kind, event.target.checked, zone))} />
              {t(`only.${kind}` as WatchKey)}
            </label>
            {isOn && <Part rule={rule} zone={zone} onChange={onChange} />}
          </div>
        );
      })}
    </fieldset>
  );
}

function Lasting({ rule, onChange }: PartProps) {
  const t = useWatchTexts();
  return (
    <Field label={t("only.minutes")} type="number" min={1} required value={(rule.duration_seconds ?? 0) / 60} onChange={(event) => onChange({ ...rule, duration_seconds: Math.max(1, Number(event.target.value)) * 60 })} />
  );
}

function Repeated({ rule, onChange }: PartProps) {
  const t = useWatchTexts();
  return (
    <div className="pair">
      <Field label={t("only.times")} type="number" min={2} max={100} required value={rule.repeat_times ?? 2} onChange={(event) => onChange({ ...rule, repeat_times: Math.max(2, Number(event.target.value)) })} />
      <Field label={t("only.within")} type="number" min={1} required value={(rule.repeat_seconds ?? 0) / 60} onChange={(event) => onChange({ ...rule, repeat_seconds: Number(event.target.value) * 60 })} />
    </div>
  );
}

function Hours({ rule, onChange }: PartProps) {
  const t = useWatchTexts();
  const hours = rule.hours!;
  const toggle = (day: number): void => {
    const days = hours.days.includes(day) ? hours.days.filter((one) => one !== day) : [...hours.days, day].toSorted();
    if (days.length > 0) onChange({ ...rule, hours: { ...hours, days } });
  };
  return (
    <>
      <div className="row wrap" role="group" aria-label={t("only.days")}>
        {[0, 1, 2, 3, 4, 5, 6].map((day) => (
          <label key={day} className="row">
            <input type="checkbox" checked={hours.days.includes(day)} onChange={() => toggle(day)} />
            {t(`weekday.${day}` as WatchKey)}
          </label>
        ))}
      </div>
      <div className="pair">
        <Field label={t("only.from")} type="time" required value={hours.start} onChange={(event) => onChange({ ...rule, hours: { ...hours, start: event.target.value } })} />
        <Field label={t("only.to")} type="time" required value={hours.end} onChange={(event) => onChange({ ...rule, hours: { ...hours, end: event.target.value } })} />
      </div>
    </>
  );
}

const OPS = ["gt", "ge", "lt", "le"] as const;
const MOST = 5;

function Together({ rule, onChange }: PartProps) {
  const t = useWatchTexts();
  const companions = rule.companions ?? [];
  const set = (index: number, changes: Partial<(typeof companions)[number]>): void =>
    onChange({ ...rule, companions: companions.map((one, place) => (place === index ? { ...one, ...changes } : one)) });
  return (
    <>
      {companions.map((one, index) => (
        <div key={index} className="card stack tight">
          <Field label={t("rule.metric")} required value={one.metric} onChange={(event) => set(index, { metric: event.target.value })} />
          <Choice label={t("rule.op")} value={one.op ?? "gt"} onChange={(op) => set(index, { op: op as (typeof OPS)[number] })} options={OPS.map((op) => [op, t(`op.${op}` as WatchKey)] as const)} />
          <div className="pair">
            <Field label={t("rule.limit")} type="number" step="any" required value={one.threshold} onChange={(event) => set(index, { threshold: Number(event.target.value) })} />
            <Field label={t("rule.clear")} type="number" step="any" required value={one.clear_threshold} onChange={(event) => set(index, { clear_threshold: Number(event.target.value) })} />
          </div>
          {companions.length > 1 && (
            <div>
              <Button onClick={() => onChange({ ...rule, companions: companions.filter((_, place) => place !== index) })}>{t("remove")}</Button>
            </div>
          )}
        </div>
      ))}
      {companions.length < MOST && (
        <div>
          <Button onClick={() => onChange({ ...rule, companions: [...companions, { metric: "", op: "gt", threshold: 0, clear_threshold: 0 }] })}>{t("only.another")}</Button>
        </div>
      )}
    </>
  );
}
