// A visit that somebody agreed to and no longer has: the fee, who is asked instead, a review.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { money } from "@firstfix/shared/time";
import { Button, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { may, offerVisit, refreshBoard } from "../api";
import { useTexts } from "../words";
import { type LostVisit, needsSomebody, refreshAnswers, waiveFee } from "./api";
import { Card } from "./Card";
import { type AnswerKey, useAnswerTexts } from "./words";

const ON_ITS_WAY = ["paid", "reversed"];

export function Lost({ one, zone }: { one: LostVisit; zone: string }) {
  const t = useAnswerTexts();
  const texts = useTexts();
  const { locale } = useLocale();
  const { act, busy } = useDo(() => (refreshAnswers(), refreshBoard()));
  const [isWaiving, setWaiving] = useState(false);
  const isAlone = needsSomebody(one);
  const { fee } = one;
  const actions = (
    <>
      {isAlone && (
        <Button kind="primary" busy={busy} onClick={() => act(() => offerVisit(one.visit_id, null), (count) => texts("done.offered", { count }))}>
          {t("lost.ask")}
        </Button>
      )}
      {one.review_id && <Button onClick={() => setQuery({ page: "fairness" })}>{t("lost.review")}</Button>}
      {fee && fee.amount_cents < 0 && !ON_ITS_WAY.includes(fee.status) && may("finance", "admin") && (
        <Button onClick={() => setWaiving(true)}>{t("lost.waive")}</Button>
      )}
    </>
  );
  return (
    <Card one={one} zone={zone} badge={t(`lost.${one.how}` as AnswerKey)} tone={isAlone ? "danger" : "neutral"} actions={actions}>
      {one.reason && <p>{one.reason === "not_confirmed" ? t("lost.not_confirmed") : one.reason}</p>}
      <p className="small">
        {fee
          ? t(fee.amount_cents < 0 ? "lost.owes" : "lost.gets", { money: money(Math.abs(fee.amount_cents), fee.currency, locale) })
          : t("lost.no_fee")}
        {" · "}
        {one.visit_status !== "unscheduled" ? t("lost.again") : one.asked_count > 0 ? t("lost.asked", { count: one.asked_count }) : t("lost.nobody")}
      </p>
      {isWaiving && fee && <Waive payoutId={fee.payout_id} onClose={() => setWaiving(false)} />}
    </Card>
  );
}

function Waive({ payoutId, onClose }: { payoutId: string; onClose: () => void }) {
  const t = useAnswerTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await waiveFee(payoutId, reason.trim());
    tell(t("lost.waived"));
    refreshAnswers();
  };
  return (
    <FormDialog title={t("lost.waive")} submit={t("lost.waive")} disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <LongText label={t("lost.waive.why")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}
