// For finance: whether the ledger agrees with payouts and transfers, the tax export of a year, and anybody's statement of a month.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { isoDay, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Failure, Field, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { useDo } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePayees } from "../money/api";
import { type TextKey, useTexts } from "../words";
import { fetchReconciliation, fetchStatement, fetchTaxExport, save } from "./crowd";

export function Books() {
  const t = useTexts();
  const { locale } = useLocale();
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "reconciliation"], queryFn: fetchReconciliation });
  return (
    <div className="page-columns">
      <section className="stack">
        {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
        {data && <Notice tone={data.agrees ? "ok" : "danger"}>{t(data.agrees ? "books.agree" : "books.differ")}</Notice>}
        {data && data.stuck_transfers > 0 && <Notice tone="warn">{t("books.stuck", { count: data.stuck_transfers })}</Notice>}
        {data && data.comparisons.length > 0 && (
          <div className="scroll">
            <table className="money">
              <thead>
                <tr>
                  <th scope="col">{t("books.account")}</th>
                  <th scope="col">{t("books.ledger")}</th>
                  <th scope="col">{t("books.records")}</th>
                  <th scope="col" />
                </tr>
              </thead>
              <tbody>
                {data.comparisons.map((one) => (
                  <tr key={one.what + one.currency}>
                    <th scope="row">{t(`books.${one.what}` as TextKey)}</th>
                    <td>{money(one.ledger_cents, one.currency, locale)}</td>
                    <td>{money(one.records_cents, one.currency, locale)}</td>
                    <td>{!one.agrees && <Badge tone="danger">{t("books.difference")}</Badge>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <Papers />
    </div>
  );
}

/** Files are fetched here, since a link carries no sign-in. */
function Papers() {
  const t = useTexts();
  const { busy, act } = useDo(() => undefined);
  const payees = usePayees();
  const earning = payees.data?.filter((one) => !one.through) ?? [];
  const today = isoDay(businessNow());
  const [year, setYear] = useState(String(Number(today.slice(0, 4)) - 1));
  const [month, setMonth] = useState(today.slice(0, 7));
  const [who, setWho] = useState("");
  const statement = (format: "pdf" | "csv"): void =>
    act(async () => save(await fetchStatement(who, Number(month.slice(0, 4)), Number(month.slice(5)), format), `statement-${month}.${format}`), t("books.saved"));
  return (
    <section className="card stack">
      <Field label={t("books.year")} type="number" min={2000} max={2199} value={year} onChange={(event) => setYear(event.target.value)} />
      <div>
        <Button busy={busy} onClick={() => act(async () => save(await fetchTaxExport(Number(year)), `tax-${year}.csv`), t("books.saved"))}>
          {t("books.tax")}
        </Button>
      </div>
      <Choice label={t("books.who")} value={who} onChange={setWho} options={[["", ""], ...earning.map((one) => [one.id, one.is_company ? t("books.company", { name: one.name }) : one.name] as const)]} />
      <Field label={t("books.month")} type="month" value={month} onChange={(event) => setMonth(event.target.value)} />
      <div className="row wrap">
        <Button busy={busy} disabled={!who || !month} onClick={() => statement("pdf")}>{t("books.pdf")}</Button>
        <Button busy={busy} disabled={!who || !month} onClick={() => statement("csv")}>{t("books.csv")}</Button>
      </div>
    </section>
  );
}
