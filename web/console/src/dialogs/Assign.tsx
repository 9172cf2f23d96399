// Assigning by hand: who and when, with every broken rule told before it is done.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { clockTime, isoDay, minutesText, money, zonedInstant } from "@firstfix/shared/time";
import { Choice, Field, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assign, checkCrew, refreshBoard } from "../api";
import type { Board } from "../state";
import type { BoardVisit, Check } from "../types";
import { brokenRule } from "../sentences";
import { useTexts } from "../words";

interface AssignDialogProps {
  visit: BoardVisit;
  board: Board;
  technicianId?: string;
  startsAt?: string;
  onClose: () => void;
}

export function AssignDialog({ visit, board, technicianId, startsAt, onClose }: AssignDialogProps) {
  const t = useTexts();
  const tell = useTell();
  const first = startsAt ?? visit.seats[0]?.starts_at ?? visit.window_start ?? `${board.day}T12:00:00Z`;
  const zoned = { locale: "en-GB", zone: board.zone };
  const [day, setDay] = useState(isoDay(first, board.zone));
  const [time, setTime] = useState(startsAt || visit.seats[0] || visit.window_start ? clockTime(first, zoned) : "09:00");
  const [crew, setCrew] = useState(() =>
    Array.from({ length: visit.crew_size }, (_, i) => (i === 0 && technicianId) || visit.seats[i]?.technician_id || ""),
  );
  const [accepted, setAccepted] = useState(false);
  const [overlap, setOverlap] = useState("");
  const at = day && time ? zonedInstant(day, time, board.zone).toISOString() : null;
  const people = crew.filter(Boolean);
  const isWhole = people.length === visit.crew_size && at !== null;
  const check = useQuery({
    queryKey: ["check", visit.id, people, at],
    queryFn: () => checkCrew(visit.id, people, at!),
    enabled: isWhole,
    retry: false,
  });
  const violations = check.data?.violations ?? [];
  const isBusy = violations.some((one) => /busy|overlap/.test(one.code));
  const send = async (): Promise<void> => {
    await assign(visit, {
      technicianIds: people,
      startsAt: at!,
      acceptViolations: violations.length > 0,
      ...(isBusy ? { overlapReason: overlap, overlapUntil: zonedInstant(day, "23:59", board.zone).toISOString() } : {}),
    });
    const names = people.map((id) => nameOf(board, id)).join(", ");
    tell(t("done.assigned", { name: names }));
    refreshBoard();
  };
  const isReady = isWhole && !!check.data && (violations.length === 0 || (accepted && (!isBusy || overlap.trim() !== "")));
  return (
    <FormDialog
      title={t("assign.title", { number: visit.work_order_number })}
      submit={t("do.assign").replace("…", "")}
      disabled={!isReady}
      onClose={onClose}
      onSubmit={send}
    >
      <p className="soft">{visit.title}, {visit.customer_name}</p>
      {crew.map((id, seat) => (
        <Choice
          key={seat}
          label={visit.crew_size > 1 ? t("assign.seat", { seat: seat + 1 }) : t("assign.technician")}
          value={id}
          onChange={(value) => (setCrew(crew.map((one, i) => (i === seat ? value : one))), setAccepted(false))}
          options={[["", t("assign.choose")], ...board.technicians.map((one) => [one.id, one.name] as const)]}
        />
      ))}
      <div className="pair">
        <Field label={t("day")} type="date" required value={day} onChange={(e) => setDay(e.target.value)} />
        <Field label={t("assign.start")} type="time" step={300} required value={time} onChange={(e) => setTime(e.target.value)} />
      </div>
      <Verdict board={board} check={check.data} isAsking={isWhole && check.isFetching} error={check.error} />
      {violations.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={accepted} onChange={(e) => setAccepted(e.target.checked)} />
          {t("assign.accept")}
        </label>
      )}
      {isBusy && accepted && (
        <Field label={t("assign.overlap")} hint={t("assign.overlap.hint")} required value={overlap} onChange={(e) => setOverlap(e.target.value)} />
      )}
    </FormDialog>
  );
}

interface VerdictProps {
  board: Board;
  check: Check | undefined;
  isAsking: boolean;
  error: unknown;
}

function Verdict({ board, check, isAsking, error }: VerdictProps) {
  const t = useTexts();
  const w = useWords();
  const { language, locale } = useLocale();
  if (isAsking) return <Notice>{t("assign.check")}</Notice>;
  if (error) return <Notice tone="danger">{failureWords(w, error)}</Notice>;
  if (!check) return null;
  const cost = t("assign.cost", {
    travel: minutesText(check.travel_seconds / 60),
    cost: money(check.cost_cents, check.currency, locale),
  });
  if (check.violations.length === 0)
    return (
      <Notice tone="ok">
        <p>{t("assign.fits")}</p>
        <p className="small">{cost}</p>
      </Notice>
    );
  return (
    <Notice tone="warn">
      <strong>{t("assign.broken", { count: check.violations.length })}</strong>
      <ul className="bullets">
        {check.violations.map((one) => (
          <li key={one.code + one.sentence}>{brokenRule(language, one, nameOf(board, one.technician_id))}</li>
        ))}
      </ul>
      <p className="small">{cost}</p>
    </Notice>
  );
}

function nameOf(board: Board, technicianId: string): string {
  return board.technicians.find((one) => one.id === technicianId)?.name ?? "";
}
