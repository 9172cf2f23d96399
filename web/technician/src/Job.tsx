// One job: how to get there and in, what it is about, what to bring, and the next action at the thumb.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Link } from "@firstfix/shared/router";
import { dayAndTime, dayName } from "@firstfix/shared/time";
import { Badge, Empty, Skeleton } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BigAction } from "./Actions";
import { fetchVisit } from "./api";
import { overlay } from "./overlay";
import { type Job, useShared } from "./state";
import { JobHead } from "./Today";
import { type TextKey, useTexts } from "./words";

export function JobPage({ id }: { id: string }) {
  const t = useTexts();
  const { job, isLoading } = useJob(id);
  if (isLoading) return <Skeleton lines={8} />;
  if (!job)
    return (
      <Empty title={t("job.gone")}>
        <p>{t("job.gone.more")}</p>
        <Link to="/" className="button">{t("today")}</Link>
      </Empty>
    );
  return (
    <div className="stack page job">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1 className="visually-hidden">{job.title}</h1>
      <div className="card stack tight">
        <JobHead job={job} />
        <p>{job.contact.name}</p>
        <p className="small soft">{job.work_order_number} · {job.work_type}</p>
        <Ways job={job} />
      </div>
      <Access job={job} />
      <About job={job} />
      <Remedies job={job} />
      <Parts job={job} />
      <Part title={t("job.why")}>
        <p>{t(`assigned.${job.assigned_by}` as TextKey)}</p>
        {job.crew_size > 1 && <Badge>{t("job.crew", { count: job.crew_size })}</Badge>}
      </Part>
      <div className="thumb">
        <BigAction job={job} more />
      </div>
    </div>
  );
}

/** From today's plan; a job of another day is asked for by itself. */
function useJob(id: string): { job: Job | undefined; isLoading: boolean } {
  const { day, jobs, commands } = useShared();
  const today = jobs.find((one) => one.id === id);
  const other = useQuery({
    queryKey: ["day", "job", id],
    queryFn: () => fetchVisit(id),
    enabled: day !== undefined && today === undefined,
    retry: false,
  });
  const job = today ?? (other.data && overlay([other.data], commands)[0]);
  return { job, isLoading: !day || (!job && other.isFetching) };
}

function Ways({ job }: { job: Job }) {
  const t = useTexts();
  const { latitude, longitude } = job.site;
  return (
    <div className="row wrap ways">
      <a className="button grow" href={`geo:${latitude},${longitude}?q=${latitude},${longitude}`}>
        <Icon name="truck" />
        {t("job.navigate")}
      </a>
      {job.contact.phone && (
        <a className="button grow" href={`tel:${job.contact.phone}`} aria-label={t("job.call_whom", { name: job.contact.name })}>
          <Icon name="phone" />
          {t("job.call")}
        </a>
      )}
    </div>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card stack tight">
      <h2 className="part-title">{title}</h2>
      {children}
    </section>
  );
}

function Access({ job }: { job: Job }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { access_notes, access_notes_confidential, keys, time_zone } = job.site;
  return (
    <Part title={t("job.access")}>
      <p>{access_notes || t("job.access.none")}</p>
      {access_notes_confidential && (
        <p className="row">
          <Icon name="lock" size={16} />
          {access_notes_confidential}
        </p>
      )}
      {keys.map((key) => (
        <p key={key.label} className="row wrap">
          <Icon name="lock" size={16} />
          {key.label}: <strong className="code">{key.secret}</strong>
          <span className="soft small">{t("job.key_until", { time: dayAndTime(key.valid_until, { locale, zone: time_zone }) })}</span>
        </p>
      ))}
    </Part>
  );
}

function About({ job }: { job: Job }) {
  const t = useTexts();
  const { locale } = useLocale();
  return (
    <Part title={t("job.what")}>
      <p>{job.description || job.title}</p>
      {job.note && <p className="soft">{job.note}</p>}
      {job.asset && (
        <p className="soft">
          {job.asset.name} {job.asset.model}
          {job.asset.serial && ` · ${t("job.serial", { serial: job.asset.serial })}`}
          {job.asset.warranty_until && ` · ${t("job.warranty", { date: dayName(job.asset.warranty_until, { locale }) })}`}
        </p>
      )}
    </Part>
  );
}

/** What the customer was told and got meanwhile; a day stored by an older app does not know. */
function Remedies({ job }: { job: Job }) {
  const t = useTexts();
  const { language, locale } = useLocale();
  const remedies = job.remedies ?? [];
  const inWords = (words: Record<string, string>): string => words[language] ?? words["en"] ?? "";
  if (remedies.length === 0) return null;
  return (
    <Part title={t("job.remedies")}>
      {remedies.map((one) => (
        <div key={one.kind + one.carried_out_at} className="stack tight">
          <p>
            <strong>{t(`remedy.${one.kind}` as TextKey)}</strong>{" "}
            <span className="soft small">{dayAndTime(one.carried_out_at, { locale, zone: job.site.time_zone })}</span>
          </p>
          {one.instructions ? <p>{t("remedy.told", { words: inWords(one.instructions) })}</p> : <p className="soft">{inWords(one.words)}</p>}
        </div>
      ))}
    </Part>
  );
}

function Parts({ job }: { job: Job }) {
  const t = useTexts();
  if (job.parts.length === 0 && !job.depot) return null;
  return (
    <Part title={t("job.parts")}>
      {job.depot && <p>{t("job.fetch", { name: job.depot.name, address: job.depot.address })}</p>}
      <ul className="stack tight">
        {job.parts.map((part) => (
          <li key={part.number} className="row spread">
            <span>{t("job.part", { quantity: part.quantity, name: part.name })}</span>
            <Badge tone={part.status === "short" ? "danger" : part.status === "reserved" ? "ok" : "neutral"}>
              {t(`part.${part.status}` as TextKey)}
            </Badge>
          </li>
        ))}
      </ul>
    </Part>
  );
}
