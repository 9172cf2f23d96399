// What goes to the banks: runs, transfers and what came of them, and payees whose bank nobody knows.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Field, LongText, Notice, type Tone } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PagedList, usePaged } from "../paged";
import { startRun } from "../pages/crowd";
import { type TextKey, useTexts } from "../words";
import { fetchBalances, fetchTransfers, type Payee, refreshMoney, setBankDetails, takeReturned, type Transfer, type TransferStatus, useNames, usePayees } from "./api";
import { useMoneyTexts } from "./words";

const TONES: Record<TransferStatus, Tone> = { prepared: "accent", sent: "ok", failed: "danger", returned: "warn" };

export function Transfers() {
  const t = useTexts();
  const m = useMoneyTexts();
  const { act, busy } = useDo(refreshMoney);
  const [status, setStatus] = useState<TransferStatus | "">("");
  const [returned, setReturned] = useState<Transfer | null>(null);
  const transfers = usePaged(["crowd", "transfers", status], (cursor) => fetchTransfers(status, cursor));
  const run = (): void => act(startRun, (made) => t("payouts.ran", { count: made.transfer_count, left: made.left_out.length }));
  const statuses = (Object.keys(TONES) as TransferStatus[]).map((one) => [one, t(`transfer.${one}` as TextKey)] as const);
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{t("payouts.runs")}</h2>
        <Button kind="primary" busy={busy} onClick={run}>
          {t("payouts.run")}
        </Button>
      </div>
      <WithoutBank />
      <Choice label={m("transfers.which")} value={status} onChange={(one) => setStatus(one as TransferStatus | "")} options={[["", m("transfers.all")], ...statuses]} />
      <PagedList of={transfers} lines={3}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={t(status ? "payouts.none" : "payouts.runs.none")}>{status ? t("payouts.none.more") : m("transfers.none.more")}</Empty>
          ) : (
            <ul className="stack tight">
              {found.map((one) => (
                <Row key={one.id} transfer={one} onReturned={() => setReturned(one)} />
              ))}
            </ul>
          )
        }
      </PagedList>
      {returned && <Returned transfer={returned} onClose={() => setReturned(null)} />}
    </section>
  );
}

function Row({ transfer, onReturned }: { transfer: Transfer; onReturned: () => void }) {
  const t = useTexts();
  const m = useMoneyTexts();
  const { locale } = useLocale();
  const named = useNames();
  return (
    <li className="card stack tight">
      <span className="row wrap spread">
        <strong>{named(transfer.payee_id)}</strong>
        <span className="row">
          {money(transfer.amount_cents, transfer.currency, locale)}
          <Badge tone={TONES[transfer.status]}>{t(`transfer.${transfer.status}` as TextKey)}</Badge>
        </span>
      </span>
      {transfer.message && <span>{transfer.message}</span>}
      <span className="row wrap spread">
        <span className="soft small">
          {dayAndTime(transfer.created_at, { locale })}
          {transfer.reference && ` · ${transfer.reference}`}
        </span>
        {transfer.status === "sent" && (
          <Button kind="quiet" aria-label={`${named(transfer.payee_id)}: ${m("returned")}`} onClick={onReturned}>
            {m("returned")}
          </Button>
        )}
      </span>
    </li>
  );
}

function Returned({ transfer, onClose }: { transfer: Transfer; onClose: () => void }) {
  const m = useMoneyTexts();
  const tell = useTell();
  const { locale } = useLocale();
  const named = useNames();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await takeReturned(transfer.id, reason.trim());
    tell(m("returned.done"));
    refreshMoney();
  };
  return (
    <FormDialog title={m("returned")} submit={m("returned.submit")} tone="danger" disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{m("returned.lead", { name: named(transfer.payee_id), amount: money(transfer.amount_cents, transfer.currency, locale) })}</p>
      <LongText label={m("returned.why")} hint={m("returned.why.hint")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

/** Owed money that no run can send. */
function WithoutBank() {
  const m = useMoneyTexts();
  const [asked, setAsked] = useState<Payee | null>(null);
  const payees = usePayees();
  const balances = useQuery({ queryKey: ["crowd", "balances", ""], queryFn: () => fetchBalances("") });
  const owed = new Set(balances.data?.filter((one) => one.account === "payable" && one.cents > 0).map((one) => one.holder_id));
  const unknown = payees.data?.filter((one) => !one.bank && owed.has(one.id)) ?? [];
  return (
    <>
      {unknown.length > 0 && (
        <Notice tone="warn">
          <strong>{m("bank.missing")}</strong>
          <span className="row wrap">
            {unknown.map((one) => (
              <Button key={one.id} onClick={() => setAsked(one)}>
                {m("bank.enter", { name: one.name })}
              </Button>
            ))}
          </span>
        </Notice>
      )}
      {asked && <BankDetails payee={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function BankDetails({ payee, onClose }: { payee: Payee; onClose: () => void }) {
  const m = useMoneyTexts();
  const tell = useTell();
  const [holder, setHolder] = useState(payee.name);
  const [iban, setIban] = useState("");
  const send = async (): Promise<void> => {
    await setBankDetails(payee.id, holder.trim(), iban.trim());
    tell(m("bank.kept"));
    refreshMoney();
  };
  return (
    <FormDialog title={m("bank.enter", { name: payee.name })} submit={m("bank.keep")} disabled={!holder.trim() || iban.trim().length < 15} onClose={onClose} onSubmit={send}>
      <p className="soft">{m("bank.hint")}</p>
      <Field label={m("bank.holder")} value={holder} onChange={(event) => setHolder(event.target.value)} required />
      <Field label="IBAN" value={iban} autoComplete="off" onChange={(event) => setIban(event.target.value)} required />
    </FormDialog>
  );
}
