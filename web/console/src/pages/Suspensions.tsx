// Who is suspended and why, and the appeals that wait; somebody else than who suspended decides.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayName } from "@firstfix/shared/time";
import { Badge, Button, Failure, Field, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { useTexts } from "../words";
import { type Appeal, decideAppeal, fetchAppeals, fetchSuspensions, lift, suspend, type Suspension } from "./crowd";

type Decision = { kind: "lift"; of: Suspension } | { kind: "grant" | "uphold"; of: Appeal };
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

/** Of the people named; nothing where nobody is suspended. */
export function Suspensions({ names }: { names: Map<string, string> }) {
  const t = useTexts();
  const { locale } = useLocale();
  const suspensions = useQuery({ queryKey: ["crowd", "suspensions"], queryFn: fetchSuspensions });
  const appeals = useQuery({ queryKey: ["crowd", "appeals"], queryFn: fetchAppeals });
  const [decision, setDecision] = useState<Decision | null>(null);
  const error = suspensions.error ?? appeals.error;
  const here = suspensions.data?.filter((one) => names.has(one.technician_id)) ?? [];
  if (error) return <Failure error={error} />;
  if (here.length === 0) return null;
  return (
    <>
      <h2>{t("suspensions")}</h2>
      {here.map((one) => {
        const appeal = appeals.data?.find((waiting) => waiting.suspension_id === one.id);
        return (
          <article key={one.id} className="card stack tight">
            <span className="row wrap spread">
              <strong>{names.get(one.technician_id)}</strong>
              <span className="soft small">
                {dayName(one.created_at, { locale })}
                {one.ends_at && ` – ${dayName(one.ends_at, { locale })}`}
              </span>
            </span>
            <span>{one.reason}</span>
            {appeal && (
              <>
                <Badge tone="accent">{t("suspensions.appeal", { day: dayName(appeal.answer_by, { locale }) })}</Badge>
                <span>{appeal.words}</span>
              </>
            )}
            {may("supervisor", "admin") && (
              <span className="row wrap">
                {appeal && <Button kind="primary" onClick={() => setDecision({ kind: "grant", of: appeal })}>{t("suspensions.grant")}</Button>}
                {appeal && <Button onClick={() => setDecision({ kind: "uphold", of: appeal })}>{t("suspensions.uphold")}</Button>}
                {!appeal && <Button onClick={() => setDecision({ kind: "lift", of: one })}>{t("suspensions.lift")}</Button>}
              </span>
            )}
          </article>
        );
      })}
      {decision && <Decide decision={decision} onClose={() => setDecision(null)} />}
    </>
  );
}

function Decide({ decision, onClose }: { decision: Decision; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [words, setWords] = useState("");
  const { kind, of } = decision;
  const send = async (): Promise<void> => {
    await (kind === "lift" ? lift(of.id, words.trim()) : decideAppeal(of.id, kind === "grant", words.trim()));
    tell(t("crowd.done"));
    refresh();
  };
  return (
    <FormDialog title={t(`suspensions.${kind}`)} submit={t(`suspensions.${kind}`)} disabled={words.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("suspensions.read")}</p>
      <LongText label={t("suspensions.words")} value={words} onChange={setWords} required />
    </FormDialog>
  );
}

export function Suspend({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const send = async (): Promise<void> => {
    await suspend(id, reason.trim(), until ? new Date(`${until}T23:59:00Z`).toISOString() : null);
    tell(t("crowd.done"));
    refresh();
  };
  return (
    <FormDialog title={t("suspend.title", { name })} submit={t("suspend")} tone="danger" disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{t("suspend.lead")}</p>
      <LongText label={t("suspend.reason")} hint={t("suspensions.read")} value={reason} onChange={setReason} required />
      <Field label={t("suspend.until")} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
    </FormDialog>
  );
}
