// What an alert's actions ask for.
import { businessNow } from "@firstfix/shared/clock";
import { Choice, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { queries } from "../api";
import { type Alert, clearAlert, type Disposition, makeSilence, type NewSilence, snoozeAlert } from "./api";
import { instantOf, MomentField, momentOf } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

interface AskProps {
  alert: Alert;
  zone: string;
  onClose: () => void;
}

const HOUR_MS = 3_600_000;

function useDone(): (words: string) => void {
  const tell = useTell();
  return (words) => {
    tell(words);
    for (const key of ["alerts", "silences"]) void queries.invalidateQueries({ queryKey: [key] });
  };
}

export function LaterDialog({ alert, zone, onClose }: AskProps) {
  const t = useWatchTexts();
  const done = useDone();
  const [until, setUntil] = useState(momentOf(businessNow() + 4 * HOUR_MS, zone));
  const send = async (): Promise<void> => {
    await snoozeAlert(alert.id, instantOf(until, zone));
    done(t("done.later"));
  };
  return (
    <FormDialog title={t("later.title")} submit={t("later.do")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("later.hint")}</p>
      <MomentField label={t("until")} value={until} onChange={setUntil} />
    </FormDialog>
  );
}

const REACH: Record<string, (alert: Alert) => Partial<NewSilence>> = {
  fault: (alert) => ({ asset_id: alert.asset_id, fault_class: alert.fault_class }),
  asset: (alert) => ({ asset_id: alert.asset_id }),
  site: (alert) => ({ site_id: alert.site_id }),
  rule: (alert) => ({ rule_id: alert.rule_id }),
};

export function SilenceDialog({ alert, zone, onClose }: AskProps) {
  const t = useWatchTexts();
  const done = useDone();
  const [kind, setKind] = useState<NewSilence["kind"]>("silence");
  const [reach, setReach] = useState("fault");
  const [until, setUntil] = useState(momentOf(businessNow() + 24 * HOUR_MS, zone));
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    const starts_at = new Date(businessNow()).toISOString();
    await makeSilence({ kind, starts_at, ends_at: instantOf(until, zone), reason, ...REACH[reach]!(alert) });
    done(t("done.silence"));
  };
  return (
    <FormDialog title={t("silence.title")} submit={t("silence.do")} disabled={!reason.trim()} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("silence.hint")}</p>
      <Choice label={t("silence.kind")} value={kind ?? "silence"} onChange={(value) => setKind(value as NewSilence["kind"])} options={["silence", "maintenance"].map((one) => [one, t(`silence.${one}` as WatchKey)] as const)} />
      <Choice label={t("silence.reach")} value={reach} onChange={setReach} options={Object.keys(REACH).map((one) => [one, t(`silence.reach.${one}` as WatchKey)] as const)} />
      <MomentField label={t("until")} value={until} onChange={setUntil} />
      <LongText label={t("why")} value={reason} onChange={setReason} required rows={2} />
    </FormDialog>
  );
}

const VERDICTS: Disposition[] = ["false_alarm", "repaired", "remote_fixed", "duplicate"];

export function DismissDialog({ alert, onClose }: AskProps) {
  const t = useWatchTexts();
  const done = useDone();
  const [verdict, setVerdict] = useState<Disposition>("false_alarm");
  const [note, setNote] = useState("");
  const send = async (): Promise<void> => {
    await clearAlert(alert.id, verdict, note.trim());
    done(t("done.dismissed"));
  };
  return (
    <FormDialog title={t("dismiss.title")} submit={t("dismiss.do")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("dismiss.hint")}</p>
      <Choice label={t("dismiss.verdict")} value={verdict} onChange={(value) => setVerdict(value as Disposition)} options={VERDICTS.map((one) => [one, t(`disposition.${one}` as WatchKey)] as const)} />
      <LongText label={t("note")} value={note} onChange={setNote} rows={2} />
    </FormDialog>
  );
}
