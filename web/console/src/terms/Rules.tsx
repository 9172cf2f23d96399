// Rules that are made of figures: those in force, and the form for the next.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Button, Field, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { type ReactNode, useState } from "react";
import { useNumber } from "../watch/pieces";
import { refreshTerms } from "./api";
import { type Figure, figureOf, written } from "./figures";
import { type TermsKey, useTermsTexts } from "./words";

type Row = readonly [label: string, content: string];

interface RulesProps<Name extends string> {
  group: "pay" | "trust";
  hint: string;
  figures: readonly Figure<Name>[];
  inForce: Record<Name, number> & { created_at: string };
  mayChange: boolean;
  /** What is no figure: how it is shown, and the fields that change it. */
  rows?: Row[];
  fields?: ReactNode;
  isWrong?: boolean;
  onSet: (figures: Record<Name, number>) => Promise<unknown>;
}

export function Rules<Name extends string>({ group, hint, figures, inForce, rows = [], mayChange, ...form }: RulesProps<Name>) {
  const t = useTermsTexts();
  const number = useNumber();
  const { locale } = useLocale();
  const [isOpen, setOpen] = useState(false);
  const shown: Row[] = [
    ...figures.map(({ name, unit, scale = 1 }) => [t(`${group}.${name}` as TermsKey), t(`unit.${unit}`, { value: number(inForce[name] / scale, 2) })] as const),
    ...rows,
  ];
  return (
    <section className="stack">
      <p className="soft">{hint}</p>
      {mayChange && (
        <div>
          <Button kind="primary" onClick={() => setOpen(true)}>{t("rules.new")}</Button>
        </div>
      )}
      <div className="card stack">
        <table className="money">
          <caption>{t("rules.since", { day: new Date(inForce.created_at).toLocaleString(locale, { dateStyle: "long", timeStyle: "short" }) })}</caption>
          <tbody>
            {shown.map(([label, content]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td className="lines">{content}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isOpen && <Edit group={group} figures={figures} inForce={inForce} onClose={() => setOpen(false)} {...form} />}
    </section>
  );
}

type EditProps<Name extends string> = Pick<RulesProps<Name>, "group" | "figures" | "inForce" | "fields" | "isWrong" | "onSet"> & { onClose: () => void };

function Edit<Name extends string>({ group, figures, inForce, fields, isWrong = false, onSet, onClose }: EditProps<Name>) {
  const t = useTermsTexts();
  const tell = useTell();
  const [texts, setTexts] = useState(() => new Map(figures.map(({ name, scale }) => [name, written(inForce[name], scale)])));
  const found = new Map(figures.map((one) => [one.name, figureOf(one, texts.get(one.name) ?? "")]));
  const send = async (): Promise<void> => {
    await onSet(Object.fromEntries(found) as Record<Name, number>);
    tell(t("rules.set"));
    refreshTerms();
  };
  return (
    <FormDialog title={t("rules.new")} submit={t("rules.submit")} disabled={isWrong || [...found.values()].includes(null)} onClose={onClose} onSubmit={send}>
      <Notice tone="warn">{t("rules.lead")}</Notice>
      {figures.map(({ name, unit, min, max }) => (
        <Field
          key={name}
          label={`${t(`${group}.${name}` as TermsKey)} (${t(`in.${unit}`)})`}
          inputMode="decimal"
          required
          value={texts.get(name) ?? ""}
          problem={found.get(name) === null ? t("rules.bounds", { min, max }) : undefined}
          onChange={(event) => setTexts(new Map(texts).set(name, event.target.value))}
        />
      ))}
      {fields}
    </FormDialog>
  );
}
