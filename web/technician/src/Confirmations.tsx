// The question of the evening before: will you come tomorrow?
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { clockTime, dayName } from "@firstfix/shared/time";
import { Badge, Button, LongText } from "@firstfix/shared/ui/controls";
import { Countdown } from "@firstfix/shared/ui/countdown";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchConfirmations } from "./api";
import { isFreelancer } from "./Offers";
import { useShared } from "./state";
import type { ConfirmationCard } from "./types";
import { useTexts } from "./words";

/** Nothing while nobody asks; an answer given here leaves at once, sent or not. */
export function Confirmations() {
  const { data } = useQuery({
    queryKey: ["day", "confirmations"],
    queryFn: fetchConfirmations,
    enabled: isFreelancer(),
    refetchInterval: 60_000,
  });
  const { commands } = useShared();
  const answered = new Set(commands.filter((one) => one.kind === "confirmation").map((one) => one.payload["confirmation_id"]));
  return (data ?? []).filter((card) => !answered.has(card.id)).map((card) => <Question key={card.id} card={card} />);
}

function Question({ card }: { card: ConfirmationCard }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const { act, day } = useShared();
  const zoned = { locale, zone: day?.value.time_zone };
  const [isRefusing, setRefusing] = useState(false);
  const [reason, setReason] = useState("");
  const say = async (coming: boolean): Promise<void> => {
    await act("confirmation", null, { confirmation_id: card.id, coming, reason }, card.title);
    tell(t(coming ? "confirm.yes.done" : "back_out.done"));
  };
  return (
    <section className="card stack">
      <div className="row spread">
        <h2>{t("confirm.title")}</h2>
        {card.status === "asked" && (
          <Badge tone="warn">
            <Countdown until={card.answer_by} />
          </Badge>
        )}
      </div>
      <div className="stack tight">
        <span className="job-title">{card.title}</span>
        <span>
          {t("offer.when", { day: dayName(card.starts_at, zoned), from: clockTime(card.starts_at, zoned), to: clockTime(card.ends_at, zoned) })}
        </span>
        <span className="soft">{card.address}</span>
      </div>
      <Button kind="primary" size="big" onClick={() => void say(true)}>{t("confirm.yes")}</Button>
      <Button onClick={() => setRefusing(true)}>{t("confirm.no")}</Button>
      {isRefusing && (
        <FormDialog title={t("confirm.no")} submit={t("back_out")} tone="danger" disabled={!reason.trim()} onClose={() => setRefusing(false)} onSubmit={() => say(false)}>
          <p className="soft">{t("back_out.hint")}</p>
          <LongText label={w("field.reason")} value={reason} onChange={setReason} required />
        </FormDialog>
      )}
    </section>
  );
}
