// Two people side by side for one job: start, rules and money by term.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime, money } from "@firstfix/shared/time";
import { Choice, Failure, Waiting } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchExplanation } from "../api";
import type { BoardVisit, Candidate, Comparison, Explanation } from "../types";
import { maybe, useTexts } from "../words";

interface CompareProps {
  visit: BoardVisit;
  found: Explanation;
  zone: string;
}

export function Compare({ visit, found, zone }: CompareProps) {
  const t = useTexts();
  const people = peopleOf(found);
  const [first, setFirst] = useState(people[1]?.[0] ?? "");
  const [second, setSecond] = useState(people[0]?.[0] ?? "");
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["visit", "why", visit.id, visit.version, first, second],
    queryFn: () => fetchExplanation(visit.id, [first, second]),
    enabled: isOpen && first !== second,
  });
  if (people.length < 2) return null;
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="small">{t("explain.compare")}</summary>
      <div className="stack">
        <div className="pair">
          <Choice label={t("explain.compare.first")} value={first} onChange={setFirst} options={people.filter(([id]) => id !== second)} />
          <Choice label={t("explain.compare.second")} value={second} onChange={setSecond} options={people.filter(([id]) => id !== first)} />
        </div>
        {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
        {isOpen && !data && !error && <Waiting lines={3} onRetry={() => void refetch()} />}
        {data?.comparison && <Side comparison={data.comparison} currency={data.currency} zone={zone} />}
      </div>
    </details>
  );
}

/** Everybody with a candidate of their own, the one who has the job first. */
function peopleOf(found: Explanation): [string, string][] {
  const ranked = [...found.candidates].sort((a, b) => Number(b.code === "present") - Number(a.code === "present"));
  return [...new Map(ranked.flatMap((one) => one.technicians.map((who) => [who.technician_id, who.name] as const)))].map(([id, name]) => [id, name]);
}

interface SideProps {
  comparison: Comparison;
  currency: string;
  zone: string;
}

function Side({ comparison, currency, zone }: SideProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const { first, second, cents } = comparison;
  const told = (amount: number | undefined): string => money(amount ?? 0, currency, locale);
  const name = (one: Candidate): string => one.technicians.map((who) => who.name).join(", ");
  const rules = (one: Candidate): string =>
    [...new Set(one.violations.map((broken) => maybe(t, "rule", broken.code)))].join(", ") || t("explain.compare.none");
  const terms = Object.keys({ ...first.terms, ...second.terms });
  const verdict = cents === 0 ? "same" : cents > 0 ? "more" : "less";
  return (
    <div className="stack tight">
      <p role="status">{t(`explain.compare.${verdict}`, { first: name(first), second: name(second), price: told(Math.abs(cents)) })}</p>
      <table className="money">
        <caption className="visually-hidden">{t("explain.compare")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("plans.term")}</th>
            <th scope="col">{name(first)}</th>
            <th scope="col">{name(second)}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t("explain.compare.start")}</th>
            <td className="words">{dayAndTime(first.starts_at, { locale, zone })}</td>
            <td className="words">{dayAndTime(second.starts_at, { locale, zone })}</td>
          </tr>
          <tr>
            <th scope="row">{t("explain.compare.rules")}</th>
            <td className="words">{rules(first)}</td>
            <td className="words">{rules(second)}</td>
          </tr>
          {terms.map((term) => (
            <tr key={term}>
              <th scope="row">{maybe(t, "term", term)}</th>
              <td>{told(first.terms[term])}</td>
              <td>{told(second.terms[term])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("plans.sum")}</th>
            <td>{told(first.cents)}</td>
            <td>{told(second.cents)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
