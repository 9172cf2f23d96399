// One's own score with every reason, one's share of offers, and asking a person to look again.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Link } from "@firstfix/shared/router";
import { dayAndTime, dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, LongText, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askReview, fetchFairShare, fetchReviews, fetchRules, fetchScore, queries, type ReviewSubject } from "./api";
import { useShared } from "./state";
import type { Considered, Review, ScoreChange } from "./types";
import { type TextKey, useTexts } from "./words";

const SHOWN = 15;
/** Why one was not asked though one could, then why one could not. */
const REASONS = [
  "preferred_first", "others_behind", "later", "too_dear", "asked_enough", "asked_elsewhere", "crowd_share_used_up",
  "inactive", "excluded", "not_required", "too_far", "not_free", "hours_full", "suspended", "proof_missing", "proof_ends", "terms_missing",
  "skill_missing", "credential_missing", "credential_expired", "overlap", "travel", "language", "pinned",
];

export function ScorePage() {
  const t = useTexts();
  const score = useQuery({ queryKey: ["score"], queryFn: fetchScore });
  const reviews = useQuery({ queryKey: ["reviews"], queryFn: fetchReviews });
  const [asking, setAsking] = useState<ReviewSubject | null>(null);
  if (!score.data) return score.error ? <Failure error={score.error} onRetry={() => void score.refetch()} /> : <Skeleton lines={8} />;
  const { points, changes, facts } = score.data;
  const counting = new Set(facts.filter((fact) => !fact.dropped).map((fact) => fact.id));
  const open = new Set((reviews.data ?? []).filter((one) => one.status === "open").map((one) => one.fact_id ?? one.consideration_id));
  const latest = new Set<string>();
  return (
    <div className="stack page">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1>{t("score")}</h1>
      <section className="card stack tight">
        <span className="row spread">
          <strong className="pay">{t("score.points", { points })}</strong>
          <span className="soft">{t("score.of_100")}</span>
        </span>
        <meter min={0} max={100} value={points} aria-label={t("score")} className="score-meter" />
        <p className="soft small">{t("score.declining")}</p>
      </section>
      <h2>{t("score.why")}</h2>
      {changes.length === 0 && <Empty title={t("score.none")}>{t("score.none.more")}</Empty>}
      <ul className="stack">
        {changes.slice(0, SHOWN).map((change) => {
          const first = !latest.has(change.fact_id);
          latest.add(change.fact_id);
          return (
            <ChangeRow
              key={change.id}
              change={change}
              isOpen={first && open.has(change.fact_id)}
              onContest={first && counting.has(change.fact_id) && !open.has(change.fact_id) ? () => setAsking({ fact_id: change.fact_id }) : null}
            />
          );
        })}
      </ul>
      <FairShare open={open} onAsk={(consideration_id) => setAsking({ consideration_id })} />
      <Reviews reviews={reviews.data ?? []} />
      <Rules />
      {asking && <Ask subject={asking} onClose={() => setAsking(null)} />}
    </div>
  );
}

function ChangeRow({ change, isOpen, onContest }: { change: ScoreChange; isOpen: boolean; onContest: (() => void) | null }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { day } = useShared();
  const moved = change.after - change.before;
  return (
    <li className="card stack tight">
      <span className="row spread">
        <strong>{t(`score.fact.${change.kind}` as TextKey, { value: change.value ?? 0 })}</strong>
        <Badge tone={moved > 0 ? "ok" : moved < 0 ? "warn" : "neutral"}>{moved > 0 ? `+${moved}` : String(moved).replace("-", "−")}</Badge>
      </span>
      {change.cause !== "added" && <span>{t(`score.cause.${change.cause}` as TextKey)}</span>}
      <span className="row spread">
        <span className="soft small">
          {dayAndTime(change.changed_at, { locale, zone: day?.value.time_zone })} · {t("score.moved", { before: change.before, after: change.after })}
        </span>
        {isOpen && <Badge tone="accent">{t("review.waits")}</Badge>}
        {onContest && (
          <Button kind="quiet" onClick={onContest}>
            {t("score.contest")}
          </Button>
        )}
      </span>
    </li>
  );
}

function FairShare({ open, onAsk }: { open: Set<string | number | null>; onAsk: (consideration: number) => void }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { data } = useQuery({ queryKey: ["fair_share"], queryFn: fetchFairShare });
  if (!data) return null;
  const { share, considerations } = data;
  return (
    <>
      <h2>{t("fair")}</h2>
      {!share && <p className="soft">{t("fair.none")}</p>}
      {share && (
        <section className="card stack tight">
          <p>{t("fair.asked", { asked: share.asked, able: share.times_able, equal: share.equal_share.toLocaleString(locale, { maximumFractionDigits: 1 }) })}</p>
          <p className="soft small">
            {t("fair.agreed", { agreed: money(share.agreed_cents, data.currency, locale), equal: money(share.equal_agreed_cents, data.currency, locale) })}
          </p>
        </section>
      )}
      <ul className="stack">
        {considerations.filter((one) => !one.was_asked).slice(0, 5).map((one) => (
          <NotAsked key={one.id} one={one} isOpen={open.has(one.id)} onAsk={() => onAsk(one.id)} />
        ))}
      </ul>
    </>
  );
}

function NotAsked({ one, isOpen, onAsk }: { one: Considered; isOpen: boolean; onAsk: () => void }) {
  const t = useTexts();
  const { locale } = useLocale();
  const why = t((REASONS.includes(one.reason) ? `fair.not.${one.reason}` : "fair.not.other") as TextKey);
  return (
    <li className="card stack tight">
      <strong>{t("fair.not_asked", { work: one.work_type })}</strong>
      <span>{why}</span>
      <span className="row wrap spread">
        <span className="soft small">
          {dayAndTime(one.decided_at, { locale })} · {t("fair.of", { asked: one.asked_count, able: one.able })}
        </span>
        {isOpen ? (
          <Badge tone="accent">{t("review.waits")}</Badge>
        ) : (
          <Button kind="quiet" onClick={onAsk}>
            {t("review.ask")}
          </Button>
        )}
      </span>
    </li>
  );
}

function Reviews({ reviews }: { reviews: Review[] }) {
  const t = useTexts();
  const { locale } = useLocale();
  if (reviews.length === 0) return null;
  return (
    <>
      <h2>{t("review.title")}</h2>
      <ul className="stack">
        {reviews.map((one) => (
          <li key={one.id} className="card stack tight">
            <span className="row spread">
              <Badge tone={one.status === "granted" ? "ok" : one.status === "open" ? "accent" : "neutral"}>{t(`review.${one.status}` as TextKey)}</Badge>
              {one.status === "open" && <span className="soft small">{t("review.by", { day: dayName(one.answer_by, { locale }) })}</span>}
            </span>
            <span>{one.reason}</span>
            {one.answer && <Notice>{one.answer}</Notice>}
            {one.status === "open" && one.is_overdue && <Notice tone="warn">{t("review.overdue")}</Notice>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Rules() {
  const t = useTexts();
  const { data } = useQuery({ queryKey: ["trust_rules"], queryFn: fetchRules, staleTime: 600_000 });
  if (!data) return null;
  return (
    <details className="card">
      <summary>{t("score.rules")}</summary>
      <ul className="stack tight">
        {data.in_words.map((rule) => (
          <li key={rule.rule}>{t(`score.rule.${rule.rule}` as TextKey, rule.figures)}</li>
        ))}
      </ul>
    </details>
  );
}

function Ask({ subject, onClose }: { subject: ReviewSubject; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await askReview({ ...subject, reason: reason.trim() });
    tell(t("review.sent"));
    void queries.invalidateQueries({ queryKey: ["reviews"] });
  };
  return (
    <FormDialog title={t("review.ask")} submit={t("review.send")} disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{t("review.lead")}</p>
      <LongText label={t("review.reason")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}
