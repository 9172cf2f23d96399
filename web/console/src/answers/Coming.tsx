// Who may not come: nobody confirmed, nobody set off, or somebody said to be late.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, shortSpan } from "@firstfix/shared/time";
import { Button, LongText } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { refreshBoard } from "../api";
import { useTexts } from "../words";
import { type About, breaksPromise, type ConfirmationWaiting, type LateWaiting, recordNoShow, refreshAnswers } from "./api";
import { Call, Card } from "./Card";
import { useAnswerTexts } from "./words";

interface Of<Row> {
  one: Row;
  zone: string;
}

export function Unanswered({ one, zone }: Of<ConfirmationWaiting>) {
  const t = useAnswerTexts();
  const { locale } = useLocale();
  const badge = t("unanswered.until", { time: clockTime(one.released_at, { locale, zone }) });
  return <Card one={one} zone={zone} badge={badge} tone="warn" actions={<Call one={one} />} />;
}

export function Overdue({ one, zone }: Of<About>) {
  const t = useAnswerTexts();
  const [isAsking, setAsking] = useState(false);
  const left = shortSpan(useNow() - new Date(one.starts_at).getTime());
  const actions = (
    <>
      <Call one={one} />
      <Button onClick={() => setAsking(true)}>{t("overdue.no_show")}</Button>
    </>
  );
  return (
    <Card one={one} zone={zone} badge={t("overdue.since", { left })} tone="danger" actions={actions}>
      {isAsking && <NoShow one={one} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function NoShow({ one, onClose }: { one: About; onClose: () => void }) {
  const t = useAnswerTexts();
  const texts = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await recordNoShow(one.visit_id, one.technician_id, reason.trim());
    tell(t("overdue.done"));
    refreshAnswers();
    refreshBoard();
  };
  return (
    <FormDialog title={t("overdue.no_show")} submit={t("overdue.no_show")} tone="danger" disabled={!reason.trim()} onClose={onClose} onSubmit={send}>
      <p>{t("overdue.no_show.hint", { name: one.technician_name })}</p>
      <LongText label={texts("why")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

export function Late({ one, zone }: Of<LateWaiting>) {
  const t = useAnswerTexts();
  const { locale } = useLocale();
  const time = (at: string): string => clockTime(at, { locale, zone });
  const isBroken = breaksPromise(one);
  const openWords = isBroken ? t("late.tell") : t("open");
  return (
    <Card one={one} zone={zone} badge={t("late.at", { time: time(one.arrives_at) })} tone={isBroken ? "danger" : "warn"} openWords={openWords} actions={<Call one={one} />}>
      {one.reason && <p>{one.reason}</p>}
      {one.promised_by && <p className="small">{one.arrives_at > one.promised_by ? t("late.broken", { time: time(one.promised_by) }) : t("late.kept")}</p>}
      {one.at_risk && <p className="small">{t("late.at_risk")}</p>}
    </Card>
  );
}
