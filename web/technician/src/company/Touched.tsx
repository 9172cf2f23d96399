// The jobs in a time, and what becomes of each when the person is away then.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayName, money, timeRange } from "@firstfix/shared/time";
import { Failure, Notice } from "@firstfix/shared/ui/controls";
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { fetchTouched, type Touched } from "./times";
import { useTexts } from "./words";

/** Nothing is asked, and nothing known, of a time that ends before it starts. */
export const useTouched = (id: string, start: string, end: string): UseQueryResult<Touched[]> =>
  useQuery({ queryKey: ["company", "touched", id, start, end], queryFn: () => fetchTouched(id, start, end), enabled: start < end, placeholderData: start < end ? keepPreviousData : undefined });

interface Props {
  touched: UseQueryResult<Touched[]>;
  name: string;
  /** Where nothing is given back: a shift that is removed. */
  allStay?: boolean;
}

export function TouchedJobs({ touched, name, allStay = false }: Props) {
  const t = useTexts();
  const { locale } = useLocale();
  if (touched.error) return <Failure error={touched.error} />;
  if (!touched.data) return null;
  if (touched.data.length === 0) return <Notice tone="ok">{t("touched.none")}</Notice>;
  const fate = ({ stays, fee_cents, currency }: Touched): string => {
    if (stays || allStay) return t(allStay ? "touched.kept" : "touched.stays", { name });
    return fee_cents > 0 ? t("touched.fee", { fee: money(fee_cents, currency, locale) }) : t("touched.free");
  };
  return (
    <Notice tone="warn">
      {touched.data.map((one) => (
        <p key={one.job.visit_id}>
          <strong>
            {one.job.work_type}, {dayName(one.job.starts_at, { locale, zone: one.job.time_zone })}, {timeRange(one.job.starts_at, one.job.ends_at, { locale, zone: one.job.time_zone })}
          </strong>
          <br />
          {one.job.address}
          <br />
          {fate(one)}
        </p>
      ))}
    </Notice>
  );
}
