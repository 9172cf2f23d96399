// What each kind of remedy costs, and up to which cost each role grants it alone.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Button, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { fetchRemedyTerms, type RemedyTerms as Terms, setRemedyTerms } from "./api";
import { Loaded } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

const ROLES = ["call_agent", "dispatcher", "supervisor", "finance", "admin"] as const;

export function RemedyTerms() {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const terms = useQuery({ queryKey: ["rules", "remedy_terms"], queryFn: fetchRemedyTerms });
  const [editing, setEditing] = useState<Terms | null>(null);
  const price = (cents: number | undefined): string => (cents === undefined ? "–" : new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(cents / 100));
  return (
    <>
      <p className="soft small">{t("terms.hint")}</p>
      <Loaded of={terms}>
        {(all) => (
          <div className="scroll card">
            <table className="money">
              <thead>
                <tr>
                  <th scope="col">{t("terms.kind")}</th>
                  <th scope="col">{t("terms.cost")}</th>
                  {ROLES.map((role) => (
                    <th key={role} scope="col">{t(`terms.role.${role}`)}</th>
                  ))}
                  <td />
                </tr>
              </thead>
              <tbody>
                {all.map((one) => (
                  <tr key={one.kind}>
                    <th scope="row">{t(`remedy.${one.kind}` as WatchKey)}</th>
                    <td>{price(one.cost_cents)}</td>
                    {ROLES.map((role) => (
                      <td key={role}>{price(one.limits[role])}</td>
                    ))}
                    <td>
                      {may("admin") && <Button aria-label={t("terms.edit", { name: t(`remedy.${one.kind}` as WatchKey) })} onClick={() => setEditing(one)}>{t("edit")}</Button>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {editing && <Edit terms={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function Edit({ terms, onClose }: { terms: Terms; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [cost, setCost] = useState(terms.cost_cents);
  const [limits, setLimits] = useState(terms.limits);
  const limit = (role: string, text: string): void => {
    const { [role]: _before, ...others } = limits;
    setLimits(text === "" ? others : { ...others, [role]: Math.round(Number(text) * 100) });
  };
  const send = async (): Promise<void> => {
    await setRemedyTerms({ kind: terms.kind, cost_cents: cost, limits });
    tell(t("done.terms"));
    void queries.invalidateQueries({ queryKey: ["rules"] });
  };
  return (
    <FormDialog title={t("terms.edit", { name: t(`remedy.${terms.kind}` as WatchKey) })} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      <Field label={t("terms.cost")} type="number" min={0} max={10_000_000} step="0.01" required value={cost / 100} onChange={(event) => setCost(Math.round(Number(event.target.value) * 100))} />
      <fieldset className="stack">
        <legend>{t("terms.limits")}</legend>
        <p className="soft small">{t("terms.limits.hint")}</p>
        {ROLES.map((role) => {
          const cents = limits[role];
          return <Field key={role} label={t(`terms.role.${role}`)} type="number" min={0} max={10_000_000} step="0.01" value={cents === undefined ? "" : cents / 100} onChange={(event) => limit(role, event.target.value)} />;
        })}
      </fieldset>
    </FormDialog>
  );
}
