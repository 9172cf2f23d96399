// What freelancers answered, or did not, and what the office does about it.
import { Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Territory } from "../types";
import { type Answers as Found, fetchAnswers } from "./api";
import { Counter } from "./Counter";
import { Late, Overdue, Unanswered } from "./Coming";
import { Lost } from "./Lost";
import { StandByUncovered } from "./StandByUncovered";
import { type AnswerKey, useAnswerTexts } from "./words";

export const useAnswers = (territoryId: string) =>
  useQuery({ queryKey: ["answers", territoryId], queryFn: () => fetchAnswers(territoryId), refetchInterval: 60_000 });

export function Answers({ territory }: { territory: Territory }) {
  const t = useAnswerTexts();
  const { data, error, refetch } = useAnswers(territory.id);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  if (isEmpty(data)) return <Empty title={t("none")}>{t("none.more")}</Empty>;
  const zone = territory.time_zone;
  return (
    <div className="page-columns">
      <List title="counters" rows={data.counter_offers} show={(one) => <Counter key={one.counter.id} one={one} zone={zone} />} />
      <List title="stand_bys" rows={data.stand_bys} show={(one) => <StandByUncovered key={one.stand_by_id} one={one} zone={zone} />} />
      <List title="overdue" rows={data.overdue} show={(one) => <Overdue key={one.visit_id + one.technician_id} one={one} zone={zone} />} />
      <List title="unanswered" rows={data.unanswered} show={(one) => <Unanswered key={one.confirmation_id} one={one} zone={zone} />} />
      <List title="late" rows={data.late} show={(one) => <Late key={one.visit_id + one.technician_id} one={one} zone={zone} />} />
      <List title="lost" rows={data.lost} show={(one) => <Lost key={one.assignment_id} one={one} zone={zone} />} />
    </div>
  );
}

const isEmpty = (found: Found): boolean => Object.values(found).every((rows) => rows.length === 0);

interface ListProps<Row> {
  title: "counters" | "stand_bys" | "overdue" | "unanswered" | "late" | "lost";
  rows: Row[];
  show: (row: Row) => ReactNode;
}

function List<Row>({ title, rows, show }: ListProps<Row>) {
  const t = useAnswerTexts();
  return (
    <section className="stack">
      <h2>
        {t(title)} {rows.length > 0 && <span className="count">{rows.length}</span>}
      </h2>
      {rows.length === 0 && <p className="soft">{t(`${title}.none` as AnswerKey)}</p>}
      {rows.map(show)}
    </section>
  );
}
