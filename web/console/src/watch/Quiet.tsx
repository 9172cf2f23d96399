// What is kept quiet: silences, maintenance windows, and alerts that others explain.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Field, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { endSilence, fetchInhibitions, fetchRules, fetchSilences, type Inhibition, liftInhibition, makeInhibition, makeSilence, type NewSilence, type Silence } from "./api";
import { instantOf, Loaded, MomentField, momentOf, useRun } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

export function Quiet({ territory }: { territory: Territory }) {
  return (
    <div className="page-columns">
      <Silences territory={territory} />
      <Inhibitions />
    </div>
  );
}

function Silences({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const [isNew, setNew] = useState(false);
  const silences = useQuery({ queryKey: ["silences"], queryFn: fetchSilences, refetchInterval: 60_000 });
  return (
    <section className="stack">
      <h2>{t("quiet.times")}</h2>
      <p className="soft small">{t("quiet.hint")}</p>
      <div>
        <Button kind="primary" onClick={() => setNew(true)}>{t("quiet.new")}</Button>
      </div>
      <Loaded of={silences}>
        {(all) => (all.length === 0 ? <Empty title={t("quiet.none")}>{t("quiet.none.more")}</Empty> : all.map((one) => <Line key={one.id} silence={one} zone={territory.time_zone} />))}
      </Loaded>
      {isNew && <NewQuiet territory={territory} onClose={() => setNew(false)} />}
    </section>
  );
}

function Line({ silence, zone }: { silence: Silence; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { busy, run } = useRun("silences", "alerts");
  const rules = useQuery({ queryKey: ["rules", "all"], queryFn: fetchRules, enabled: silence.rule_id !== null }).data;
  const what = [
    silence.fault_class?.replaceAll("_", " "),
    silence.rule_id && (rules?.find((one) => one.id === silence.rule_id)?.name ?? t("silence.reach.rule")),
    silence.model,
    silence.asset_id && t("silence.one_asset"),
    silence.site_id && t("silence.one_site"),
    silence.territory_id && t("silence.reach.territory"),
  ].filter(Boolean);
  const at = (moment: string): string => dayAndTime(moment, { locale, zone });
  return (
    <article className="card stack tight">
      <span className="row wrap spread">
        <strong>{what.join(", ")}</strong>
        <Badge tone={silence.kind === "maintenance" ? "accent" : "neutral"}>{t(`kind.${silence.kind}` as WatchKey)}</Badge>
      </span>
      <span>{t("from_to", { from: at(silence.starts_at), to: at(silence.ends_at) })}</span>
      <span className="soft">{silence.reason}</span>
      <div>
        <Button busy={busy} onClick={() => run(() => endSilence(silence.id), t("done.quiet_over"))}>{t("quiet.end")}</Button>
      </div>
    </article>
  );
}

const REACH = ["fault_class", "rule", "model", "territory"] as const;

function NewQuiet({ territory, onClose }: { territory: Territory; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const zone = territory.time_zone;
  const [kind, setKind] = useState<"silence" | "maintenance">("maintenance");
  const [reach, setReach] = useState<(typeof REACH)[number]>("fault_class");
  const [what, setWhat] = useState("");
  const [from, setFrom] = useState(momentOf(businessNow(), zone));
  const [until, setUntil] = useState(momentOf(businessNow() + 4 * 3_600_000, zone));
  const [reason, setReason] = useState("");
  const rules = useQuery({ queryKey: ["rules", "all"], queryFn: fetchRules }).data ?? [];
  const scope: Record<typeof reach, Partial<NewSilence>> = {
    fault_class: { fault_class: what, territory_id: territory.id },
    rule: { rule_id: what, territory_id: territory.id },
    model: { model: what },
    territory: { territory_id: territory.id },
  };
  const send = async (): Promise<void> => {
    await makeSilence({ kind, starts_at: instantOf(from, zone), ends_at: instantOf(until, zone), reason: reason.trim(), ...scope[reach] });
    tell(t("done.quiet"));
    for (const key of ["silences", "alerts"]) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <FormDialog title={t("quiet.new")} submit={t("silence.do")} disabled={!reason.trim()} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("silence.hint")}</p>
      <Choice label={t("silence.kind")} value={kind} onChange={(value) => setKind(value as typeof kind)} options={[["maintenance", t("silence.maintenance")], ["silence", t("silence.silence")]]} />
      <Choice label={t("silence.reach")} value={reach} onChange={(value) => (setReach(value as typeof reach), setWhat(""))} options={REACH.map((one) => [one, t(`silence.reach.${one}`)] as const)} />
      {reach === "rule" && <Choice label={t("quiet.rule")} required value={what} onChange={setWhat} options={[["", t("choose")], ...rules.map((one) => [one.id, one.name] as const)]} />}
      {(reach === "fault_class" || reach === "model") && <Field label={t(`quiet.${reach}`)} required value={what} onChange={(event) => setWhat(event.target.value)} />}
      <MomentField label={t("from")} value={from} onChange={setFrom} />
      <MomentField label={t("until")} value={until} onChange={setUntil} />
      <LongText label={t("why")} value={reason} onChange={setReason} required rows={2} />
    </FormDialog>
  );
}

const REACHES: Inhibition["reach"][] = ["same_asset", "parent_asset", "same_site"];

function Inhibitions() {
  const t = useWatchTexts();
  const { busy, run } = useRun("inhibitions");
  const [isNew, setNew] = useState(false);
  const inhibitions = useQuery({ queryKey: ["inhibitions"], queryFn: fetchInhibitions });
  return (
    <section className="stack">
      <h2>{t("inhibitions")}</h2>
      <p className="soft small">{t("inhibitions.hint")}</p>
      <div>
        <Button onClick={() => setNew(true)}>{t("inhibitions.new")}</Button>
      </div>
      <Loaded of={inhibitions} lines={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("inhibitions.none")}>{t("inhibitions.none.more")}</Empty>
          ) : (
            all.map((one) => (
              <article key={one.id} className="card row wrap spread">
                <span>
                  {t("inhibitions.line", { source: one.source_fault_class.replaceAll("_", " "), target: one.target_fault_class.replaceAll("_", " ") })}{" "}
                  <span className="soft">{t(`reach.${one.reach}` as WatchKey)}</span>
                </span>
                <Button busy={busy} onClick={() => run(() => liftInhibition(one.id), t("done.removed"))}>{t("remove")}</Button>
              </article>
            ))
          )
        }
      </Loaded>
      {isNew && <NewInhibition onClose={() => setNew(false)} />}
    </section>
  );
}

function NewInhibition({ onClose }: { onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const [reach, setReach] = useState<Inhibition["reach"]>("same_asset");
  const send = async (): Promise<void> => {
    await makeInhibition(source, target, reach);
    tell(t("done.inhibition"));
    void queries.invalidateQueries({ queryKey: ["inhibitions"] });
  };
  return (
    <FormDialog title={t("inhibitions.new")} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      <Field label={t("inhibitions.source")} required value={source} onChange={(event) => setSource(event.target.value)} />
      <Field label={t("inhibitions.target")} required value={target} onChange={(event) => setTarget(event.target.value)} />
      <Choice label={t("inhibitions.reach")} value={reach} onChange={(value) => setReach(value as Inhibition["reach"])} options={REACHES.map((one) => [one, t(`reach.${one}` as WatchKey)] as const)} />
    </FormDialog>
  );
}
