// Offers to the company's people: the manager says yes or no for whoever was asked.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { clockTime, dayName, minutesText, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { grouped } from "../Bundle";
import { Expiry } from "../Expiry";
import { useTexts as usePhoneTexts } from "../words";
import { answer, fetchOffers, type Offer, refresh } from "./api";
import { useNameOf } from "./People";
import { useTexts } from "./words";

export const isOpen = (offer: Offer): boolean => offer.status !== "accepted" && new Date(offer.expires_at).getTime() > businessNow();

export function Offers() {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["company", "offers"], queryFn: fetchOffers });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const open = grouped(data.filter(isOpen)) as Offer[][];
  const accepted = grouped(data.filter((one) => one.status === "accepted")) as Offer[][];
  return (
    <>
      {open.length === 0 && <Empty title={t("offers.none")}>{t("offers.none.more")}</Empty>}
      <ul className="cards">
        {open.map((group) => (
          <OfferCard key={group[0]!.id} offers={group} />
        ))}
      </ul>
      {open.length > 0 && <p className="soft small">{t("offer.no_harm")}</p>}
      {accepted.length > 0 && <h2>{t("offers.accepted")}</h2>}
      <ul className="cards">
        {accepted.map((group) => (
          <OfferCard key={group[0]!.id} offers={group} />
        ))}
      </ul>
    </>
  );
}

/** One offer, or all of a bundle. */
function OfferCard({ offers }: { offers: Offer[] }) {
  const t = useTexts();
  const phone = usePhoneTexts();
  const w = useWords();
  const tell = useTell();
  const now = useNow();
  const { locale } = useLocale();
  const [busy, setBusy] = useState(false);
  const first = offers[0]!;
  const name = useNameOf()(first.technician_id);
  const isOver = new Date(first.expires_at).getTime() <= now;
  const may = (move: Offer["moves"][number]): boolean => !isOver && offers.every((one) => one.moves.includes(move));
  const sum = (of: (one: Offer) => number): number => offers.reduce((whole, one) => whole + of(one), 0);
  const say = async (yes: boolean): Promise<void> => {
    setBusy(true);
    try {
      await answer(first, yes);
      tell(yes ? t("offer.won", { name }) : phone("offer.declined"));
    } catch (error) {
      tell(failureWords(w, error));
    } finally {
      setBusy(false);
      refresh();
    }
  };
  return (
    <li className="card stack">
      <span className="row spread">
        <strong className="pay">{money(sum((one) => one.pay_cents), first.currency, locale)}</strong>
        {first.status === "accepted" ? <Badge tone="ok">{t("offers.accepted")}</Badge> : <Badge tone="warn">{isOver ? phone("offer.expired") : <Expiry at={first.expires_at} />}</Badge>}
      </span>
      <strong>{t("offer.for", { name })}</strong>
      {offers.length > 1 && <span className="soft">{t("offer.route", { count: offers.length })}</span>}
      {offers.map((one) => (
        <span key={one.id}>
          {one.title}
          <br />
          <span className="soft">
            {phone("offer.when", {
              day: dayName(one.starts_at, { locale, zone: one.time_zone }),
              from: clockTime(one.starts_at, { locale, zone: one.time_zone }),
              to: clockTime(one.ends_at, { locale, zone: one.time_zone }),
            })}
          </span>
        </span>
      ))}
      <span className="soft small">
        {phone("job.usually", { usual: minutesText(sum((one) => one.expected_minutes)), rare: minutesText(sum((one) => one.p80_minutes)) })} ·{" "}
        {phone("job.travel", { travel: minutesText(sum((one) => one.travel_seconds) / 60) })}
      </span>
      {(may("accept") || may("decline")) && (
        <span className="row">
          {may("decline") && (
            <Button busy={busy} onClick={() => void say(false)}>
              {phone("offer.decline")}
            </Button>
          )}
          {may("accept") && (
            <Button kind="primary" busy={busy} onClick={() => void say(true)}>
              {t("offer.accept", { name })}
            </Button>
          )}
        </span>
      )}
    </li>
  );
}
