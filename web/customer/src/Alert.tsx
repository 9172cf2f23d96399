// What a device reports, what may happen and when, and what the customer can choose.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Link } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answerAlert, fetchAlert, queries } from "./api";
import { useAttempt } from "./booking/Who";
import type { AlertShown, Window } from "./types";
import { useTexts } from "./words";
import { WindowList } from "./Windows";

const TONES = { info: "accent", warning: "warn", critical: "danger" } as const;

export function AlertPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ["alert", id], queryFn: () => fetchAlert(id), refetchInterval: 30_000 });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  return <Alert alert={data} />;
}

function Alert({ alert }: { alert: AlertShown }) {
  const t = useTexts();
  const { language, locale } = useLocale();
  const zoned = { locale, zone: alert.time_zone };
  return (
    <>
      <header className="stack tight">
        <span>
          <Badge tone={TONES[alert.severity]}>{t(`alert.${alert.severity}`)}</Badge>
        </span>
        <h1>{t("alert.title", { asset: alert.asset_name })}</h1>
        <p className="soft">
          {[alert.asset_model, alert.address].filter(Boolean).join(" · ")}
        </p>
      </header>
      {alert.danger !== "none" && <Notice tone="danger">{t(`alert.danger.${alert.danger}`)}</Notice>}
      <section className="card stack tight">
        <h2>{t("alert.seen")}</h2>
        <p className="soft small">{t("alert.since", { time: dayAndTime(alert.opened_at, zoned) })}</p>
        <p>{alert.words[language] ?? alert.words["en"]}</p>
        {alert.predicted_at && <p className="strong">{t("alert.predicted", { time: dayAndTime(alert.predicted_at, zoned) })}</p>}
      </section>
      {alert.workaround && (
        <section className="card stack tight">
          <h2>{t("alert.meanwhile")}</h2>
          <p>{alert.workaround}</p>
        </section>
      )}
      <Answer alert={alert} />
    </>
  );
}

function Answer({ alert }: { alert: AlertShown }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { busy, error, attempt } = useAttempt();
  const [chosen, setChosen] = useState<Window | null>(null);
  const answer = (choice: "remote_fix" | "slot" | "ignore"): void =>
    void attempt(async () => {
      await answerAlert(alert.id, choice, chosen ?? undefined);
      await queries.invalidateQueries();
    });
  if (alert.status === "cleared" && !alert.visit_id) return <Notice tone="ok">{t("alert.cleared")}</Notice>;
  return (
    <section className="stack">
      {alert.answer && <Notice tone="ok">{t(`alert.answered.${alert.answer}`)}</Notice>}
      {alert.visit_id && (
        <Link to={`/visits/${alert.visit_id}`} className="button big">
          {t("alert.track")}
        </Link>
      )}
      {alert.choices.length > 0 && <h2>{t("alert.choose")}</h2>}
      {alert.answer_due_at && alert.choices.length > 0 && (
        <p className="soft">{t("alert.answer_by", { time: dayAndTime(alert.answer_due_at, { locale, zone: alert.time_zone }) })}</p>
      )}
      {alert.choices.includes("remote_fix") && (
        <>
          <Button size="big" busy={busy} onClick={() => answer("remote_fix")}>
            {t("alert.remote")}
          </Button>
          <p className="soft small">{t("alert.remote.hint")}</p>
        </>
      )}
      {alert.choices.includes("slot") &&
        (alert.windows.length > 0 ? (
          <>
            <p>{t("alert.slot")}</p>
            <WindowList windows={alert.windows} zone={alert.time_zone} chosen={chosen} onChoose={setChosen} />
            <Button kind="primary" size="big" busy={busy} disabled={!chosen} onClick={() => answer("slot")}>
              {t("when.confirm")}
            </Button>
          </>
        ) : (
          <Notice>{t("alert.no_windows")}</Notice>
        ))}
      <Failure error={error} />
      {alert.choices.includes("ignore") && (
        <>
          <Button size="big" busy={busy} onClick={() => answer("ignore")}>
            {t("alert.ignore")}
          </Button>
          <p className="soft small">{t("alert.ignore.hint")}</p>
        </>
      )}
    </section>
  );
}
