// What one hands in about oneself: what is missing, and a form for each part.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { barredWord, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { longDay, money, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Choice, Failure, Field, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Away } from "./Away";
import { agreeToTerms, changeArea, claimCredential, claimSkill, fetchFile, handIn, proposeRates, queries, setBank, setHours, submitFile } from "./api";
import type { OwnFile, Rates } from "./types";
import { BankDialog, base64Of, Paper, ProofDialog, useChoices, useProofName, withNone } from "./papers";
import { useShared } from "./state";
import { Suspension } from "./Suspension";
import { Wishes } from "./Wishes";
import { type TextKey, useTexts } from "./words";

const FORMS = { area: AreaForm, hours: HoursForm, rates: RatesForm, bank: BankForm, skill: SkillForm, proof: ProofForm };
type FormName = keyof typeof FORMS;
interface FormProps {
  file: OwnFile;
  onClose: () => void;
}

export function ProfilePage() {
  const t = useTexts();
  const tell = useTell();
  const { locale } = useLocale();
  const { data, error, refetch } = useQuery({ queryKey: ["file"], queryFn: fetchFile });
  const proofName = useProofName();
  const zoned = { locale, zone: useShared().day?.value.time_zone };
  const [form, setForm] = useState<FormName | null>(null);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  const Shown = form && FORMS[form];
  const open = (name: FormName) => () => setForm(name);
  const rates = (of: Rates) => ({
    work: money(of.hourly_cents, of.currency, locale),
    travel: money(of.travel_cents_per_hour, of.currency, locale),
  });
  return (
    <div className="stack page">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1>{t("file")}</h1>
      <Standing file={data} onChanged={() => void (tell(t("file.submitted")), refetch())} />
      {data.bar_code === "suspended" && <Suspension />}
      {data.terms && <Terms terms={data.terms} />}
      <Part title={t("file.area")} act={t("file.change")} onAct={open("area")}>
        <p>{t("file.area.is", { km: data.max_travel_km })}</p>
        {data.max_week_hours !== null && <p>{t("file.area.hours", { hours: data.max_week_hours })}</p>}
      </Part>
      {data.employment === "freelance" && (
        <>
          <Part title={t("file.hours")} act={t("file.change")} onAct={open("hours")}>
            {data.hours.length + data.shifts.length === 0 && <p className="soft">{t("file.hours.none")}</p>}
            {data.hours.map((one) => (
              <p key={`${one.weekday} ${one.opens}`} className="row spread">
                <span>{weekday(one.weekday, locale)}</span>
                <span>
                  {one.opens.slice(0, 5)}–{one.closes.slice(0, 5)}
                </span>
              </p>
            ))}
            {data.shifts.length > 0 && <p className="soft">{t("file.shifts")}</p>}
            {data.shifts.map((one) => (
              <p key={one.id} className="row spread">
                <span>{longDay(one.starts_at, zoned)}</span>
                <span>{timeRange(one.starts_at, one.ends_at, zoned)}</span>
              </p>
            ))}
          </Part>
          <Part title={t("file.rates")} act={t("file.change")} onAct={open("rates")}>
            {data.hourly_cents > 0 && <p>{t("file.rates.is", rates(data))}</p>}
            {data.proposed_rate_card && <p className="soft">{t("file.rates.asked", rates(data.proposed_rate_card))}</p>}
            {data.hourly_cents === 0 && !data.proposed_rate_card && <p className="soft">{t("file.none")}</p>}
          </Part>
          <Part title={t("file.bank")} act={t("file.change")} onAct={open("bank")}>
            <p className={data.bank_label ? undefined : "soft"}>{data.bank_label ?? t("file.none")}</p>
          </Part>
        </>
      )}
      <Away absences={data.absences} />
      <Part title={t("file.skills")} act={t("file.add")} onAct={open("skill")}>
        {data.skills.length + data.skill_claims.length === 0 && <p className="soft">{t("file.none")}</p>}
        {data.skills.map((one) => (
          <p key={one.skill}>
            {one.skill} {one.level}
          </p>
        ))}
        {data.skill_claims
          .filter((one) => one.status !== "approved")
          .map((one) => (
            <p key={one.id} className="row spread">
              <span>
                {one.skill} {one.level}
              </span>
              <Badge tone={one.status === "refused" ? "warn" : "neutral"}>{t(`file.status.${one.status}` as TextKey)}</Badge>
            </p>
          ))}
      </Part>
      <Part title={t("file.proofs")} act={t("file.add")} onAct={open("proof")}>
        {data.credentials.length === 0 && <p className="soft">{t("file.none")}</p>}
        {data.credentials.map((one) => (
          <p key={one.id} className="row spread">
            <span>
              {proofName(one.kind)} {one.expires_at && <span className="soft">{t("file.valid_until", { day: new Date(one.expires_at).toLocaleDateString(locale) })}</span>}{" "}
              {one.note && <span className="soft">{one.note}</span>}
            </span>
            <Badge tone={one.status === "valid" ? "ok" : "neutral"}>{t(`file.status.${one.status}` as TextKey)}</Badge>
          </p>
        ))}
      </Part>
      <Wishes />
      {Shown && <Shown file={data} onClose={() => setForm(null)} />}
    </div>
  );
}

function Standing({ file, onChanged }: { file: OwnFile; onChanged: () => void }) {
  const t = useTexts();
  const w = useWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const proofName = useProofName();
  const named = (lack: string): string =>
    lack.startsWith("proof:") ? t("file.lack.proof", { kind: proofName(lack.slice("proof:".length)) }) : t(`file.lack.${lack}` as TextKey);
  const send = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await submitFile();
      onChanged();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const status = file.onboarding_status;
  return (
    <>
      {file.bar_code && <Notice tone="warn">{t("file.barred", { why: barredWord(w, file.bar_code) })}</Notice>}
      {status === "sent_back" && <Notice tone="warn">{t("file.sent_back", { note: file.note })}</Notice>}
      {status === "submitted" && <Notice>{t("file.submitted")}</Notice>}
      {!file.bar_code && file.active && file.lacks.length === 0 && <Notice tone="ok">{t("file.ready")}</Notice>}
      {file.lacks.length > 0 && (
        <section className="card stack tight">
          <h2>{t("file.lacks")}</h2>
          <ul>
            {file.lacks.map((lack) => (
              <li key={lack}>{named(lack)}</li>
            ))}
          </ul>
        </section>
      )}
      {(status === "joined" || status === "sent_back") && (
        <Button kind="primary" size="big" busy={busy} onClick={() => void send()}>
          {t("file.submit")}
        </Button>
      )}
      <Failure error={error} />
    </>
  );
}

function Terms({ terms }: { terms: NonNullable<OwnFile["terms"]> }) {
  const t = useTexts();
  const save = useSave();
  return (
    <section className="card stack">
      <h2>{t("join.terms", { title: terms.title })}</h2>
      <div className="terms-text">{terms.text}</div>
      <Button kind="primary" onClick={() => void save(agreeToTerms(terms.number))}>
        {t("join.agree")}
      </Button>
    </section>
  );
}

interface PartProps {
  title: string;
  act: string;
  onAct: () => void;
  children: ReactNode;
}

function Part({ title, act, onAct, children }: PartProps) {
  return (
    <section className="card stack tight">
      <span className="row spread">
        <h2>{title}</h2>
        <Button kind="quiet" aria-label={`${title}: ${act}`} onClick={onAct}>
          {act}
        </Button>
      </span>
      {children}
    </section>
  );
}

/** Waits for what is saved, says so, and reads the profile again. */
function useSave(words: TextKey = "file.saved") {
  const t = useTexts();
  const tell = useTell();
  return async (saved: Promise<unknown>): Promise<void> => {
    await saved;
    tell(t(words));
    void queries.invalidateQueries({ queryKey: ["file"] });
  };
}

function AreaForm({ file, onClose }: FormProps) {
  const t = useTexts();
  const save = useSave();
  const [km, setKm] = useState(String(file.max_travel_km));
  const [hours, setWeek] = useState(file.max_week_hours === null ? "" : String(file.max_week_hours));
  return (
    <FormDialog title={t("file.area")} submit={t("file.change")} onClose={onClose} onSubmit={() => save(changeArea(Number(km), hours ? Number(hours) : null))}>
      <Field label={t("file.km")} type="number" min={1} required value={km} onChange={(e) => setKm(e.target.value)} />
      <Field label={t("file.week_hours")} type="number" min={1} max={168} value={hours} onChange={(e) => setWeek(e.target.value)} />
    </FormDialog>
  );
}

const WEEK = [0, 1, 2, 3, 4, 5, 6];
const MONDAY = Date.UTC(2024, 0, 1, 12);

function weekday(day: number, locale: string): string {
  return new Date(MONDAY + day * 86_400_000).toLocaleDateString(locale, { weekday: "long", timeZone: "UTC" });
}

function HoursForm({ file, onClose }: FormProps) {
  const t = useTexts();
  const save = useSave();
  const { locale } = useLocale();
  const [days, setDays] = useState(() =>
    WEEK.map((day) => {
      const known = file.hours.find((one) => one.weekday === day);
      return { opens: known?.opens.slice(0, 5) ?? "", closes: known?.closes.slice(0, 5) ?? "" };
    }),
  );
  const change = (day: number, values: { opens?: string; closes?: string }): void =>
    setDays(days.map((one, n) => (n === day ? { ...one, ...values } : one)));
  const wanted = days.flatMap((one, day) => {
    const [, ...later] = file.hours.filter((known) => known.weekday === day);
    return one.opens && one.closes ? [{ weekday: day, ...one }, ...later] : [];
  });
  return (
    <FormDialog title={t("file.hours")} submit={t("file.change")} onClose={onClose} onSubmit={() => save(setHours(wanted))}>
      <p className="soft">{t("file.hours.hint")}</p>
      {days.map((one, day) => (
        <div key={day} className="row">
          <Field label={t("file.opens", { day: weekday(day, locale) })} type="time" required={!!one.closes} value={one.opens} onChange={(e) => change(day, { opens: e.target.value })} />
          <Field label={t("file.closes")} type="time" required={!!one.opens} value={one.closes} onChange={(e) => change(day, { closes: e.target.value })} />
        </div>
      ))}
    </FormDialog>
  );
}

function RatesForm({ file, onClose }: FormProps) {
  const t = useTexts();
  const save = useSave("file.asked");
  const { currency } = file;
  const card = file.proposed_rate_card ?? file.rate_card;
  const known: Rates = file.proposed_rate_card ?? file;
  const [work, setWork] = useState(known.hourly_cents ? String(known.hourly_cents / 100) : "");
  const [travel, setTravel] = useState(known.hourly_cents ? String(known.travel_cents_per_hour / 100) : "");
  const [least, setLeast] = useState(String((card?.minimum_cents ?? 0) / 100));
  const cents = (text: string): number => Math.round(Number(text) * 100);
  const send = (): Promise<void> =>
    save(proposeRates({ hourly_cents: cents(work), travel_cents_per_hour: cents(travel), minimum_cents: cents(least), skill_cents: card?.skill_cents ?? {} }));
  return (
    <FormDialog title={t("file.rates")} submit={t("file.change")} onClose={onClose} onSubmit={send}>
      <Field label={t("file.hourly", { currency })} type="number" min={0.01} step={0.01} required value={work} onChange={(e) => setWork(e.target.value)} />
      <Field label={t("file.travel", { currency })} type="number" min={0} step={0.01} required value={travel} onChange={(e) => setTravel(e.target.value)} />
      <Field label={t("file.least", { currency })} type="number" min={0} step={0.01} required value={least} onChange={(e) => setLeast(e.target.value)} />
    </FormDialog>
  );
}

function BankForm({ file, onClose }: FormProps) {
  const save = useSave();
  return <BankDialog holder={file.name} onClose={onClose} onSave={(holder, iban) => save(setBank(holder, iban))} />;
}

function SkillForm({ onClose }: FormProps) {
  const t = useTexts();
  const save = useSave("file.asked");
  const { data, error } = useChoices();
  const [skill, setSkill] = useState("");
  const [level, setLevel] = useState("1");
  const [paper, setPaper] = useState<File | null>(null);
  const send = async (): Promise<void> => {
    if (paper) await save(claimSkill(skill, Number(level), await handedIn(paper)));
  };
  return (
    <FormDialog title={t("file.skills")} submit={t("file.add")} disabled={!paper} onClose={onClose} onSubmit={send}>
      <Failure error={error} />
      <Choice label={t("file.skill")} required value={skill} onChange={setSkill} options={withNone(data?.skills)} />
      <Field label={t("file.level")} type="number" min={1} max={5} required value={level} onChange={(e) => setLevel(e.target.value)} />
      <Paper onChosen={setPaper} />
    </FormDialog>
  );
}

function ProofForm({ file, onClose }: FormProps) {
  const save = useSave("file.asked");
  const missing = file.lacks.find((one) => one.startsWith("proof:"))?.slice("proof:".length) ?? "";
  return (
    <ProofDialog missing={missing} onClose={onClose} onSave={(kind, expires_at, paper) => save(handedIn(paper).then((id) => claimCredential(kind, expires_at, id)))} />
  );
}

/** The id of the document that the paper became; the same file again is the same document. */
const handedIn = async (paper: File): Promise<string> => (await handIn(paper.name, await base64Of(paper))).id;
