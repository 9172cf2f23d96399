// Adds, changes and removes a shift of one of the company's people.
import { businessNow } from "@firstfix/shared/clock";
import { addDays, clockTime, isoDay, zonedInstant } from "@firstfix/shared/time";
import { Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { type Person, refresh } from "./api";
import { removeShift, saveShift, type Shift } from "./times";
import { TouchedJobs, useTouched } from "./Touched";
import { useTexts } from "./words";

interface Props {
  person: Person;
  zone: string;
  onClose: () => void;
}

export function ShiftForm({ person, zone, shift, onClose }: Props & { shift: Shift | null }) {
  const t = useTexts();
  const tell = useTell();
  const pause = shift?.breaks[0];
  const clock = (at: string | undefined, usual: string): string => (at ? clockTime(at, { locale: "en-GB", zone }) : usual);
  const [day, setDay] = useState(shift ? isoDay(shift.starts_at, zone) : addDays(isoDay(businessNow(), zone), 1));
  const [from, setFrom] = useState(clock(shift?.starts_at, "08:00"));
  const [until, setUntil] = useState(clock(shift?.ends_at, "16:30"));
  const [minutes, setMinutes] = useState(String(shift ? (pause?.minutes ?? 0) : 30));
  const [earliest, setEarliest] = useState(clock(pause?.earliest, "12:00"));
  const [latest, setLatest] = useState(clock(pause?.latest, "13:30"));
  /** What is earlier than the start is of the next day. */
  const at = (time: string): string => zonedInstant(time < from ? addDays(day, 1) : day, time, zone).toISOString();
  const save = async (): Promise<void> => {
    const start = zonedInstant(day, from, zone);
    const moved = shift ? start.getTime() - new Date(shift.starts_at).getTime() : 0;
    const later = (instant: string): string => new Date(new Date(instant).getTime() + moved).toISOString();
    const others = shift?.breaks.slice(1).map((one) => ({ ...one, earliest: later(one.earliest), latest: later(one.latest) })) ?? [];
    const first = Number(minutes) > 0 ? [{ earliest: at(earliest), latest: at(latest), minutes: Number(minutes) }] : [];
    const end = zonedInstant(until <= from ? addDays(day, 1) : day, until, zone);
    await saveShift(person.id, shift, { starts_at: start.toISOString(), ends_at: end.toISOString(), breaks: [...first, ...others] });
    tell(t("times.saved"));
    refresh();
  };
  return (
    <FormDialog title={t(shift ? "times.shift.change" : "times.shift.add")} submit={t("times.save")} onClose={onClose} onSubmit={save}>
      <p className="soft">{t("times.shift.hint", { name: person.name })}</p>
      <Field label={t("times.day")} type="date" required min={isoDay(businessNow(), zone)} value={day} onChange={(e) => setDay(e.target.value)} />
      <div className="pair">
        <Field label={t("times.from")} type="time" required value={from} onChange={(e) => setFrom(e.target.value)} />
        <Field label={t("times.until")} type="time" required value={until} onChange={(e) => setUntil(e.target.value)} hint={until <= from ? t("times.next_day") : undefined} />
      </div>
      <Field label={t("times.break")} type="number" min={0} max={240} required value={minutes} onChange={(e) => setMinutes(e.target.value)} />
      {Number(minutes) > 0 && (
        <div className="pair">
          <Field label={t("times.break.earliest")} type="time" required value={earliest} onChange={(e) => setEarliest(e.target.value)} />
          <Field label={t("times.break.latest")} type="time" required value={latest} onChange={(e) => setLatest(e.target.value)} />
        </div>
      )}
    </FormDialog>
  );
}

export function RemoveForm({ person, shift, onClose }: Props & { shift: Shift }) {
  const t = useTexts();
  const tell = useTell();
  const touched = useTouched(person.id, shift.starts_at, shift.ends_at);
  const remove = async (): Promise<void> => {
    await removeShift(shift.id);
    tell(t("times.removed"));
    refresh();
  };
  return (
    <FormDialog title={t("times.shift.remove")} submit={t("times.remove")} tone="danger" onClose={onClose} onSubmit={remove}>
      <p>{t("times.shift.removed", { name: person.name })}</p>
      <TouchedJobs touched={touched} name={person.name} allStay />
    </FormDialog>
  );
}
