// Whom a job was offered to, for what, and what they said; open offers can be withdrawn.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime, money } from "@firstfix/shared/time";
import { Badge, Button, Failure, type Tone } from "@firstfix/shared/ui/controls";
import { useDo } from "@firstfix/shared/ui/dialog";
import { may, refreshBoard } from "../api";
import { useNames } from "../money/api";
import type { Board } from "../state";
import type { BoardVisit } from "../types";
import { type Offer, useAsked, withdraw } from "./api";
import { useOfferTexts } from "./words";

const TONES: Record<Offer["status"], Tone> = {
  sent: "accent",
  viewed: "accent",
  countered: "warn",
  accepted: "ok",
  declined: "neutral",
  expired: "neutral",
  withdrawn: "neutral",
  filled: "neutral",
};

export function Asked({ visit, board }: { visit: BoardVisit; board: Board }) {
  const { data, error, refetch } = useAsked(visit.id);
  if (!data && error) return <Failure error={error} onRetry={() => void refetch()} />;
  return data?.length ? <List offers={data} board={board} /> : null;
}

function List({ offers, board }: { offers: Offer[]; board: Board }) {
  const t = useOfferTexts();
  const elsewhere = useNames();
  const named = (id: string): string => board.technicians.find((one) => one.id === id)?.name ?? elsewhere(id);
  const { locale } = useLocale();
  const { act } = useDo(refreshBoard);
  return (
    <section className="stack tight">
      <h3>{t("asked")}</h3>
      <ul className="stack tight plain">
        {offers.map((one) => (
          <li key={one.id} className="card stack tight">
            <span className="row spread wrap">
              <strong>{named(one.technician_id)}</strong>
              <Badge tone={TONES[one.status]}>{t(`status.${one.status}`)}</Badge>
            </span>
            <span className="soft small">
              {money(one.pay_cents, one.currency, locale)} · {t(`asked.as.${one.kind}`, { wave: one.wave })}
              {one.moves.length > 0 && <> · {t("asked.until", { at: dayAndTime(one.expires_at, { locale, zone: board.zone }) })}</>}
            </span>
            {one.decline_reason && <span className="soft small">{t("asked.why", { reason: one.decline_reason })}</span>}
            {one.moves.includes("withdraw") && may("dispatcher", "supervisor", "admin") && (
              <div>
                <Button
                  kind="quiet"
                  aria-label={t("asked.withdraw.of", { name: named(one.technician_id) })}
                  onClick={() => act(() => withdraw(one.id), t("asked.withdrawn"))}
                >
                  {t("asked.withdraw")}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
