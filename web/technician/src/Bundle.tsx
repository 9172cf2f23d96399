// Several jobs as one card: a route, one pay, one answer.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { go } from "@firstfix/shared/router";
import { clockTime, dayName, minutesText, money } from "@firstfix/shared/time";
import { Badge, Button } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useEffect, useState } from "react";
import { acceptBundle, declineBundle, markViewed, refreshOffers } from "./api";
import { Expiry } from "./Expiry";
import type { OfferCard } from "./types";
import { useTexts } from "./words";

/** Single offers as they are, those of one bundle together in the order of their route. */
export function grouped(offers: OfferCard[]): OfferCard[][] {
  const groups = new Map<string, OfferCard[]>();
  for (const offer of offers) {
    const key = offer.bundle_id ?? offer.id;
    groups.set(key, [...(groups.get(key) ?? []), offer]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.starts_at.localeCompare(b.starts_at)));
}

export function BundleRow({ offers, zone, canAnswer }: { offers: OfferCard[]; zone: string | undefined; canAnswer: boolean }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const first = offers[0]!;
  useEffect(() => {
    for (const one of offers) if (one.status === "sent") void markViewed(one.id).catch(() => undefined);
  }, [offers]);
  const zoned = { locale, zone };
  const pay = money(offers.reduce((sum, one) => sum + one.pay_cents, 0), first.currency, locale);
  const minutes = offers.reduce((sum, one) => sum + one.expected_minutes, 0);
  const travel = offers.reduce((sum, one) => sum + one.travel_seconds, 0) / 60;
  const way = offers.reduce((sum, one) => sum + one.way_seconds, 0) / 60;
  const hourly = Math.round((offers.reduce((sum, one) => sum + one.pay_cents, 0) * 60) / (minutes + way));
  const isOver = new Date(first.expires_at).getTime() <= now;
  const may = (move: OfferCard["moves"][number]): boolean => canAnswer && !isOver && offers.every((one) => one.moves.includes(move));
  const answer = async (yes: boolean): Promise<void> => {
    setBusy(true);
    try {
      await (yes ? acceptBundle : declineBundle)(first.bundle_id!);
      tell(yes ? t("bundle.won", { count: offers.length }) : t("offer.declined"));
      if (yes) go("/");
    } catch (error) {
      tell(failureWords(w, error));
    } finally {
      setBusy(false);
      refreshOffers();
    }
  };
  return (
    <li className="card stack">
      <div className="row spread">
        <strong className="pay">{pay}</strong>
        <Badge tone={isOver ? "danger" : "warn"}>
          <Icon name="clock" size={14} />
          {isOver ? t("offer.expired") : <Expiry at={first.expires_at} />}
        </Badge>
      </div>
      <div className="stack tight">
        <span className="job-title">{t("bundle.title", { count: offers.length })}</span>
        <span className="soft small">
          {dayName(first.starts_at, zoned)} · {t("bundle.work", { work: minutesText(minutes) })} · {t("job.travel", { travel: minutesText(travel) })} ·{" "}
          {t("offer.asked", { count: first.asked_count })}
        </span>
        <span className="soft small">{t("offer.hourly", { pay: money(hourly, first.currency, locale) })}</span>
      </div>
      <ol className="route stack tight">
        {offers.map((one) => (
          <li key={one.id}>
            <strong>{clockTime(one.starts_at, zoned)}</strong> {one.title}
            <span className="soft small"> {t("job.travel", { travel: minutesText(one.travel_seconds / 60) })}</span>
          </li>
        ))}
      </ol>
      <p className="soft small">{t("bundle.hint")}</p>
      <div className="row">
        {may("decline") && <Button busy={busy} onClick={() => void answer(false)}>{t("offer.decline")}</Button>}
        {may("accept") && (
          <Button kind="primary" size="big" busy={busy} onClick={() => void answer(true)}>{t("offer.accept", { pay })}</Button>
        )}
      </div>
    </li>
  );
}
