// How it went: stars, effort, solved at the first visit, words.
import { Button, Failure, LongText } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { type FormEvent, useState } from "react";
import { queries, rate } from "./api";
import { useAttempt } from "./booking/Who";
import { useTexts } from "./words";

const SCALE = [1, 2, 3, 4, 5];

export function Rating({ visitId }: { visitId: string }) {
  const t = useTexts();
  const [csat, setCsat] = useState(0);
  const [effort, setEffort] = useState<number | null>(null);
  const [solved, setSolved] = useState<boolean | null>(null);
  const [comment, setComment] = useState("");
  const { busy, error, attempt } = useAttempt();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void attempt(async () => {
      await rate(visitId, { csat, effort, solved_first_time: solved ?? false, comment });
      await queries.invalidateQueries();
    });
  };
  return (
    <form className="card stack" onSubmit={send}>
      <h2>{t("rate.title")}</h2>
      <div className="stars" role="radiogroup" aria-label={t("rate.title")}>
        {SCALE.map((stars) => (
          <label key={stars} className="star" data-on={stars <= csat || undefined}>
            <input type="radio" name="csat" className="visually-hidden" checked={csat === stars} onChange={() => setCsat(stars)} />
            <Icon name="star" size={38} filled={stars <= csat} />
            <span className="visually-hidden">{t("rate.stars", { count: stars })}</span>
          </label>
        ))}
      </div>
      <fieldset className="scale">
        <legend>{t("rate.effort")}</legend>
        {SCALE.map((level) => (
          <label key={level} className="step">
            <input type="radio" name="effort" checked={effort === level} onChange={() => setEffort(level)} />
            {level}
          </label>
        ))}
        <span className="row spread small soft">
          <span>{t("rate.effort.1")}</span>
          <span>{t("rate.effort.5")}</span>
        </span>
      </fieldset>
      <fieldset className="scale two">
        <legend>{t("rate.solved")}</legend>
        {[true, false].map((yes) => (
          <label key={String(yes)} className="step">
            <input type="radio" name="solved" checked={solved === yes} onChange={() => setSolved(yes)} />
            {t(yes ? "rate.yes" : "rate.no")}
          </label>
        ))}
      </fieldset>
      <LongText label={t("rate.comment")} rows={2} value={comment} onChange={setComment} />
      <Failure error={error} />
      <Button type="submit" kind="primary" size="big" busy={busy} disabled={csat === 0 || solved === null}>
        {t("rate.send")}
      </Button>
    </form>
  );
}
