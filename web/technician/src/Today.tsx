// The technician's day: what is now, what is next, what is done.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { clockTime, longDay, minutesText, timeRange } from "@firstfix/shared/time";
import { Badge, Empty, Failure, Notice, Skeleton, statusTone } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { BigAction } from "./Actions";
import { Confirmations } from "./Confirmations";
import { OVER, RUNNING } from "./moves";
import { DutyTeaser } from "./Duty";
import { FreeNow, isFreelancer, OffersTeaser } from "./Offers";
import { type Job, useShared } from "./state";
import { useTexts } from "./words";
import { ownStatusWord } from "./words-of";

export function Today() {
  const t = useTexts();
  const { locale } = useLocale();
  const { day, jobs, error, refetch } = useShared();
  if (!day) return error ? <Failure error={error} onRetry={refetch} /> : <Skeleton lines={8} />;
  const zone = day.value.time_zone;
  const open = jobs.filter((job) => !OVER.has(job.status));
  const over = jobs.filter((job) => OVER.has(job.status));
  const current = open.find((job) => RUNNING.has(job.status)) ?? open[0];
  const later = open.filter((job) => job !== current);
  return (
    <div className="stack page">
      <header>
        <p className="soft">{longDay(day.value.now, { locale, zone })}</p>
        <h1>{open.length ? t("day.count", { count: open.length }) : t("title")}</h1>
      </header>
      {day.keptAt && <Notice tone="warn">{t("day.kept", { time: clockTime(day.value.now, { locale, zone }) })}</Notice>}
      <DutyTeaser />
      <Confirmations />
      {open.length > 0 && <OffersTeaser />}
      {open.length === 0 && (isFreelancer() ? <FreeNow /> : <Nothing isDone={over.length > 0} />)}
      {current && <Current job={current} />}
      <Section title={t(current && RUNNING.has(current.status) ? "next" : "later")} jobs={later} />
      <Section title={t("done")} jobs={over} />
    </div>
  );
}

/** Sent by the office and not begun yet. */
const RUNNABLE = new Set(["dispatched", "accepted"]);

function Current({ job }: { job: Job }) {
  const t = useTexts();
  return (
    <section className="card current stack" aria-label={t(RUNNING.has(job.status) ? "now" : "next")}>
      <Link to={`/jobs/${job.id}`} className="plain-link stack tight">
        <JobHead job={job} isNext={RUNNABLE.has(job.status)} />
      </Link>
      <BigAction job={job} />
    </section>
  );
}

function Nothing({ isDone }: { isDone: boolean }) {
  const t = useTexts();
  return <Empty title={t(isDone ? "day.over" : "day.empty")}>{t("day.empty.more")}</Empty>;
}

function Section({ title, jobs }: { title: string; jobs: Job[] }) {
  if (jobs.length === 0) return null;
  return (
    <section className="stack">
      <h2 className="soft">{title}</h2>
      <ul className="stack">
        {jobs.map((job) => (
          <li key={job.id}>
            <Link to={`/jobs/${job.id}`} className="card plain-link stack tight">
              <JobHead job={job} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function JobHead({ job, isNext = false }: { job: Job; isNext?: boolean }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const zoned = { locale, zone: job.site.time_zone };
  const travel = Math.round(job.travel_seconds / 60);
  return (
    <>
      <span className="row spread">
        <strong className="when">{timeRange(job.starts_at, job.ends_at, zoned)}</strong>
        <Badge tone={statusTone(job.status)}>{isNext ? t("next") : ownStatusWord(t, w, job.status)}</Badge>
      </span>
      {job.is_unsent && (
        <span>
          <Badge tone="warn">{t("job.unsent")}</Badge>
        </span>
      )}
      <span className="job-title">{job.title}</span>
      <span className="row soft">
        <Icon name="pin" size={16} />
        <span>{job.site.address}</span>
      </span>
      <span className="soft small">
        {job.arrival_start && job.arrival_end
          ? `${t("job.window", { from: clockTime(job.arrival_start, zoned), to: clockTime(job.arrival_end, zoned) })} · `
          : ""}
        {t("job.travel", { travel: minutesText(travel) })} · {t("job.usually", { usual: minutesText(job.duration_minutes), rare: minutesText(job.p80_minutes) })}
      </span>
      {job.at_risk && <Badge tone="danger">{t("job.at_risk")}</Badge>}
    </>
  );
}
