// Reports, changes and withdraws time away of one of the company's people; tells first which jobs it touches.
import { businessNow } from "@firstfix/shared/clock";
import { addDays, clockTime, isoDay, zonedInstant } from "@firstfix/shared/time";
import { Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { type Person, refresh } from "./api";
import { type Absence, type AbsenceIn, saveAbsence, withdrawAbsence } from "./times";
import { TouchedJobs, useTouched } from "./Touched";
import { useTexts } from "./words";

const KINDS = ["holiday", "illness", "other"] as const;

interface Props {
  person: Person;
  zone: string;
  onClose: () => void;
}

export function AbsenceForm({ person, zone, absence, onClose }: Props & { absence: Absence | null }) {
  const t = useTexts();
  const tell = useTell();
  const tomorrow = addDays(isoDay(businessNow(), zone), 1);
  const clock = (at: string | undefined, usual: string): string => (at ? clockTime(at, { locale: "en-GB", zone }) : usual);
  const [kind, setKind] = useState<AbsenceIn["kind"]>(absence?.kind ?? "holiday");
  const [first, setFirst] = useState(absence ? isoDay(absence.starts_at, zone) : tomorrow);
  const [last, setLast] = useState(absence ? isoDay(absence.ends_at, zone) : tomorrow);
  const [from, setFrom] = useState(clock(absence?.starts_at, "00:00"));
  const [until, setUntil] = useState(clock(absence?.ends_at, "23:59"));
  const [reason, setReason] = useState(absence?.reason ?? "");
  const isWhole = [first, last, from, until].every(Boolean);
  const starts_at = isWhole ? zonedInstant(first, from, zone).toISOString() : "";
  const ends_at = isWhole ? zonedInstant(last, until, zone).toISOString() : "";
  const touched = useTouched(person.id, starts_at, ends_at);
  const lost = touched.data?.filter((one) => !one.stays).length ?? 0;
  const save = async (): Promise<void> => {
    await saveAbsence(person.id, absence, { starts_at, ends_at, kind, reason: reason.trim() });
    tell(lost > 0 ? t("times.absence.given_back", { count: lost }) : t("times.saved"));
    refresh();
  };
  return (
    <FormDialog
      title={t(absence ? "times.absence.change" : "times.absence.add")}
      submit={lost > 0 ? t("times.absence.give_back", { count: lost }) : t("times.save")}
      disabled={!touched.data}
      onClose={onClose}
      onSubmit={save}
    >
      <Choice label={t("times.kind")} value={kind} onChange={(value) => setKind(value as AbsenceIn["kind"])} options={KINDS.map((one) => [one, t(`times.kind.${one}`)])} />
      <div className="pair">
        <Field label={t("times.first_day")} type="date" required value={first} onChange={(e) => (setFirst(e.target.value), e.target.value > last && setLast(e.target.value))} />
        <Field label={t("times.from")} type="time" required value={from} onChange={(e) => setFrom(e.target.value)} />
      </div>
      <div className="pair">
        <Field label={t("times.last_day")} type="date" required min={first} value={last} onChange={(e) => setLast(e.target.value)} />
        <Field label={t("times.until")} type="time" required value={until} onChange={(e) => setUntil(e.target.value)} />
      </div>
      <Field label={t("times.reason")} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />
      <TouchedJobs touched={touched} name={person.name} />
    </FormDialog>
  );
}

export function WithdrawForm({ person, absence, onClose }: Props & { absence: Absence }) {
  const t = useTexts();
  const tell = useTell();
  const withdraw = async (): Promise<void> => {
    await withdrawAbsence(absence.id);
    tell(t("times.removed"));
    refresh();
  };
  return (
    <FormDialog title={t("times.absence.remove")} submit={t("times.remove")} tone="danger" onClose={onClose} onSubmit={withdraw}>
      <p>{t("times.absence.removed", { name: person.name })}</p>
    </FormDialog>
  );
}
