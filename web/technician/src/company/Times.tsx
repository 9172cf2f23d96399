// When one of the company's people works and is away: each time with the forms that change it.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Link } from "@firstfix/shared/router";
import { dayAndTime, dayName, isoDay, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { AbsenceForm, WithdrawForm } from "./AbsenceForm";
import { usePeople } from "./People";
import { RemoveForm, ShiftForm } from "./ShiftForm";
import { type Absence, fetchTimes, type Shift } from "./times";
import { type TextKey, useTexts } from "./words";

type Form = { kind: "shift"; of: Shift | null } | { kind: "remove"; of: Shift } | { kind: "absence"; of: Absence | null } | { kind: "withdraw"; of: Absence };

export function Times({ id }: { id: string }) {
  const t = useTexts();
  const people = usePeople();
  const { data, error, refetch } = useQuery({ queryKey: ["company", "times", id], queryFn: () => fetchTimes(id) });
  const [form, setForm] = useState<Form | null>(null);
  const person = people.data?.find((one) => one.id === id);
  if (!data || !person) {
    const failure = error ?? people.error;
    return failure ? <Failure error={failure} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  }
  const shared = { person, zone: data.time_zone, onClose: () => setForm(null) };
  return (
    <>
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("people")}
      </Link>
      <h2>{person.name}</h2>
      <div className="cards">
        <Part title={t("times.shifts")} act={t("times.shift.add")} none={t("times.shifts.none")} isEmpty={data.shifts.length === 0} onAct={() => setForm({ kind: "shift", of: null })}>
          {data.shifts.map((one) => (
            <ShiftLine key={one.id} shift={one} zone={data.time_zone} onChange={() => setForm({ kind: "shift", of: one })} onRemove={() => setForm({ kind: "remove", of: one })} />
          ))}
        </Part>
        <Part title={t("times.absences")} act={t("times.absence.add")} none={t("times.absences.none")} isEmpty={data.absences.length === 0} onAct={() => setForm({ kind: "absence", of: null })}>
          {data.absences.map((one) => (
            <AbsenceLine key={one.id} absence={one} zone={data.time_zone} onChange={() => setForm({ kind: "absence", of: one })} onRemove={() => setForm({ kind: "withdraw", of: one })} />
          ))}
        </Part>
      </div>
      {form?.kind === "shift" && <ShiftForm {...shared} shift={form.of} />}
      {form?.kind === "remove" && <RemoveForm {...shared} shift={form.of} />}
      {form?.kind === "absence" && <AbsenceForm {...shared} absence={form.of} />}
      {form?.kind === "withdraw" && <WithdrawForm {...shared} absence={form.of} />}
    </>
  );
}

interface PartProps {
  title: string;
  act: string;
  none: string;
  isEmpty: boolean;
  onAct: () => void;
  children: ReactNode;
}

function Part({ title, act, none, isEmpty, onAct, children }: PartProps) {
  return (
    <section className="card stack">
      <h3>{title}</h3>
      {isEmpty && <p className="soft">{none}</p>}
      <ul className="stack">{children}</ul>
      <div>
        <Button onClick={onAct}>{act}</Button>
      </div>
    </section>
  );
}

function ShiftLine({ shift, zone, ...moves }: { shift: Shift; zone: string } & MoveProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  const minutes = shift.breaks.reduce((sum, one) => sum + one.minutes, 0);
  const words = `${dayName(shift.starts_at, zoned)}, ${timeRange(shift.starts_at, shift.ends_at, zoned)}`;
  return (
    <li className="stack tight">
      <span>
        {words} {minutes > 0 && <span className="soft">{t("times.shift.break", { minutes })}</span>}
      </span>
      <Moves words={words} {...moves} />
    </li>
  );
}

function AbsenceLine({ absence, zone, ...moves }: { absence: Absence; zone: string } & MoveProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  const { starts_at, ends_at } = absence;
  const isOneDay = isoDay(starts_at, zone) === isoDay(ends_at, zone);
  const words = isOneDay ? `${dayName(starts_at, zoned)}, ${timeRange(starts_at, ends_at, zoned)}` : `${dayAndTime(starts_at, zoned)} – ${dayAndTime(ends_at, zoned)}`;
  const isNow = new Date(starts_at).getTime() <= businessNow();
  return (
    <li className="stack tight">
      <span className="row wrap">
        {words}
        <Badge tone={isNow ? "warn" : "neutral"}>{t(`times.kind.${absence.kind}` as TextKey)}</Badge>
      </span>
      {absence.reason && <span className="soft">{absence.reason}</span>}
      {absence.kind !== "rest" && <Moves words={words} {...moves} />}
    </li>
  );
}

interface MoveProps {
  onChange: () => void;
  onRemove: () => void;
}

function Moves({ words, onChange, onRemove }: MoveProps & { words: string }) {
  const t = useTexts();
  return (
    <span className="row">
      <Button kind="quiet" aria-label={`${words}: ${t("times.change")}`} onClick={onChange}>
        {t("times.change")}
      </Button>
      <Button kind="quiet" aria-label={`${words}: ${t("times.remove")}`} onClick={onRemove}>
        {t("times.remove")}
      </Button>
    </span>
  );
}
