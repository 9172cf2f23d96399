// What was earned, what waits, what was paid, and the statement of a month as a file.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, payoutKindWord, payoutWord, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { dayName, isoDay, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, LongText, Skeleton, type Tone } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { disputePayout, fetchEarnings, fetchStatement, queries } from "./api";
import { Extra } from "./Extra";
import { useShared } from "./state";
import type { Payout, Purse } from "./types";
import { useTexts } from "./words";

const PLACES = ["earned", "payable", "in_transit", "paid", "disputed"] as const;
export const TONES: Record<string, Tone> = { earned: "neutral", approved: "accent", resolved: "accent", paid: "ok", disputed: "warn", reversed: "danger" };
const DOUBTED = ["earned", "approved", "paid"];

export function EarningsPage() {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["earnings"], queryFn: fetchEarnings });
  const [doubted, setDoubted] = useState<Payout | null>(null);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const inDoubt = new Set(data.disputes.filter((one) => one.status === "open").map((one) => one.payout_id));
  return (
    <div className="stack page">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1>{t("earnings")}</h1>
      {data.payouts.length === 0 && <Empty title={t("earnings.none")}>{t("earnings.none.more")}</Empty>}
      {data.purses.map((purse) => (
        <PurseCard key={purse.currency} purse={purse} />
      ))}
      <Extra changes={data.pay_changes} payouts={data.payouts} />
      <Statement />
      {data.payouts.length > 0 && <h2>{t("earnings.list")}</h2>}
      <ul className="stack">
        {data.payouts.map((payout) => (
          <PayoutRow key={payout.id} payout={payout} isInDoubt={inDoubt.has(payout.id)} onDoubt={() => setDoubted(payout)} />
        ))}
      </ul>
      {doubted && <Doubt payout={doubted} onClose={() => setDoubted(null)} />}
    </div>
  );
}

export function PurseCard({ purse }: { purse: Purse }) {
  const t = useTexts();
  const { locale } = useLocale();
  return (
    <dl className="card facts">
      {PLACES.filter((place) => place !== "disputed" || purse.disputed !== 0).map((place) => (
        <div key={place} className="row spread">
          <dt>{t(`earnings.${place}`)}</dt>
          <dd className={place === "payable" ? "strong" : undefined}>{money(purse[place], purse.currency, locale)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface RowProps {
  payout: Payout;
  isInDoubt: boolean;
  onDoubt: () => void;
}

function PayoutRow({ payout, isInDoubt, onDoubt }: RowProps) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { day } = useShared();
  const zoned = { locale, zone: day?.value.time_zone };
  return (
    <li className="card stack tight">
      <span className="row spread">
        <strong>{money(payout.amount_cents, payout.currency, locale)}</strong>
        <Badge tone={TONES[payout.status] ?? "neutral"}>{payoutWord(w, payout.status)}</Badge>
      </span>
      <span>
        {payoutKindWord(w, payout.kind)} · {dayName(payout.created_at, zoned)}
      </span>
      {payout.note && <span className="soft">{payout.note}</span>}
      <span className="row spread">
        <span className="soft small">
          {payout.status === "earned" && payout.approve_by ? t("payout.approved_by", { day: dayName(payout.approve_by, zoned) }) : ""}
        </span>
        {isInDoubt && <Badge tone="warn">{t("payout.in_doubt")}</Badge>}
        {!isInDoubt && DOUBTED.includes(payout.status) && (
          <Button kind="quiet" onClick={onDoubt}>
            {t("payout.doubt")}
          </Button>
        )}
      </span>
    </li>
  );
}

function Doubt({ payout, onClose }: { payout: Payout; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await disputePayout(payout.id, reason.trim());
    tell(t("payout.doubt.sent"));
    void queries.invalidateQueries({ queryKey: ["earnings"] });
  };
  return (
    <FormDialog title={t("payout.doubt")} submit={t("review.send")} disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{t("payout.doubt.lead")}</p>
      <LongText label={t("review.reason")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

/** The last twelve months, as `2026-03`. */
function months(today: string): string[] {
  const [year, month] = today.split("-").map(Number) as [number, number];
  return Array.from({ length: 12 }, (_, n) => {
    const at = year * 12 + month - 1 - n;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

function Statement() {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const all = months(isoDay(businessNow()));
  const [month, setMonth] = useState(all[0]!);
  const [busy, setBusy] = useState(false);
  const download = async (form: "pdf" | "csv"): Promise<void> => {
    setBusy(true);
    try {
      const [year, number] = month.split("-").map(Number) as [number, number];
      const url = URL.createObjectURL(await fetchStatement(year, number, form));
      const link = Object.assign(document.createElement("a"), { href: url, download: `statement-${month}.${form}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      tell(failureWords(w, error));
    } finally {
      setBusy(false);
    }
  };
  const named = (one: string): string => new Date(`${one}-15T12:00:00Z`).toLocaleDateString(locale, { month: "long", year: "numeric" });
  return (
    <section className="card stack">
      <Choice label={t("statement.month")} value={month} onChange={setMonth} options={all.map((one) => [one, named(one)] as const)} />
      <div className="row">
        <Button busy={busy} onClick={() => void download("pdf")}>
          {t("statement.pdf")}
        </Button>
        <Button kind="quiet" busy={busy} onClick={() => void download("csv")}>
          {t("statement.csv")}
        </Button>
      </div>
    </section>
  );
}
