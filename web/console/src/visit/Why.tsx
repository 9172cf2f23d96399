// Why a job is where it is and who else could take it, or why nobody has it and what would help.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, dayAndTime, minutesText, money } from "@firstfix/shared/time";
import { Badge, Failure, Waiting } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { fetchExplanation } from "../api";
import type { BoardVisit, Candidate, Explanation, MovedVisit, Relaxation } from "../types";
import { maybe, type TextKey, useTexts } from "../words";

const SHOWN = 6;

export function Why({ visit, zone }: { visit: BoardVisit; zone: string }) {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["visit", "why", visit.id, visit.version],
    queryFn: () => fetchExplanation(visit.id),
    enabled: isOpen,
  });
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("explain")}</summary>
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {isOpen && !data && !error && <Waiting lines={4} onRetry={() => void refetch()} />}
      {data && <Told found={data} zone={zone} />}
    </details>
  );
}

interface PartProps {
  found: Explanation;
  zone: string;
}

function Told({ found, zone }: PartProps) {
  const t = useTexts();
  const { locale } = useLocale();
  if (found.state === "not_planned") return <p className="soft small">{t("explain.not_planned")}</p>;
  return (
    <div className="stack">
      {found.state === "unassigned" && (
        <p className="soft small">{t("explain.left_out", { price: money(found.left_out_cents, found.currency, locale) })}</p>
      )}
      <Reasons found={found} zone={zone} />
      <Relaxations found={found} zone={zone} />
      <Earlier found={found} zone={zone} />
      <Candidates found={found} zone={zone} />
    </div>
  );
}

function Part({ title, children }: { title: TextKey; children: ReactNode }) {
  const t = useTexts();
  return (
    <section className="stack tight">
      <strong className="small">{t(title)}</strong>
      <ul className="stack tight history">{children}</ul>
    </section>
  );
}

function Reasons({ found }: PartProps) {
  const t = useTexts();
  if (found.reasons.length === 0) return null;
  return (
    <Part title="explain.reasons">
      {found.reasons.map((reason) => (
        <li key={reason.code}>
          {maybe(t, "left", reason.code)}
          <span className="soft small"> {reason.technicians.map((one) => one.name).join(", ")}</span>
        </li>
      ))}
    </Part>
  );
}

function Relaxations({ found, zone }: PartProps) {
  const t = useTexts();
  const { locale } = useLocale();
  if (found.relaxations.length === 0) return null;
  return (
    <Part title="explain.relaxations">
      {found.relaxations.map((one) => (
        <li key={`${one.code}.${one.name}`} className="stack tight">
          <span>{relaxed(t, one)}</span>
          <span className="soft small">
            {t("relaxation.with", {
              name: one.technicians.map((who) => who.name).join(", "),
              time: dayAndTime(one.starts_at, { locale, zone }),
              price: money(one.cost_cents, found.currency, locale),
            })}
          </span>
          <Moves moved={one.moved} zone={zone} />
        </li>
      ))}
    </Part>
  );
}

type Texts = ReturnType<typeof useTexts>;

function relaxed(t: Texts, one: Relaxation): string {
  return t(`relaxation.${one.code}` as TextKey, {
    minutes: minutesText(one.amount / 60),
    name: (one.name ?? "").replaceAll("_", " "),
    steps: one.amount,
    count: one.amount,
  });
}

function Earlier({ found, zone }: PartProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const binding = found.obstacles.filter((one) => one.is_binding || one.code === "nothing");
  if (binding.length === 0) return null;
  return (
    <Part title="explain.earlier">
      {binding.map((one) => (
        <li key={one.code}>
          {t(`obstacle.${one.code}` as TextKey, { time: clockTime(one.until, { locale, zone }), number: one.number ?? "" })}
        </li>
      ))}
      {found.earlier && (
        <li className="stack tight">
          <span>
            {t("explain.earlier.price", {
              time: dayAndTime(found.earlier.starts_at, { locale, zone }),
              price: priceWords(t, found.earlier, found.currency, locale),
            })}
          </span>
          <Moves moved={found.earlier.moved} zone={zone} />
        </li>
      )}
    </Part>
  );
}

function Candidates({ found, zone }: PartProps) {
  const t = useTexts();
  if (found.candidates.length === 0) return null;
  const able = found.candidates.filter((one) => one.code !== "forbidden");
  const others = found.candidates.length - Math.max(able.length, Math.min(SHOWN, found.candidates.length));
  return (
    <Part title="explain.candidates">
      {found.candidates.slice(0, Math.max(SHOWN, able.length)).map((one) => (
        <Who key={one.technicians.map((who) => who.technician_id).join() + one.starts_at} one={one} found={found} zone={zone} />
      ))}
      {others > 0 && <li className="soft small">{t("explain.others", { count: others })}</li>}
    </Part>
  );
}

function Who({ one, found, zone }: PartProps & { one: Candidate }) {
  const t = useTexts();
  const { locale } = useLocale();
  const terms = Object.entries(one.terms).map(
    ([term, cents]) => `${maybe(t, "term", term)} ${cents > 0 ? "+" : ""}${money(cents, found.currency, locale)}`,
  );
  const rules = [...new Set(one.violations.map((broken) => maybe(t, "rule", broken.code)))];
  return (
    <li className="stack tight">
      <span className="row spread">
        <span>
          {t("explain.at", {
            name: one.technicians.map((who) => who.name).join(", "),
            time: dayAndTime(one.starts_at, { locale, zone }),
          })}
        </span>
        <Badge tone={one.code === "forbidden" ? "warn" : one.code === "present" ? "accent" : "neutral"}>
          {priceWords(t, one, found.currency, locale)}
        </Badge>
      </span>
      {(rules.length > 0 || terms.length > 0) && (
        <span className="soft small">{(one.code === "forbidden" ? rules : terms).join(", ")}</span>
      )}
      {one.code !== "forbidden" && <Moves moved={one.moved} zone={zone} />}
    </li>
  );
}

function priceWords(t: Texts, one: Candidate, currency: string, locale: string): string {
  return t(`candidate.${one.code}` as TextKey, { price: money(Math.abs(one.cents), currency, locale) });
}

function Moves({ moved, zone }: { moved: MovedVisit[]; zone: string }) {
  const t = useTexts();
  const { locale } = useLocale();
  return moved.map((one) => (
    <span key={one.visit_id} className="soft small">
      {t("explain.moved", {
        number: one.number,
        before: clockTime(one.before, { locale, zone }),
        after: clockTime(one.after, { locale, zone }),
        name: one.to_technician.name,
      })}
    </span>
  ));
}
