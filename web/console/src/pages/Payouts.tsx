// Payouts: what waits to be approved, what is disputed, what goes to the banks.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { payoutKindWord, payoutWord, useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime, dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, Field, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { type TextKey, useTexts } from "../words";
import {
  approvePayout, type Dispute, doubtPayout, fetchDisputes, fetchNames, fetchPayouts, fetchTransfers, type Payout, type PayoutStatus,
  settleDispute, startRun,
} from "./crowd";
import { Books } from "./Books";
import { PayChanges } from "./PayChanges";

const STATUSES: PayoutStatus[] = ["earned", "approved", "disputed", "resolved", "paid", "reversed"];
const isFinance = (): boolean => may("finance", "admin");
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export function useNames(): (id: string) => string {
  const { data } = useQuery({ queryKey: ["crowd", "names"], queryFn: fetchNames, staleTime: 60_000 });
  return (id) => data?.get(id) ?? "…";
}

export function Payouts() {
  const t = useTexts();
  const named = useNames();
  return (
    <div className="page-columns">
      <List />
      <div className="stack">
        <PayChanges named={named} />
        <Disputes />
        {isFinance() && <Transfers />}
        {isFinance() && <Books />}
        {!isFinance() && <p className="soft">{t("payouts.finance")}</p>}
      </div>
    </div>
  );
}

function List() {
  const t = useTexts();
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

function Transfers() {
  const t = useTexts();
  const { locale } = useLocale();
  const named = useNames();
  const { act, busy } = useDo(refresh);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "transfers"], queryFn: fetchTransfers });
  const run = (): void => act(startRun, (made) => t("payouts.ran", { count: made.transfer_count, left: made.left_out.length }));
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{t("payouts.runs")}</h2>
        <Button kind="primary" busy={busy} onClick={run}>
          {t("payouts.run")}
        </Button>
      </div>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
      {data?.length === 0 && <Empty title={t("payouts.runs.none")} />}
      {data && data.length > 0 && (
        <table className="money">
          <tbody>
            {data.map((one) => (
              <tr key={one.id}>
                <th scope="row">{named(one.payee_id)}</th>
                <td>{money(one.amount_cents, one.currency, locale)}</td>
                <td className="words">{t(`transfer.${one.status}` as TextKey)}</td>
                <td>{dayAndTime(one.created_at, { locale })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
