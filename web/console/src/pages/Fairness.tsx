// Fairness: what each freelancer got against an equal share, and what a person is to look at again.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime, dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, LongText, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { Dialog, FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { useNames } from "../money/api";
import { TrustRules } from "../terms/TrustRules";
import { useTermsTexts } from "../terms/words";
import { fetchScored } from "../trust/api";
import { Buyer } from "../trust/Buyer";
import { Scores } from "../trust/Scores";
import { useTrustTexts } from "../trust/words";
import type { Territory } from "../types";
import { TabbedPage } from "../watch/pieces";
import { useTexts } from "../words";
import {
  answerReview, fetchConsidered, fetchFairness, fetchFairnessCsv, fetchReviews, type Review, save, type Share,
} from "./crowd";

/** Others than planners see only how we do as the buyer, and the rules. */
export function Fairness({ territory }: { territory: Territory }) {
  const t = useTrustTexts();
  const terms = useTermsTexts();
  const everybody = [{ key: "buyer", words: t("tab.buyer"), Content: Buyer }, { key: "rules", words: terms("tab.rules"), Content: TrustRules }];
  const planners = [{ key: "shares", words: t("tab.shares"), Content: Shares }, { key: "scores", words: t("tab.scores"), Content: Scores }];
  return <TabbedPage label={t("tabs")} territory={territory} tabs={may("dispatcher", "supervisor", "admin") ? [...planners, ...everybody] : everybody} />;
}

function Shares() {
  return (
    <div className="page-columns">
      <Report />
      <Reviews />
    </div>
  );
}

function Report() {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const [opened, setOpened] = useState<Share | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "fairness"], queryFn: fetchFairness });
  const scores = useQuery({ queryKey: ["crowd", "scored"], queryFn: fetchScored });
  const number = (value: number): string => value.toLocaleString(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const download = (): void =>
    void fetchFairnessCsv()
      .then((blob) => save(blob, "fairness.csv"))
      .catch((failure: unknown) => tell(failureWords(w, failure)));
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const beyond = data.lines.filter((line) => !line.is_within_bound).length;
  return (
    <section className="stack">
      <Notice tone={beyond ? "warn" : "ok"}>
        <strong>{beyond ? t("fairness.beyond", { count: beyond }) : t("fairness.within")}</strong>
        <span className="small">
          {t("fairness.rule", { offers: data.most_ahead, pct: data.most_ahead_pct, from: dayName(data.since, { locale }) })}
        </span>
      </Notice>
      <div>
        <Button onClick={download}>{t("fairness.csv")}</Button>
      </div>
      {data.lines.length === 0 && <Empty title={t("fairness.none")}>{t("fairness.none.more")}</Empty>}
      {data.lines.length > 0 && (
        <div className="scroll">
          <table className="money">
            <caption>{t("fairness.hint")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("payouts.who")}</th>
                <th scope="col">{t("fairness.score")}</th>
                <th scope="col">{t("fairness.able")}</th>
                <th scope="col">{t("fairness.asked")}</th>
                <th scope="col">{t("fairness.equal")}</th>
                <th scope="col">{t("fairness.ahead")}</th>
                <th scope="col">{t("fairness.agreed")}</th>
                <th scope="col">{t("fairness.equal")}</th>
              </tr>
            </thead>
            <tbody>
              {data.lines.map((line) => (
                <tr key={line.technician_id}>
                  <th scope="row">
                    <Button kind="quiet" onClick={() => setOpened(line)}>
                      {line.name}
                    </Button>
                  </th>
                  <td>
                    <button type="button" className="link" aria-label={`${line.name}: ${t("fairness.score")}`} onClick={() => setQuery({ tab: "scores", item: line.technician_id })}>
                      {scores.data?.find((one) => one.technician_id === line.technician_id)?.points ?? ""}
                    </button>
                  </td>
                  <td>{line.times_able}</td>
                  <td>{line.asked}</td>
                  <td>{line.equal_share.toLocaleString(locale, { maximumFractionDigits: 1 })}</td>
                  <td>
                    {line.is_within_bound ? number(line.ahead) : <Badge tone="warn">{number(line.ahead)}</Badge>}
                  </td>
                  <td>{money(line.agreed_cents, data.currency, locale)}</td>
                  <td>{money(line.equal_agreed_cents, data.currency, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {opened && <Considered share={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

/** Each time the person was thought of, and why not asked. */
function Considered({ share, onClose }: { share: Share; onClose: () => void }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { data, error } = useQuery({ queryKey: ["crowd", "considered", share.technician_id], queryFn: () => fetchConsidered(share.technician_id) });
  return (
    <Dialog title={share.name} onClose={onClose}>
      <div className="stack">
        {!data && (error ? <Failure error={error} /> : <Skeleton lines={5} />)}
        {data?.map((one) => (
          <div key={one.id} className="stack tight">
            <span className="row spread">
              <strong>{one.work_type}</strong>
              <span className="soft small">{dayAndTime(one.decided_at, { locale })}</span>
            </span>
            <span>{one.sentence}</span>
            <span className="soft small">{t("fairness.of", { asked: one.asked_count, able: one.able })}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function Reviews() {
  const t = useTexts();
  const { locale } = useLocale();
  const named = useNames();
  const [answering, setAnswering] = useState<Review | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "reviews"], queryFn: fetchReviews, refetchInterval: 60_000 });
  const sorted = [...(data ?? [])].sort((a, b) => a.answer_by.localeCompare(b.answer_by));
  return (
    <section className="stack">
      <h2>{t("reviews")}</h2>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
      {data?.length === 0 && <Empty title={t("reviews.none")} />}
      {sorted.map((one) => (
        <article key={one.id} className="card stack tight">
          <span className="row spread">
            <strong>{named(one.technician_id)}</strong>
            <Badge tone={one.is_overdue ? "danger" : "warn"}>{t("payouts.answer_by", { day: dayName(one.answer_by, { locale }) })}</Badge>
          </span>
          <span className="soft small">{t(one.fact_id ? "reviews.score" : one.consideration_id ? "reviews.offers" : "reviews.other")}</span>
          <p>{one.reason}</p>
          <div>
            <Button onClick={() => setAnswering(one)}>{t("reviews.answer")}</Button>
          </div>
        </article>
      ))}
      {answering && <Answer review={answering} onClose={() => setAnswering(null)} />}
    </section>
  );
}

function Answer({ review, onClose }: { review: Review; onClose: () => void }) {
  const t = useTexts();
  const [answer, setAnswer] = useState("");
  const [granted, setGranted] = useState(true);
  const send = async (): Promise<void> => {
    await answerReview(review.id, granted, answer.trim());
    void queries.invalidateQueries({ queryKey: ["crowd"] });
  };
  return (
    <FormDialog title={t("reviews.answer")} submit={t("reviews.send")} disabled={answer.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{review.reason}</p>
      <label className="row">
        <input type="checkbox" checked={granted} onChange={(e) => setGranted(e.target.checked)} />
        {t(review.fact_id ? "reviews.granted_fact" : "reviews.granted")}
      </label>
      <LongText label={t("payouts.answer")} value={answer} onChange={setAnswer} required />
    </FormDialog>
  );
}
