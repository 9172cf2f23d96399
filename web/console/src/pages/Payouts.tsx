// Payouts: what waits to be approved, what is disputed, what goes to the banks; for finance the books and the ledger.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { payoutKindWord, payoutWord, useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime, dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, Field, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { useNames } from "../money/api";
import { Ledger } from "../money/Ledger";
import { Transfers } from "../money/Transfers";
import { useMoneyTexts } from "../money/words";
import { PayRules } from "../terms/PayRules";
import { useTermsTexts } from "../terms/words";
import type { Territory } from "../types";
import { TabbedPage } from "../watch/pieces";
import { useTexts } from "../words";
import { approvePayout, type Dispute, doubtPayout, fetchDisputes, fetchPayouts, type Payout, type PayoutStatus, settleDispute } from "./crowd";
import { Books } from "./Books";
import { PayChanges } from "./PayChanges";

const STATUSES: PayoutStatus[] = ["earned", "approved", "disputed", "resolved", "paid", "reversed"];
const isFinance = (): boolean => may("finance", "admin");
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export function Payouts({ territory }: { territory: Territory }) {
  const m = useMoneyTexts();
  const terms = useTermsTexts();
  const payouts = { key: "payouts", words: m("tab.payouts"), Content: Waiting };
  const rules = { key: "rules", words: terms("tab.rules"), Content: PayRules };
  const finance = [{ key: "books", words: m("tab.books"), Content: Books }, { key: "ledger", words: m("tab.ledger"), Content: Ledger }];
  return <TabbedPage label={m("tabs")} territory={territory} tabs={isFinance() ? [payouts, ...finance, rules] : [payouts, rules]} />;
}

function Waiting() {
  const t = useTexts();
  const named = useNames();
  return (
    <div className="page-columns">
      <List />
      <div className="stack">
        <PayChanges named={named} />
        <Disputes />
        {isFinance() && <Transfers />}
        {!isFinance() && <p className="soft">{t("payouts.finance")}</p>}
      </div>
    </div>
  );
}

function List() {
  const t = useTexts();
  const m = useMoneyTexts();
  const w = useWords();
  const { locale } = useLocale();
  const named = useNames();
  const [status, setStatus] = useState<PayoutStatus>("earned");
  const [doubted, setDoubted] = useState<Payout | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "payouts", status], queryFn: () => fetchPayouts(status) });
  const { act } = useDo(refresh);
  return (
    <section className="stack">
      <Choice
        label={t("payouts.status")}
        value={status}
        onChange={(value) => setStatus(value as PayoutStatus)}
        options={STATUSES.map((one) => [one, payoutWord(w, one)] as const)}
      />
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />)}
      {data?.length === 0 && (
        <Empty title={t("payouts.none")}>
          <p>{t(status === "earned" ? "payouts.none.earned" : "payouts.none.more")}</p>
          {status === "earned" && <Button onClick={() => setStatus("approved")}>{t("payouts.see_approved")}</Button>}
        </Empty>
      )}
      {data && data.length > 0 && (
        <div className="scroll">
          <table className="money">
            <thead>
              <tr>
                <th scope="col">{t("payouts.who")}</th>
                <th scope="col">{t("payouts.what")}</th>
                <th scope="col">{t("payouts.amount")}</th>
                <th scope="col">{t("payouts.until")}</th>
                <th scope="col" />
              </tr>
            </thead>
            <tbody>
              {data.map((payout) => (
                <tr key={payout.id}>
                  <th scope="row">{named(payout.technician_id)}</th>
                  <td className="words">{payoutKindWord(w, payout.kind)}</td>
                  <td>{money(payout.amount_cents, payout.currency, locale)}</td>
                  <td>{payout.approve_by ? dayAndTime(payout.approve_by, { locale }) : ""}</td>
                  <td>
                    <span className="row">
                      {payout.moves.includes("approved") && payout.status === "earned" && (
                        <Button onClick={() => act(() => approvePayout(payout.id), t("payouts.approved"))}>{t("payouts.approve")}</Button>
                      )}
                      {isFinance() && (
                        <Button kind="quiet" onClick={() => setQuery({ tab: "ledger", item: payout.id })}>
                          {m("payouts.movements")}
                        </Button>
                      )}
                      {payout.moves.includes("disputed") && (
                        <Button kind="quiet" onClick={() => setDoubted(payout)}>
                          {t("payouts.doubt")}
                        </Button>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {doubted && <Doubt payout={doubted} onClose={() => setDoubted(null)} />}
    </section>
  );
}

function Doubt({ payout, onClose }: { payout: Payout; onClose: () => void }) {
  const t = useTexts();
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("payouts.doubt")}
      submit={t("payouts.doubt")}
      disabled={reason.trim().length < 3}
      onClose={onClose}
      onSubmit={() => doubtPayout(payout.id, reason.trim()).then(refresh)}
    >
      <LongText label={t("payouts.why")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

function Disputes() {
  const t = useTexts();
  const { locale } = useLocale();
  const named = useNames();
  const [settling, setSettling] = useState<Dispute | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "disputes"], queryFn: fetchDisputes });
  return (
    <section className="stack">
      <h2>{t("payouts.disputes")}</h2>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
      {data?.length === 0 && <Empty title={t("payouts.disputes.none")} />}
      {data?.map((one) => (
        <article key={one.id} className="card stack tight">
          <span className="row spread">
            <strong>{named(one.technician_id)}</strong>
            <Badge tone="warn">{t("payouts.answer_by", { day: dayName(one.answer_by, { locale }) })}</Badge>
          </span>
          <p>{one.reason}</p>
          {may("supervisor", "admin", "finance") && (
            <div>
              <Button onClick={() => setSettling(one)}>{t("payouts.settle")}</Button>
            </div>
          )}
        </article>
      ))}
      {settling && <Settle dispute={settling} onClose={() => setSettling(null)} />}
    </section>
  );
}

function Settle({ dispute, onClose }: { dispute: Dispute; onClose: () => void }) {
  const t = useTexts();
  const [answer, setAnswer] = useState("");
  const [change, setChange] = useState("0");
  const cents = Math.round(Number(change.replace(",", ".")) * 100);
  return (
    <FormDialog
      title={t("payouts.settle")}
      submit={t("payouts.settle")}
      disabled={answer.trim().length < 3 || Number.isNaN(cents)}
      onClose={onClose}
      onSubmit={() => settleDispute(dispute.id, answer.trim(), cents).then(refresh)}
    >
      <p>{dispute.reason}</p>
      <Field label={t("payouts.change")} hint={t("payouts.change.hint")} value={change} onChange={(e) => setChange(e.target.value)} inputMode="decimal" />
      <LongText label={t("payouts.answer")} value={answer} onChange={setAnswer} required />
    </FormDialog>
  );
}
