// Offers to freelancers: pay, time, travel and expiry before the answer; losing a race says so at once.
import { isProblem } from "@firstfix/shared/api/problem";
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { go, Link } from "@firstfix/shared/router";
import { clockTime, dayName, minutesText, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { TermsDialog } from "@firstfix/shared/ui/terms";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { accept, decline, fetchOffers, markViewed, proposeTerms, refreshOffers, session } from "./api";
import { BundleRow, grouped } from "./Bundle";
import { CounterTerms } from "./Counter";
import { Expiry } from "./Expiry";
import { StandByRow, useStandBys } from "./StandBys";
import { useShared } from "./state";
import type { OfferCard } from "./types";
import { useTexts } from "./words";

export function isFreelancer(): boolean {
  return session.principal?.roles.includes("freelancer") ?? false;
}

function useOffers() {
  return useQuery({ queryKey: ["offers"], queryFn: fetchOffers, enabled: isFreelancer(), refetchInterval: 30_000 });
}

const OPEN = ["sent", "viewed", "countered"];

function open(offers: OfferCard[] | undefined): OfferCard[] {
  return (offers ?? []).filter((offer) => OPEN.includes(offer.status));
}

export function OffersTeaser() {
  const t = useTexts();
  const count = useOfferCount();
  if (count === 0) return null;
  return (
    <Link to="/offers" className="card teaser row spread">
      <strong>{t("offers.count", { count })}</strong>
      <Icon name="forward" />
    </Link>
  );
}

/** How many offers wait for an answer. */
export function useOfferCount(): number {
  return grouped(open(useOffers().data)).length + useStandBys().filter((card) => card.can_answer).length;
}

/** A freelancer without a job left: the way to the next one. */
export function FreeNow() {
  const t = useTexts();
  const count = useOfferCount();
  return (
    <Empty title={t("day.free")}>
      <p>{t(count ? "day.free.offers" : "day.free.more")}</p>
      <Link to="/offers" className="button primary">
        {count ? t("offers.count", { count }) : t("offers.see")}
      </Link>
    </Empty>
  );
}

/** Says so at once when an offer on the screen goes to somebody else. */
function useLostOffers(offers: OfferCard[], isKnown: boolean): void {
  const w = useWords();
  const tell = useTell();
  const shown = useRef<OfferCard[]>([]);
  useEffect(() => {
    if (!isKnown) return;
    const lost = shown.current.filter(
      (before) => !answered.has(before.id) && isOpenAt(before, businessNow()) && offers.every((now) => now.id !== before.id),
    );
    shown.current = offers;
    if (lost.length) tell(w("refused.offer_taken"));
  }, [offers, isKnown, w, tell]);
}

/** Offers this phone has answered: their leaving the list is no surprise. */
const answered = new Set<string>();

function isOpenAt(offer: OfferCard, at: number): boolean {
  return new Date(offer.expires_at).getTime() > at;
}

export function OffersPage() {
  const t = useTexts();
  const { day, isOnline } = useShared();
  const { data, error, refetch, isPending } = useOffers();
  const offers = useMemo(() => open(data), [data]);
  const standBys = useStandBys();
  useLostOffers(offers, data !== undefined);
  return (
    <div className="stack page">
      <h1>{t("offers")}</h1>
      {!isOnline && <Notice tone="warn">{t("offers.offline")}</Notice>}
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {isPending && isFreelancer() && !error ? <Skeleton lines={6} /> : null}
      {data && offers.length + standBys.length === 0 && (
        <Empty title={t("offers.none")}>{t("offers.none.more")}</Empty>
      )}
      <ul className="stack">
        {standBys.map((card) => (
          <StandByRow key={card.id} card={card} zone={day?.value.time_zone} canAnswer={isOnline} />
        ))}
        {grouped(offers).map((group) =>
          group[0]!.bundle_id ? (
            <BundleRow key={group[0]!.bundle_id} offers={group} zone={day?.value.time_zone} canAnswer={isOnline} />
          ) : (
            <OfferRow key={group[0]!.id} offer={group[0]!} zone={day?.value.time_zone} canAnswer={isOnline} />
          ),
        )}
      </ul>
      {offers.length > 0 && <p className="soft small">{t("offer.decline.hint")}</p>}
    </div>
  );
}

function OfferRow({ offer, zone, canAnswer }: { offer: OfferCard; zone: string | undefined; canAnswer: boolean }) {
  const t = useTexts();
  const { locale } = useLocale();
  const now = useNow();
  const { busy, answer } = useAnswer();
  const [isCountering, setCountering] = useState(false);
  useEffect(() => {
    if (offer.status === "sent") void markViewed(offer.id).catch(() => undefined);
  }, [offer.id, offer.status]);
  const pay = money(offer.pay_cents, offer.currency, locale);
  const isOver = !isOpenAt(offer, now);
  const zoned = { locale, zone };
  const w = useWords();
  const tell = useTell();
  const may = (move: OfferCard["moves"][number]): boolean => canAnswer && !isOver && offer.moves.includes(move);
  return (
    <li className="card stack">
      <div className="row spread">
        <strong className="pay">{pay}</strong>
        <Badge tone={isOver ? "danger" : "warn"}>
          <Icon name="clock" size={14} />
          {isOver ? t("offer.expired") : <Expiry at={offer.expires_at} />}
        </Badge>
      </div>
      <div className="stack tight">
        <span className="job-title">{offer.title}</span>
        <span>
          {t("offer.when", {
            day: dayName(offer.starts_at, zoned),
            from: clockTime(offer.starts_at, zoned),
            to: clockTime(offer.ends_at, zoned),
          })}
        </span>
        <span className="soft small">
          {t("job.usually", { usual: minutesText(offer.expected_minutes), rare: minutesText(offer.p80_minutes) })} ·{" "}
          {t("job.travel", { travel: minutesText(offer.travel_seconds / 60) })}
        </span>
        <span className="soft small">
          {t("offer.hourly", { pay: money(offer.pay_cents_per_hour, offer.currency, locale) })} ·{" "}
          {t("offer.asked", { count: offer.asked_count })}
        </span>
        {offer.beside_visit_id && (
          <span className="soft small">
            {t("offer.beside", {
              way: minutesText(offer.way_seconds / 60),
              more: money(offer.apart_cents, offer.currency, locale),
            })}
          </span>
        )}
      </div>
      <Skills offer={offer} />
      {offer.counter && canAnswer && !isOver && (
        <CounterTerms offer={offer} counter={offer.counter} zone={zone} onCounter={() => setCountering(true)} />
      )}
      <div className="row">
        {may("decline") && (
          <Button busy={busy} onClick={() => void answer(offer, false)}>
            {t("offer.decline")}
          </Button>
        )}
        {may("accept") && (
          <Button kind="primary" size="big" busy={busy} onClick={() => void answer(offer, true)}>
            {t("offer.accept", { pay })}
          </Button>
        )}
      </div>
      {may("counter") && (
        <Button kind="quiet" onClick={() => setCountering(true)}>{w("terms.title")}</Button>
      )}
      {isCountering && (
        <TermsDialog
          hint={t("counter.hint")}
          offered={offer}
          zone={zone}
          onClose={() => setCountering(false)}
          send={(wanted) => proposeTerms(offer.id, wanted).then(() => (tell(t("counter.sent")), refreshOffers()))}
        />
      )}
    </li>
  );
}

function Skills({ offer }: { offer: OfferCard }) {
  const t = useTexts();
  const skills = offer.skills.map((one) => t("offer.skill", { skill: String(one["skill"]).replaceAll("_", " "), level: String(one["level"]) }));
  const all = [...skills, ...offer.credentials.map((kind) => kind.replaceAll("_", " "))];
  if (all.length === 0) return null;
  return (
    <ul className="row wrap">
      {all.map((words) => (
        <li key={words}>
          <Badge tone="ok">
            <Icon name="check" size={14} />
            {words}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function useAnswer() {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const answer = async (offer: OfferCard, yes: boolean): Promise<void> => {
    setBusy(true);
    answered.add(offer.id);
    try {
      if (yes) await accept(offer.id);
      else await decline(offer.id);
      tell(yes ? t("offer.won") : t("offer.declined"));
      if (yes) go(`/jobs/${offer.visit_id}`);
    } catch (error) {
      if (isProblem(error, "technician_busy")) tell(t("offer.busy"));
      else tell(failureWords(w, error));
    } finally {
      setBusy(false);
      refreshOffers();
    }
  };
  return { busy, answer };
}
