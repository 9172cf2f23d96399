// The conditions of a talent pool: each in words, one more at a time.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { money } from "@firstfix/shared/time";
import { Button, Choice, Field } from "@firstfix/shared/ui/controls";
import { useState } from "react";
import { useKindName, useKinds } from "../papers/api";
import { useTerritories } from "../state";
import type { Condition } from "./api";
import { useOfferTexts } from "./words";

type Kind = Condition["kind"];

/** Those that a form can make; the others come in over the API and are shown. */
const MADE_HERE = ["skill", "territory", "employment", "credential", "language", "rate", "jobs_done", "score"] as const satisfies readonly Kind[];
type Made = (typeof MADE_HERE)[number];

const CURRENCY = "EUR";

export function useMeaning(): (one: Condition) => string {
  const t = useOfferTexts();
  const { locale } = useLocale();
  const kindName = useKindName();
  const territories = useTerritories().data ?? [];
  return (one) => {
    switch (one.kind) {
      case "employment":
        return t("means.employment", { value: t(`of.${one.employment}`) });
      case "territory":
        return t("means.territory", { value: territories.find((place) => place.id === one.territory_id)?.name ?? "…" });
      case "skill":
        return t("means.skill", { value: one.skill.replaceAll("_", " "), level: one.level ?? 1 });
      case "credential":
        return t("means.credential", { value: kindName(one.credential) });
      case "language":
        return t("means.language", { value: one.language });
      case "rate":
        return t("means.rate", { value: money(one.at_most_cents, CURRENCY, locale) });
      case "jobs_done":
      case "score":
        return t(`means.${one.kind}`, { value: one.at_least });
      case "near":
        return t("means.near", { value: one.km });
      default:
        return t(`means.${one.kind}`);
    }
  };
}

export function Rule({ rule, onChange }: { rule: Condition[]; onChange: (rule: Condition[]) => void }) {
  const t = useOfferTexts();
  const meaning = useMeaning();
  return (
    <fieldset className="stack tight">
      <legend>{t("pool.rule")}</legend>
      <p className="soft small">{t("pool.rule.hint")}</p>
      {rule.map((one, place) => (
        <span key={`${place}:${meaning(one)}`} className="row spread">
          <span>{meaning(one)}</span>
          <Button size="icon" aria-label={t("pool.rule.out", { condition: meaning(one) })} onClick={() => onChange(rule.filter((_, at) => at !== place))}>×</Button>
        </span>
      ))}
      <Add onAdd={(one) => onChange([...rule, one])} />
    </fieldset>
  );
}

function Add({ onAdd }: { onAdd: (one: Condition) => void }) {
  const t = useOfferTexts();
  const kinds = useKinds().data ?? [];
  const territories = useTerritories().data ?? [];
  const [kind, setKind] = useState<Made>("skill");
  const [value, setValue] = useState("");
  const [level, setLevel] = useState("1");
  const choices: Partial<Record<Made, (readonly [string, string])[]>> = {
    employment: [["freelance", t("of.freelance")], ["partner", t("of.partner")]],
    territory: territories.map((one) => [one.id, one.name] as const),
    credential: kinds.map((one) => [one.kind, one.name] as const),
  };
  const options = choices[kind];
  const made = conditionOf(kind, value || (options?.[0]?.[0] ?? ""), Number(level));
  const isNumber = ["rate", "jobs_done", "score"].includes(kind);
  const add = (): void => {
    if (!made) return;
    onAdd(made);
    setValue("");
  };
  return (
    <div className="row wrap">
      <Choice label={t("pool.rule.kind")} value={kind} onChange={(next) => (setKind(next as Made), setValue(""))} options={MADE_HERE.map((one) => [one, t(`kind.${one}`)] as const)} />
      {options ? (
        <Choice label={t("pool.rule.value")} value={value || (options[0]?.[0] ?? "")} onChange={setValue} options={options} />
      ) : (
        <Field
          label={t(kind === "rate" ? "pool.rule.most" : isNumber ? "pool.rule.least" : "pool.rule.value")}
          type={isNumber ? "number" : "text"}
          min={isNumber ? 0 : undefined}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      )}
      {kind === "skill" && <Field label={t("pool.rule.least")} type="number" min={1} max={5} value={level} onChange={(event) => setLevel(event.target.value)} />}
      <Button disabled={!made} onClick={add}>{t("pool.rule.add")}</Button>
    </div>
  );
}

/** Null while something is missing. */
function conditionOf(kind: Made, value: string, level: number): Condition | null {
  const words = value.trim();
  const count = Math.round(Number(words));
  if (!words || (["rate", "jobs_done", "score"].includes(kind) && !(Number(words) > 0))) return null;
  switch (kind) {
    case "employment":
      return { kind, employment: words === "partner" ? "partner" : "freelance" };
    case "territory":
      return { kind, territory_id: words };
    case "skill":
      return { kind, skill: words, level: Math.min(5, Math.max(1, Math.round(level) || 1)) };
    case "credential":
      return { kind, credential: words };
    case "language":
      return { kind, language: words };
    case "rate":
      return { kind, at_most_cents: Math.round(Number(words) * 100) };
    case "jobs_done":
    case "score":
      return { kind, at_least: count };
  }
}
