// Storm mode of an incident: on with a time of restoration, told to all; off by one move.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { businessNow } from "@firstfix/shared/clock";
import { dayAndTime } from "@firstfix/shared/time";
import { Button, Choice, Field, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { usePolicies } from "../plans/state";
import type { Territory } from "../types";
import { announceRestoration, beginStorm, calmStorm, findStorm, type Incident, type Storm } from "./api";
import { instantOf, Loaded, MomentField, momentOf, useRun } from "./pieces";
import { useWatchTexts } from "./words";

const HOURS = 6 * 3_600_000;
const RESERVE_PCT = 60;

export function StormMode({ incident, territory }: { incident: Incident; territory: Territory }) {
  const t = useWatchTexts();
  const storm = useQuery({ queryKey: ["incidents", "storm", incident.id], queryFn: () => findStorm(incident.id) });
  const [isBeginning, setBeginning] = useState(false);
  return (
    <Loaded of={storm} lines={2}>
      {(found) => (
        <>
          {found && !found.ended_at ? (
            <Running storm={found} zone={territory.time_zone} />
          ) : (
            incident.moves.includes("storm") && (
              <div className="stack tight">
                <div>
                  <Button kind="danger" onClick={() => setBeginning(true)}>{t("storm.begin")}</Button>
                </div>
                <p className="soft small">{t("storm.hint")}</p>
              </div>
            )
          )}
          {isBeginning && <Begin incident={incident} territory={territory} onClose={() => setBeginning(false)} />}
        </>
      )}
    </Loaded>
  );
}

function Running({ storm, zone }: { storm: Storm; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { busy, run } = useRun("incidents", "board", "policies");
  const [isTelling, setTelling] = useState(false);
  return (
    <Notice tone="danger">
      <strong>{t("storm.on")}</strong>
      <span>{t("storm.until", { at: dayAndTime(storm.restoration_at, { locale, zone }) })}</span>
      <span>{t("storm.orders", { count: storm.orders })} {t("storm.reserve", { pct: storm.reserve_pct })}</span>
      <span className="row wrap">
        <Button onClick={() => setTelling(true)}>{t("storm.tell")}</Button>
        <Button busy={busy} onClick={() => run(() => calmStorm(storm.incident_id), t("done.calm"))}>{t("storm.calm")}</Button>
      </span>
      {isTelling && <Tell storm={storm} zone={zone} onClose={() => setTelling(false)} />}
    </Notice>
  );
}

function useDone(): (words: string) => void {
  const tell = useTell();
  return (words) => {
    tell(words);
    for (const key of ["incidents", "board", "policies"]) void queries.invalidateQueries({ queryKey: [key] });
  };
}

function Begin({ incident, territory, onClose }: { incident: Incident; territory: Territory; onClose: () => void }) {
  const t = useWatchTexts();
  const done = useDone();
  const policies = usePolicies().data?.filter((one) => one.territory_id === territory.id) ?? [];
  const [until, setUntil] = useState(momentOf(businessNow() + HOURS, territory.time_zone));
  const [reserve, setReserve] = useState(RESERVE_PCT);
  const [policy, setPolicy] = useState("");
  const send = async (): Promise<void> => {
    await beginStorm(incident.id, instantOf(until, territory.time_zone), reserve, policy || null);
    done(t("done.storm"));
  };
  return (
    <FormDialog title={t("storm.begin")} submit={t("storm.begin.do")} tone="danger" onClose={onClose} onSubmit={send}>
      <p className="soft">{t("storm.hint")}</p>
      <MomentField label={t("storm.restored")} value={until} onChange={setUntil} />
      <Field label={t("storm.reserve.label")} type="number" min={0} max={100} required value={reserve} onChange={(event) => setReserve(Number(event.target.value))} />
      <Choice label={t("storm.policy")} value={policy} onChange={setPolicy} options={[["", t("storm.policy.same")], ...policies.map((one) => [one.id, `${one.name} ${one.number}`] as const)]} />
    </FormDialog>
  );
}

function Tell({ storm, zone, onClose }: { storm: Storm; zone: string; onClose: () => void }) {
  const t = useWatchTexts();
  const done = useDone();
  const [until, setUntil] = useState(momentOf(Date.parse(storm.restoration_at), zone));
  const send = async (): Promise<void> => {
    await announceRestoration(storm.incident_id, instantOf(until, zone));
    done(t("done.told"));
  };
  return (
    <FormDialog title={t("storm.tell")} submit={t("storm.tell.do")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("storm.tell.hint")}</p>
      <MomentField label={t("storm.restored")} value={until} onChange={setUntil} />
    </FormDialog>
  );
}
