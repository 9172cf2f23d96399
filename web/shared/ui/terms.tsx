// The form by which either side proposes other terms for an offer.
import { useState } from "react";
import { useLocale } from "../i18n/locale";
import { useWords } from "../i18n/words";
import { clockTime, isoDay, zonedInstant } from "../time";
import { Field, LongText } from "./controls";
import { FormDialog } from "./dialog";

export interface Terms {
  pay_cents: number;
  /** Null: as offered. */
  starts_at: string | null;
  expenses_cents: number;
  note: string;
}

interface TermsDialogProps {
  hint: string;
  offered: { pay_cents: number; currency: string; starts_at: string };
  zone: string | undefined;
  onClose: () => void;
  send: (wanted: Terms) => Promise<unknown>;
}

const cents = (amount: string): number => Math.round(Number(amount.replace(",", ".")) * 100);

/** Asks for other pay, another time or expenses; what is left alone stays as offered. */
export function TermsDialog({ hint, offered, zone, onClose, send }: TermsDialogProps) {
  const t = useWords();
  const { locale } = useLocale();
  const start = clockTime(offered.starts_at, { locale, zone });
  const [pay, setPay] = useState(String(offered.pay_cents / 100));
  const [time, setTime] = useState(start);
  const [expenses, setExpenses] = useState("");
  const [note, setNote] = useState("");
  const wanted: Terms = {
    pay_cents: cents(pay),
    starts_at: time === start ? null : zonedInstant(isoDay(offered.starts_at, zone), time, zone ?? "UTC").toISOString(),
    expenses_cents: cents(expenses || "0"),
    note,
  };
  const isNew = wanted.pay_cents !== offered.pay_cents || time !== start || wanted.expenses_cents > 0;
  return (
    <FormDialog title={t("terms.title")} submit={t("terms.send")} disabled={!isNew || !(wanted.pay_cents >= 0)} onClose={onClose} onSubmit={() => send(wanted)}>
      <p className="soft">{hint}</p>
      <Field label={t("terms.pay", { currency: offered.currency })} inputMode="decimal" value={pay} onChange={(e) => setPay(e.target.value)} required />
      <Field label={t("terms.time")} type="time" value={time} onChange={(e) => setTime(e.target.value)} required />
      <Field label={t("terms.expenses", { currency: offered.currency })} hint={t("terms.expenses.hint")} inputMode="decimal" value={expenses} onChange={(e) => setExpenses(e.target.value)} />
      <LongText label={t("terms.note")} value={note} onChange={setNote} rows={2} />
    </FormDialog>
  );
}
