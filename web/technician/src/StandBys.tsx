// Stand-bys: duty that one is asked to have, with its pay and hours, and duty that one has taken.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime, money } from "@firstfix/shared/time";
import { Badge, Button } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answerStandBy, fetchStandByBackOutCost, fetchStandBys, giveStandByBack, refreshOffers, session } from "./api";
import { BackOutForm } from "./BackOut";
import { Expiry } from "./Expiry";
import type { StandByCard } from "./types";
import { useTexts } from "./words";

export function useStandBys(): StandByCard[] {
  const enabled = session.principal?.roles.includes("freelancer") ?? false;
  return useQuery({ queryKey: ["offers", "stand_bys"], queryFn: fetchStandBys, enabled, refetchInterval: 30_000 }).data ?? [];
}

export function StandByRow({ card, zone, canAnswer }: { card: StandByCard; zone: string | undefined; canAnswer: boolean }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const [busy, setBusy] = useState(false);
  const [isGivingBack, setGivingBack] = useState(false);
  const pay = money(card.pay_cents, card.currency, locale);
  const told = (at: string): string => dayAndTime(at, { locale, zone });
  const say = (yes: boolean): void => {
    setBusy(true);
    answerStandBy(card.id, yes)
      .then(() => tell(t(yes ? "stand_by.won" : "offer.declined")))
      .catch((error: unknown) => tell(failureWords(w, error)))
      .finally(() => {
        setBusy(false);
        refreshOffers();
      });
  };
  return (
    <li className="card stack">
      <div className="row spread">
        <strong className="pay">{pay}</strong>
        {card.can_answer ? (
          <Badge tone="warn">
            <Icon name="clock" size={14} />
            <Expiry at={card.answer_by} />
          </Badge>
        ) : (
          card.status === "accepted" && <Badge tone="ok">{t("stand_by.yours")}</Badge>
        )}
      </div>
      <div className="stack tight">
        <span className="job-title">{t("stand_by.title", { rota: card.rota_name })}</span>
        <span>{t("duty.span", { from: told(card.starts_at), until: told(card.ends_at) })}</span>
        <span className="soft small">
          {t("stand_by.hourly", { pay: money(card.pay_cents_per_hour, card.currency, locale) })} · {t("offer.asked", { count: card.asked_count })}
        </span>
        <span className="soft small">{t("stand_by.hint")}</span>
      </div>
      {card.may_back_out && canAnswer && (
        <div>
          <Button kind="quiet" onClick={() => setGivingBack(true)}>{t("stand_by.back_out")}</Button>
        </div>
      )}
      {isGivingBack && <BackOutDialog card={card} onClose={() => setGivingBack(false)} />}
      {card.can_answer && canAnswer && (
        <div className="row">
          <Button busy={busy} onClick={() => say(false)}>{t("offer.decline")}</Button>
          <Button kind="primary" size="big" busy={busy} onClick={() => say(true)}>{t("offer.accept", { pay })}</Button>
        </div>
      )}
    </li>
  );
}

function BackOutDialog({ card, onClose }: { card: StandByCard; onClose: () => void }) {
  const t = useTexts();
  const { data: cost } = useQuery({ queryKey: ["back_out", card.id], queryFn: () => fetchStandByBackOutCost(card.id), retry: false });
  const send = async (reason: string): Promise<void> => {
    await giveStandByBack(card.id, reason);
    refreshOffers();
  };
  return <BackOutForm title={t("stand_by.back_out")} cost={cost} onClose={onClose} onSend={send} />;
}
