// The rules of pay: fee, approval, what breaking an agreement costs, limits and the day of the runs.
import { Choice, LongText } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../api";
import { Loaded } from "../watch/pieces";
import { fetchPayTerms, type PayTerms, setPayTerms } from "./api";
import { type Figure, stepsOf, stepsWritten } from "./figures";
import { Rules } from "./Rules";
import { type TermsKey, useTermsTexts } from "./words";

type Name = Exclude<keyof PayTerms, "id" | "created_at" | "cancel_steps" | "back_out_steps" | "payout_weekday">;

const FIGURES: readonly Figure<Name>[] = [
  { name: "fee_bp", unit: "pct", min: 0, max: 100, scale: 100, step: 0.01 },
  { name: "approve_hours", unit: "hours", min: 1, max: 720 },
  { name: "dispute_days", unit: "days", min: 1, max: 60 },
  { name: "limit_cents", unit: "amount", min: 0, max: 1_000_000, scale: 100, step: 0.01 },
  { name: "call_out_pct", unit: "pct", min: 0, max: 100 },
  { name: "late_cancel_hours", unit: "hours", min: 0, max: 720 },
  { name: "late_cancel_pct", unit: "pct", min: 0, max: 100 },
  { name: "late_back_out_hours", unit: "hours", min: 0, max: 720 },
  { name: "late_back_out_pct", unit: "pct", min: 0, max: 100 },
  { name: "no_show_pct", unit: "pct", min: 0, max: 100 },
];
const DAYS = ["0", "1", "2", "3", "4", "5", "6"] as const;

export function PayRules() {
  const terms = useQuery({ queryKey: ["crowd", "pay_terms"], queryFn: fetchPayTerms });
  return (
    <div className="page-columns">
      <Loaded of={terms}>{(inForce) => <InForce key={inForce.id} inForce={inForce} />}</Loaded>
    </div>
  );
}

function InForce({ inForce }: { inForce: PayTerms }) {
  const t = useTermsTexts();
  const [cancel, setCancel] = useState(stepsWritten(inForce.cancel_steps));
  const [backOut, setBackOut] = useState(stepsWritten(inForce.back_out_steps));
  const [day, setDay] = useState(String(inForce.payout_weekday ?? ""));
  const [cancel_steps, back_out_steps] = [stepsOf(cancel), stepsOf(backOut)];
  const dayWords = (one: string): string => t(one ? (`day.${one}` as TermsKey) : "day.by_hand");
  return (
    <Rules
      group="pay"
      hint={t(may("finance", "admin") ? "pay.hint" : "pay.hint.read")}
      figures={FIGURES}
      inForce={inForce}
      mayChange={may("finance", "admin")}
      rows={[
        [t("pay.cancel_steps"), stepsWritten(inForce.cancel_steps) || "–"],
        [t("pay.back_out_steps"), stepsWritten(inForce.back_out_steps) || "–"],
        [t("pay.payout_weekday"), dayWords(String(inForce.payout_weekday ?? ""))],
      ]}
      isWrong={!cancel_steps || !back_out_steps}
      fields={
        <>
          <LongText label={t("pay.cancel_steps")} hint={t(cancel_steps ? "steps.hint" : "steps.wrong")} value={cancel} onChange={setCancel} />
          <LongText label={t("pay.back_out_steps")} hint={t(back_out_steps ? "steps.hint" : "steps.wrong")} value={backOut} onChange={setBackOut} />
          <Choice label={t("pay.payout_weekday")} value={day} onChange={setDay} options={["", ...DAYS].map((one) => [one, dayWords(one)] as const)} />
        </>
      }
      onSet={(figures) => setPayTerms({ ...figures, cancel_steps: cancel_steps ?? [], back_out_steps: back_out_steps ?? [], payout_weekday: day ? Number(day) : null })}
    />
  );
}
