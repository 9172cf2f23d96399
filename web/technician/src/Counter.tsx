// Other terms for an offer: the form that proposes them, and what the other side says.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { go } from "@firstfix/shared/router";
import { clockTime, isoDay, money, zonedInstant } from "@firstfix/shared/time";
import { Button, Field, LongText, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { acceptCounter, declineCounter, proposeTerms, refreshOffers, takeBackCounter } from "./api";
import type { CounterShown, OfferCard } from "./types";
import { useTexts } from "./words";

const cents = (amount: string): number => Math.round(Number(amount.replace(",", ".")) * 100);

/** Asks for other pay, another time or expenses; what is left alone stays as offered. */
export function CounterDialog({ offer, zone, onClose }: { offer: OfferCard; zone: string | undefined; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const { locale } = useLocale();
  const start = clockTime(offer.starts_at, { locale, zone });
  const [pay, setPay] = useState(String(offer.pay_cents / 100));
  const [time, setTime] = useState(start);
  const [expenses, setExpenses] = useState("");
  const [note, setNote] = useState("");
  const isNew = cents(pay) !== offer.pay_cents || time !== start || cents(expenses || "0") > 0;
  const send = async (): Promise<void> => {
    const day = isoDay(offer.starts_at, zone);
    await proposeTerms(offer.id, {
      pay_cents: cents(pay),
      starts_at: time === start ? null : zonedInstant(day, time, zone ?? "UTC").toISOString(),
      expenses_cents: cents(expenses || "0"),
      note,
    });
    tell(t("counter.sent"));
    refreshOffers();
  };
  return (
    <FormDialog title={t("counter.title")} submit={t("counter.send")} disabled={!isNew || !(cents(pay) >= 0)} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("counter.hint")}</p>
      <Field label={t("counter.pay", { currency: offer.currency })} inputMode="decimal" value={pay} onChange={(e) => setPay(e.target.value)} required />
      <Field label={t("counter.time")} type="time" value={time} onChange={(e) => setTime(e.target.value)} required />
      <Field
        label={t("counter.expenses", { currency: offer.currency })}
        hint={t("counter.expenses.hint")}
        inputMode="decimal"
        value={expenses}
        onChange={(e) => setExpenses(e.target.value)}
      />
      <LongText label={t("note")} hint={t("note.optional")} value={note} onChange={setNote} rows={2} />
    </FormDialog>
  );
}

/** The latest other terms, with the buttons that are legal now. */
export function CounterTerms({ offer, counter, zone, onCounter }: { offer: OfferCard; counter: CounterShown; zone: string | undefined; onCounter: () => void }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const [busy, setBusy] = useState(false);
  const [pay, expenses] = [counter.pay_cents, counter.expenses_cents].map((one) => money(one, counter.currency, locale));
  const more = counter.expenses_cents ? ` ${t("counter.plus", { expenses: expenses! })}` : "";
  const terms = `${pay}${more} · ${clockTime(counter.starts_at, { locale, zone })}`;
  const run = (action: () => Promise<unknown>, done: string, then?: () => void): void => {
    setBusy(true);
    action()
      .then(() => (tell(done), then?.()))
      .catch((error: unknown) => tell(failureWords(w, error)))
      .finally(() => (setBusy(false), refreshOffers()));
  };
  if (counter.status === "declined" && counter.side === "freelancer" && offer.status !== "countered")
    return <Notice>{counter.answer ? t("counter.declined.why", { why: counter.answer }) : t("counter.declined")}</Notice>;
  if (counter.status !== "open" || counter.moves.length === 0) return null;
  const may = new Set<string>(counter.moves);
  return (
    <div className="terms stack tight">
      <span className="soft small">{t(counter.side === "office" ? "counter.theirs" : "counter.mine")}</span>
      <strong>{terms}</strong>
      {counter.note && <span className="small">{counter.note}</span>}
      <div className="row wrap">
        {may.has("take_back") && (
          <Button busy={busy} onClick={() => run(() => takeBackCounter(counter.id), t("counter.taken_back"))}>{t("counter.take_back")}</Button>
        )}
        {may.has("decline") && (
          <Button busy={busy} onClick={() => run(() => declineCounter(counter.id), t("counter.refused"))}>{t("counter.no")}</Button>
        )}
        {may.has("counter") && <Button busy={busy} onClick={onCounter}>{t("counter.title")}</Button>}
        {may.has("accept") && (
          <Button kind="primary" busy={busy} onClick={() => run(() => acceptCounter(counter.id), t("offer.won"), () => go(`/jobs/${offer.visit_id}`))}>
            {t("offer.accept", { pay: pay! })}
          </Button>
        )}
      </div>
    </div>
  );
}
