// Why a job is where it is and who else could take it, or why nobody has it and what would help.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, dayAndTime, minutesText, money } from "@firstfix/shared/time";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { Badge, Button, Failure, Waiting } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { draftOf, fetchExplanation, queries, type Way } from "../api";
import { AssignDialog } from "../dialogs/Assign";
import { showPlan } from "../plans/state";
import type { Board } from "../state";
import type { BoardVisit, Candidate, Explanation, MovedVisit, Relaxation } from "../types";
import { Compare } from "./Compare";
import { maybe, type TextKey, useTexts } from "../words";

const SHOWN = 6;

export function Why({ visit, board }: { visit: BoardVisit; board: Board }) {
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
      {data && <Told found={data} zone={board.zone} visit={visit} board={board} />}
    </details>
  );
}

interface PartProps {
  found: Explanation;
  zone: string;
}

interface ToldProps extends PartProps {
  visit: BoardVisit;
  board: Board;
}

function Told({ found, zone, visit, board }: ToldProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const [asking, setAsking] = useState<Candidate | null>(null);
  if (found.state === "not_planned") return <p className="soft small">{t("explain.not_planned")}</p>;
  return (
    <div className="stack">
      {found.state === "unassigned" && (
        <p className="soft small">{t("explain.left_out", { price: money(found.left_out_cents, found.currency, locale) })}</p>
      )}
      <Reasons found={found} zone={zone} />
      <Relaxations found={found} zone={zone} />
      <Earlier found={found} zone={zone} />
      <Candidates found={found} zone={zone} onAnyway={setAsking} />
      <Compare visit={visit} found={found} zone={zone} />
      {asking && (
        <AssignDialog
          visit={visit}
          board={board}
          technicianId={asking.technicians[0]!.technician_id}
          startsAt={asking.starts_at}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

const LEADS_NOWHERE = ["present", "forbidden"];

/** Makes a draft of it and opens that; nothing changes before it is applied. */
function Try({ found, way, what }: { found: Explanation; way: Way; what: string }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const make = useMutation({
    mutationFn: () => draftOf(found.visit_id, way),
    onSuccess: (plan) => (showPlan(plan.id), void queries.invalidateQueries({ queryKey: ["plan"] })),
    onError: (error) => (tell(failureWords(w, error)), void queries.invalidateQueries({ queryKey: ["visit", "why"] })),
  });
  return (
    <span>
      <Button busy={make.isPending} aria-label={t("explain.draft.name", { what })} onClick={() => make.mutate()}>
        {t("explain.draft")}
      </Button>
    </span>
  );
}

const idsOf = ({ technicians }: Pick<Candidate, "technicians">): string[] => technicians.map((one) => one.technician_id);

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
  if (found.state === "unassigned" && found.relaxations.length === 0 && found.candidates.every((one) => one.code === "forbidden"))
    return <p className="soft small">{t("explain.stuck")}</p>;
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
          <Try
            found={found}
            way={{ way: "relaxation", technician_ids: idsOf(one), code: one.code, name: one.name }}
            what={relaxed(t, one)}
          />
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
          <Try found={found} way={{ way: "earlier", technician_ids: idsOf(found.earlier) }} what={t("explain.earlier")} />
        </li>
      )}
    </Part>
  );
}

interface CandidatesProps extends PartProps {
  onAnyway: (one: Candidate) => void;
}

function Candidates({ found, zone, onAnyway }: CandidatesProps) {
  const t = useTexts();
  if (found.candidates.length === 0) return null;
  const able = found.candidates.filter((one) => one.code !== "forbidden");
  const others = found.candidates.length - Math.max(able.length, Math.min(SHOWN, found.candidates.length));
  return (
    <Part title="explain.candidates">
      {found.candidates.slice(0, Math.max(SHOWN, able.length)).map((one) => (
        <Who key={one.technicians.map((who) => who.technician_id).join() + one.starts_at} one={one} found={found} zone={zone} onAnyway={onAnyway} />
      ))}
      {others > 0 && <li className="soft small">{t("explain.others", { count: others })}</li>}
    </Part>
  );
}

function Who({ one, found, zone, onAnyway }: CandidatesProps & { one: Candidate }) {
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
      {!LEADS_NOWHERE.includes(one.code) && (
        <Try found={found} way={{ way: "candidate", technician_ids: idsOf(one) }} what={one.technicians.map((who) => who.name).join(", ")} />
      )}
      {one.code === "forbidden" && one.technicians.length === 1 && (
        <span>
          <Button kind="quiet" onClick={() => onAnyway(one)}>
            {t("explain.anyway")}
          </Button>
        </span>
      )}
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
