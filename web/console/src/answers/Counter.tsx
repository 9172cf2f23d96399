// Other terms that a freelancer, or the office, proposed for an offer.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { clockTime, dayAndTime, money } from "@firstfix/shared/time";
import { Button, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { TermsDialog } from "@firstfix/shared/ui/terms";
import { useState } from "react";
import { refreshBoard } from "../api";
import { acceptCounter, type CounterWaiting, declineCounter, proposeTerms, refreshAnswers, takeBackCounter } from "./api";
import { Card } from "./Card";
import { useAnswerTexts } from "./words";

const refresh = (): void => (refreshAnswers(), refreshBoard());

export function Counter({ one, zone }: { one: CounterWaiting; zone: string }) {
  const t = useAnswerTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const { act, busy } = useDo(refresh);
  const [asking, setAsking] = useState<"decline" | "counter" | null>(null);
  const { counter } = one;
  const may = new Set<string>(counter.moves);
  const priced = (cents: number): string => money(cents, counter.currency, locale);
  const parts = [
    counter.expenses_cents ? `${priced(counter.pay_cents)} ${w("terms.plus", { expenses: priced(counter.expenses_cents) })}` : priced(counter.pay_cents),
    counter.starts_at !== one.starts_at && dayAndTime(counter.starts_at, { locale, zone }),
  ];
  const words = { terms: parts.filter(Boolean).join(", "), offered: priced(counter.offered_cents) };
  const actions = (
    <>
      {may.has("accept") && (
        <Button kind="primary" busy={busy} onClick={() => act(() => acceptCounter(counter.id), t("counter.accepted", { name: one.technician_name }))}>
          {t("counter.accept", { pay: priced(counter.pay_cents) })}
        </Button>
      )}
      {may.has("counter") && <Button onClick={() => setAsking("counter")}>{w("terms.title")}</Button>}
      {may.has("decline") && <Button onClick={() => setAsking("decline")}>{t("counter.decline")}</Button>}
      {may.has("take_back") && (
        <Button busy={busy} onClick={() => act(() => takeBackCounter(counter.id), w("terms.taken_back"))}>
          {w("terms.take_back")}
        </Button>
      )}
    </>
  );
  const until = t("counter.until", { time: clockTime(counter.expires_at, { locale, zone }) });
  return (
    <Card one={one} zone={zone} badge={until} tone={may.has("accept") ? "warn" : "neutral"} actions={actions}>
      <p>{t(counter.side === "freelancer" ? "counter.wants" : "counter.ours", words)}</p>
      {counter.note && <p className="soft">{counter.note}</p>}
      {asking === "decline" && <Decline one={one} onClose={() => setAsking(null)} />}
      {asking === "counter" && (
        <TermsDialog
          hint={t("counter.hint")}
          offered={{ pay_cents: counter.offered_cents, currency: counter.currency, starts_at: one.starts_at }}
          zone={zone}
          onClose={() => setAsking(null)}
          send={(wanted) => proposeTerms(counter.offer_id, wanted).then(() => (tell(t("counter.sent")), refresh()))}
        />
      )}
    </Card>
  );
}

function Decline({ one, onClose }: { one: CounterWaiting; onClose: () => void }) {
  const t = useAnswerTexts();
  const tell = useTell();
  const [answer, setAnswer] = useState("");
  const send = async (): Promise<void> => {
    await declineCounter(one.counter.id, answer.trim());
    tell(t("counter.declined"));
    refresh();
  };
  return (
    <FormDialog title={t("counter.decline")} submit={t("counter.decline")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("counter.decline.hint")}</p>
      <LongText label={t("counter.decline.why")} value={answer} onChange={setAnswer} rows={2} />
    </FormDialog>
  );
}
