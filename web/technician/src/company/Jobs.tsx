// What the company's people do in the next two weeks.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { dayName, timeRange } from "@firstfix/shared/time";
import { Badge, Empty, Failure, Skeleton, statusTone } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { fetchJobs } from "./api";
import { useNameOf } from "./People";
import { useTexts } from "./words";

export function Jobs() {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const nameOf = useNameOf();
  const { data, error, refetch } = useQuery({ queryKey: ["company", "jobs"], queryFn: fetchJobs, refetchInterval: 60_000 });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  if (data.length === 0) return <Empty title={t("jobs.none")}>{t("jobs.none.more")}</Empty>;
  return (
    <ul className="cards">
      {data.map((job) => {
        const zoned = { locale, zone: job.time_zone };
        return (
          <li key={`${job.visit_id} ${job.technician_id}`} className="card stack tight">
            <span className="row spread">
              <strong>
                {dayName(job.starts_at, zoned)}, {timeRange(job.starts_at, job.ends_at, zoned)}
              </strong>
              <Badge tone={statusTone(job.status)}>{w(`status.${job.status}`)}</Badge>
            </span>
            <span>{nameOf(job.technician_id)}</span>
            <span>{job.work_type}</span>
            <span className="soft">{job.address}</span>
          </li>
        );
      })}
    </ul>
  );
}
