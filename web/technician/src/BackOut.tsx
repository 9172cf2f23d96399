// Giving back what one has taken: what it costs now, and why.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { money } from "@firstfix/shared/time";
import { LongText, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { useTexts } from "./words";

interface Asked {
  title: string;
  cost: { fee_cents: number; currency: string } | undefined;
  onClose: () => void;
  onSend: (reason: string) => Promise<unknown>;
}

export function BackOutForm({ title, cost, onClose, onSend }: Asked) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await onSend(reason);
    tell(t("back_out.done"));
  };
  return (
    <FormDialog title={title} submit={title} tone="danger" disabled={!reason.trim()} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("back_out.hint")}</p>
      {cost && (
        <Notice tone={cost.fee_cents ? "warn" : "neutral"}>
          {cost.fee_cents ? t("back_out.costs", { fee: money(cost.fee_cents, cost.currency, locale) }) : t("back_out.free")}
        </Notice>
      )}
      <LongText label={w("field.reason")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}
