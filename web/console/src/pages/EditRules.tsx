// A new version of a policy: every rule with its unit, every weight.
import { Choice, Field as Input } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchWorkTypes } from "../api";
import { maybe, type TextKey, useTexts } from "../words";
import { createPolicy, type Policy, type Rules } from "./api";
import { type Field, GROUPS, kept, shown, withShare } from "./rules";

const MODES = ["day_before", "lead_time", "drip"] as const;
const ORDERS = ["in_house_first", "cheapest", "fastest"] as const;

export function EditRules({ policy, onClose, onMade }: { policy: Policy; onClose: () => void; onMade: (made: Policy) => void }) {
  const t = useTexts();
  const [rules, setRules] = useState<Rules>(policy.rules);
  const [note, setNote] = useState("");
  const send = async (): Promise<void> => onMade(await createPolicy(policy.name, policy.territory_id, note, rules));
  return (
    <FormDialog title={t("rules.edit", { name: policy.name })} submit={t("rules.make")} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("rules.edit.hint")}</p>
      <Input label={t("rules.note")} value={note} onChange={(event) => setNote(event.target.value)} />
      <Choice
        label={t("rule.mode")}
        value={rules.mode}
        onChange={(mode) => setRules({ ...rules, mode: mode as Rules["mode"] })}
        options={MODES.map((one) => [one, t(`mode.${one}` as TextKey)] as const)}
      />
      <Choice
        label={t("rule.crowd")}
        value={rules.crowd}
        onChange={(crowd) => setRules({ ...rules, crowd: crowd as Rules["crowd"] })}
        options={ORDERS.map((one) => [one, t(`order.${one}` as TextKey)] as const)}
      />
      {GROUPS.map(([group, fields]) => (
        <details key={group} className="stack tight" open={group === "dispatching"}>
          <summary>{t(`rules.${group}` as TextKey)}</summary>
          {fields.map((field) => (
            <RuleField key={field.key} field={field} rules={rules} onChange={setRules} />
          ))}
          {group === "crowd" && <SharesOfWork rules={rules} onChange={setRules} />}
        </details>
      ))}
      <details className="stack tight">
        <summary>{t("rules.weights")}</summary>
        {Object.entries(rules.weights).map(([term, pct]) => (
          <Input
            key={term}
            label={`${maybe(t, "term", term)} (%)`}
            type="number"
            min={0}
            max={10000}
            value={pct}
            onChange={(event) => setRules({ ...rules, weights: { ...rules.weights, [term]: Number(event.target.value) } })}
          />
        ))}
      </details>
    </FormDialog>
  );
}

/** What freelancers get of each kind of work at most. */
function SharesOfWork({ rules, onChange }: { rules: Rules; onChange: (rules: Rules) => void }) {
  const t = useTexts();
  const { data } = useQuery({ queryKey: ["work-types"], queryFn: fetchWorkTypes });
  const shares = rules.crowd_share_pct_by_work_type;
  return (
    <fieldset>
      <legend>{t("rule.crowd_share_pct_by_work_type")}</legend>
      <p className="soft small">{t("rule.crowd_share_pct_by_work_type.empty")}</p>
      {(data ?? []).map((type) => (
        <Input
          key={type.code}
          label={`${type.name} (%)`}
          type="number"
          min={0}
          max={100}
          value={shares[type.code] ?? ""}
          onChange={(event) => onChange({ ...rules, crowd_share_pct_by_work_type: withShare(shares, type.code, event.target.value) })}
        />
      ))}
    </fieldset>
  );
}

interface RuleFieldProps {
  field: Field;
  rules: Rules;
  onChange: (rules: Rules) => void;
}

function RuleField({ field, rules, onChange }: RuleFieldProps) {
  const t = useTexts();
  const value = rules[field.key];
  const label = `${t(`rule.${field.key}` as TextKey)} (${t(`unit.${field.unit}` as TextKey)})`;
  const set = (now: unknown): void => onChange({ ...rules, [field.key]: now });
  if (typeof value === "boolean")
    return (
      <label className="row">
        <input type="checkbox" checked={value} onChange={(event) => set(event.target.checked)} />
        {t(`rule.${field.key}` as TextKey)}
      </label>
    );
  if (Array.isArray(value))
    return (
      <fieldset>
        <legend>{label}</legend>
        <div className="row by-priority">
          {value.map((cents, index) => (
            <input
              key={index}
              className="input"
              type="number"
              min={0}
              step="any"
              required
              aria-label={t("rules.priority", { priority: index + 1 })}
              value={shown(cents, field.unit)}
              onChange={(event) => set(value.map((old, place) => (place === index ? (kept(event.target.value, field.unit) ?? 0) : old)))}
            />
          ))}
        </div>
      </fieldset>
    );
  return (
    <Input
      label={label}
      type="number"
      min={0}
      step="any"
      required={!field.mayBeEmpty}
      hint={field.mayBeEmpty ? t(`rule.${field.key}.empty` as TextKey) : undefined}
      value={shown(value, field.unit)}
      onChange={(event) => set(kept(event.target.value, field.unit) ?? (field.mayBeEmpty ? null : 0))}
    />
  );
}
