// What the company is paid for its people, and where the money goes.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { payoutKindWord, payoutWord, useWords } from "@firstfix/shared/i18n/words";
import { dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PurseCard, TONES } from "../Earnings";
import { BankDialog } from "../papers";
import { useTexts as usePhoneTexts } from "../words";
import { fetchEarnings, refresh, setBank } from "./api";
import { useNameOf } from "./People";
import { useTexts } from "./words";

export function Money() {
  const t = useTexts();
  const phone = usePhoneTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const nameOf = useNameOf();
  const { data, error, refetch } = useQuery({ queryKey: ["company", "earnings"], queryFn: fetchEarnings });
  const [isChanging, setChanging] = useState(false);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const save = async (holder: string, iban: string): Promise<void> => {
    await setBank(holder, iban);
    tell(phone("file.saved"));
    refresh();
  };
  return (
    <>
      <section className="card stack tight">
        <span className="row spread">
          <h2>{phone("file.bank")}</h2>
          <Button kind="quiet" aria-label={`${phone("file.bank")}: ${phone("file.change")}`} onClick={() => setChanging(true)}>
            {phone("file.change")}
          </Button>
        </span>
        <p className={data.bank_label ? undefined : "soft"}>{data.bank_label ?? phone("file.none")}</p>
      </section>
      {data.purses.map((purse) => (
        <PurseCard key={purse.currency} purse={purse} />
      ))}
      {data.payouts.length === 0 && <Empty title={t("money.none")}>{t("money.none.more")}</Empty>}
      <ul className="cards">
        {data.payouts.map((payout) => (
          <li key={payout.id} className="card stack tight">
            <span className="row spread">
              <strong>{money(payout.amount_cents, payout.currency, locale)}</strong>
              <Badge tone={TONES[payout.status] ?? "neutral"}>{payoutWord(w, payout.status)}</Badge>
            </span>
            <span>{nameOf(payout.technician_id)}</span>
            <span className="soft">
              {payoutKindWord(w, payout.kind)} · {dayName(payout.created_at, { locale })}
            </span>
          </li>
        ))}
      </ul>
      {isChanging && <BankDialog holder="" onClose={() => setChanging(false)} onSave={save} />}
    </>
  );
}
