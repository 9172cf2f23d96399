// The rules of trust: what counts for a score, how far anybody may be ahead, and what we promise as the buyer.
import { useQuery } from "@tanstack/react-query";
import { may } from "../api";
import { Loaded } from "../watch/pieces";
import { fetchTrustTerms, setTrustTerms, type TrustTerms } from "./api";
import type { Figure } from "./figures";
import { Rules } from "./Rules";
import { useTermsTexts } from "./words";

type Name = Exclude<keyof TrustTerms, "id" | "created_at" | "in_words">;

const FIGURES: readonly Figure<Name>[] = [
  { name: "base_points", unit: "points", min: 0, max: 100 },
  { name: "base_weight", unit: "facts", min: 1, max: 100 },
  { name: "half_life_days", unit: "days", min: 1, max: 365 },
  { name: "late_minutes", unit: "minutes", min: 0, max: 240 },
  { name: "late_points", unit: "points", min: 0, max: 100 },
  { name: "notice_hours", unit: "hours", min: 0, max: 720 },
  { name: "early_back_out_points", unit: "points", min: 0, max: 100 },
  { name: "late_back_out_points", unit: "points", min: 0, max: 100 },
  { name: "no_show_weight", unit: "times", min: 1, max: 100 },
  { name: "stars_weight", unit: "ratings", min: 1, max: 100 },
  { name: "answer_days", unit: "days", min: 1, max: 60 },
  { name: "window_days", unit: "days", min: 1, max: 365 },
  { name: "most_ahead", unit: "offers", min: 0.1, max: 1000, step: 0.1 },
  { name: "most_ahead_pct", unit: "pct", min: 0, max: 1000, step: 0.1 },
  { name: "reply_hours", unit: "hours", min: 1, max: 720 },
  { name: "approve_hours", unit: "hours", min: 1, max: 720 },
  { name: "refused_pct", unit: "pct", min: 0, max: 100 },
  { name: "cancelled_pct", unit: "pct", min: 0, max: 100 },
];

export function TrustRules() {
  const t = useTermsTexts();
  const terms = useQuery({ queryKey: ["crowd", "trust_terms"], queryFn: fetchTrustTerms });
  const mayChange = may("supervisor", "admin");
  return (
    <div className="page-columns">
      <Loaded of={terms}>
        {(inForce) => <Rules group="trust" hint={t(mayChange ? "trust.hint" : "trust.hint.read")} figures={FIGURES} inForce={inForce} mayChange={mayChange} onSet={setTrustTerms} />}
      </Loaded>
    </div>
  );
}
