// One technician's row: shift, breaks, absences, trips and work.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { statusWord, useWords } from "@firstfix/shared/i18n/words";
import { timeRange } from "@firstfix/shared/time";
import { statusTone } from "@firstfix/shared/ui/controls";
import { Menu } from "@firstfix/shared/ui/dialog";
import { Icon, type IconName } from "@firstfix/shared/ui/icons";
import { memo, type ReactNode } from "react";
import type { Was } from "../plans/preview";
import type { BoardTechnician, BoardVisit, Seat } from "../types";
import { maybe, useTexts } from "../words";
import { useDrag } from "./drag";
import { extent, FULL_WIDTH, LETTERS_WIDTH, NAME_WIDTH, type Scale, shelves, type Timed, widestGap, widthOf, WORDS_WIDTH } from "./layout";

interface LaneProps {
  technician: BoardTechnician;
  visits: BoardVisit[];
  /** Where visits are now that a draft would move. */
  was: Was[];
  scale: Scale;
  zone: string;
  top: number;
  selected: string | null;
  isTarget: boolean;
  onSelect: (visitId: string) => void;
  onSick: (technician: BoardTechnician) => void;
  onPlanDay: (technician: BoardTechnician) => void;
}

export const Lane = memo(function Lane(props: LaneProps) {
  const { technician, visits, was, scale, zone, top, selected, isTarget, onSelect, onSick, onPlanDay } = props;
  const seats = visits.flatMap((visit) =>
    visit.seats.filter((seat) => seat.technician_id === technician.id).map((seat) => ({ ...seat, visit })),
  );
  const places = shelves(seats);
  const t = useTexts();
  return (
    <div className="lane" style={{ top }} data-target={isTarget || undefined} data-technician={technician.id}>
      <LaneName technician={technician} onSick={() => onSick(technician)} onPlanDay={() => onPlanDay(technician)} />
      <div className="lane-time" style={{ width: widthOf(scale) }}>
        <Background technician={technician} work={seats} scale={scale} zone={zone} />
        {was.map((one) => (
          <Stretch key={one.visitId} kind="was" from={one.starts_at} to={one.ends_at} scale={scale} hint={t("preview.was")} />
        ))}
        {seats.map((seat) => (
          <Block
            key={seat.assignment_id}
            visit={seat.visit}
            seat={seat}
            shelf={places.get(seat)?.isShared ? places.get(seat)!.shelf : null}
            scale={scale}
            zone={zone}
            isSelected={seat.visit.id === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
});

interface LaneNameProps {
  technician: BoardTechnician;
  onSick: () => void;
  onPlanDay: () => void;
}

function LaneName({ technician, onSick, onPlanDay }: LaneNameProps) {
  const t = useTexts();
  const items = [
    { key: "sheet", words: t("sheet"), act: () => dispatchEvent(new CustomEvent("day-sheet", { detail: technician.id })) },
    ...(technician.employment === "freelance" ? [] : [{ key: "day", words: t("plan.day"), act: onPlanDay }]),
    { key: "sick", words: t("sick"), tone: "danger" as const, act: onSick },
  ];
  const notes = [
    technician.employment !== "in_house" && maybe(t, "board", technician.employment),
    technician.shifts.length === 0 && t("board.nobody_on_shift"),
    technician.shifts.length > 0 && !technician.on_duty && t("board.off_duty"),
  ].filter(Boolean);
  return (
    <div className="lane-name" style={{ width: NAME_WIDTH }}>
      <span className="grow stack">
        <strong className="clip">{technician.name}</strong>
        <span className="soft small clip">{notes.join(" · ") || "\u00a0"}</span>
      </span>
      <Menu label={t("board.row_menu", { name: technician.name })} items={items}>
        <Icon name="more" />
      </Menu>
    </div>
  );
}

interface BackgroundProps {
  technician: BoardTechnician;
  work: Timed[];
  scale: Scale;
  zone: string;
}

function Background({ technician, work, scale, zone }: BackgroundProps) {
  const t = useTexts();
  return (
    <>
      {technician.shifts.map((shift) => (
        <Stretch key={shift.starts_at} kind="shift" from={shift.starts_at} to={shift.ends_at} scale={scale} />
      ))}
      {technician.shifts.flatMap((shift) =>
        shift.breaks.map((pause) => (
          <Break key={pause.earliest} pause={pause} work={work} scale={scale} zone={zone} />
        )),
      )}
      {technician.absences.map((absence) => (
        <Stretch key={absence.starts_at} kind="absence" from={absence.starts_at} to={absence.ends_at} scale={scale}>
          {t("board.absent", { kind: maybe(t, "absence", absence.kind) })}
        </Stretch>
      ))}
      {technician.offers.map((offer) => (
        <Stretch key={offer.id} kind="offer" from={offer.starts_at} to={offer.ends_at} scale={scale}>
          {t("board.offer")}
        </Stretch>
      ))}
    </>
  );
}

const BREAK_WORD_WIDTH = 44;

interface BreakProps extends Pick<BackgroundProps, "work" | "scale" | "zone"> {
  pause: { earliest: string; latest: string };
}

/** Its name stands where no work lies over it. */
function Break({ pause: { earliest, latest }, work, scale, zone }: BreakProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const gap = widestGap(earliest, latest, work);
  const free = gap && extent(gap.from, gap.to, scale);
  const hint = `${t("board.break")}, ${timeRange(earliest, latest, { locale, zone })}`;
  return (
    <>
      <Stretch kind="break" from={earliest} to={latest} scale={scale} hint={hint} />
      {free && free.width >= BREAK_WORD_WIDTH && (
        <span className="stretch break-word" style={free} aria-hidden="true">
          {t("board.break")}
        </span>
      )}
    </>
  );
}

interface StretchProps {
  kind: string;
  from: string;
  to: string;
  scale: Scale;
  hint?: string;
  children?: ReactNode;
}

function Stretch({ kind, from, to, scale, hint, children }: StretchProps) {
  const at = extent(from, to, scale);
  return (
    at && (
      <span className={`stretch ${kind}`} style={at} title={hint}>
        {hint && <span className="visually-hidden">{hint}</span>}
        {children}
      </span>
    )
  );
}

const STATUS_MARKS: Record<string, IconName> = { en_route: "truck", completed: "check", incomplete: "close" };

/** What a block too narrow for words still shows beside its colour. */
function markOf(visit: BoardVisit): IconName | undefined {
  if (visit.at_risk) return "alert";
  return visit.pins.length > 0 ? "lock" : STATUS_MARKS[visit.status];
}

interface BlockProps {
  visit: BoardVisit;
  seat: Seat;
  /** Upper or lower half of the row; null for the whole height. */
  shelf: 0 | 1 | null;
  scale: Scale;
  zone: string;
  isSelected: boolean;
  onSelect: (visitId: string) => void;
}

function Block({ visit, seat, shelf, scale, zone, isSelected, onSelect }: BlockProps) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { grab, dragged } = useDrag();
  const work = extent(seat.starts_at, seat.ends_at, scale);
  const leaves = new Date(seat.starts_at).getTime() - seat.travel_seconds * 1000;
  const travel = seat.travel_seconds > 0 ? extent(leaves, seat.starts_at, scale) : null;
  if (!work) return null;
  const isNarrow = work.width < WORDS_WIDTH;
  const mark = markOf(visit);
  const when = timeRange(seat.starts_at, seat.ends_at, { locale, zone });
  const change = visit.change && maybe(t, "changed", visit.change);
  const facts = [visit.work_order_number, visit.title, when, change, statusWord(w, visit.status), visit.customer_name];
  const words = facts.filter(Boolean).join(", ");
  return (
    <>
      {travel && <span className="travel" style={travel} aria-hidden="true" />}
      <button
        type="button"
        className="block"
        style={work}
        data-tone={seat.status === "held" ? "held" : statusTone(visit.status)}
        data-risk={visit.at_risk || undefined}
        data-forced={!!seat.overlap_reason || undefined}
        data-shelf={shelf ?? undefined}
        data-narrow={isNarrow || undefined}
        data-visit={visit.id}
        data-change={visit.change}
        aria-label={words}
        aria-pressed={isSelected}
        title={isNarrow ? undefined : words}
        data-dragged={dragged?.visit.id === visit.id || undefined}
        onPointerDown={(event) => grab(visit, event, event.clientX - event.currentTarget.getBoundingClientRect().left)}
        onClick={() => onSelect(visit.id)}
      >
        {isNarrow ? (
          <>
            {mark && <Icon name={mark} size={14} />}
            {work.width >= LETTERS_WIDTH && <span className="block-start">
                <strong>{visit.title}</strong> {visit.customer_name}
              </span>}
            <span className="block-full" data-left={work.left > widthOf(scale) - FULL_WIDTH || undefined} aria-hidden="true">
              <strong>{visit.title}</strong>
              <span>{[when, visit.customer_name].filter(Boolean).join(", ")}</span>
            </span>
          </>
        ) : (
          <>
            <span className="block-line">
              {visit.at_risk && <Icon name="alert" size={14} />}
              {visit.pins.length > 0 && <Icon name="lock" size={13} />}
              <strong className="clip">{visit.title}</strong>
            </span>
            <span className="clip small">{visit.customer_name}</span>
          </>
        )}
      </button>
    </>
  );
}
