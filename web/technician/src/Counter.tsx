// The latest other terms for an offer, and what may be done about them.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { go } from "@firstfix/shared/router";
import { clockTime, money } from "@firstfix/shared/time";
import { Button, Notice } from "@firstfix/shared/ui/controls";
import { useDo } from "@firstfix/shared/ui/dialog";
import { acceptCounter, declineCounter, refreshOffers, takeBackCounter } from "./api";
import type { CounterShown, OfferCard } from "./types";
import { useTexts } from "./words";

/** The latest other terms, with the buttons that are legal now. */
export function CounterTerms({ offer, counter, zone, onCounter }: { offer: OfferCard; counter: CounterShown; zone: string | undefined; onCounter: () => void }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { act, busy } = useDo(refreshOffers);
  const [pay, expenses] = [counter.pay_cents, counter.expenses_cents].map((one) => money(one, counter.currency, locale));
  const more = counter.expenses_cents ? ` ${w("terms.plus", { expenses: expenses! })}` : "";
  const terms = `${pay}${more} · ${clockTime(counter.starts_at, { locale, zone })}`;
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
          <Button busy={busy} onClick={() => act(() => takeBackCounter(counter.id), w("terms.taken_back"))}>{w("terms.take_back")}</Button>
        )}
        {may.has("decline") && (
          <Button busy={busy} onClick={() => act(() => declineCounter(counter.id), t("counter.refused"))}>{t("counter.no")}</Button>
        )}
        {may.has("counter") && <Button busy={busy} onClick={onCounter}>{w("terms.title")}</Button>}
        {may.has("accept") && (
          <Button kind="primary" busy={busy} onClick={() => act(() => acceptCounter(counter.id), () => (go(`/jobs/${offer.visit_id}`), t("offer.won")))}>
            {t("offer.accept", { pay: pay! })}
          </Button>
        )}
      </div>
    </div>
  );
}
