// Depots: where they are, when they are open, which tools they lend.
import { Badge, Button, Choice, Empty, Failure, Field, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import type { UseQueryResult } from "@tanstack/react-query";
import { Problem } from "@firstfix/shared/api/problem";
import { useState } from "react";
import { geocode, queries } from "../api";
import type { Territory } from "../types";
import { type TextKey, useTexts } from "../words";
import { changeDepot, createDepot, type Depot } from "./api";
import { hasBreaks, weeklyOf, weekOf } from "./places";

export function Depots({ depots, territory }: { depots: UseQueryResult<Depot[]>; territory: Territory }) {
  const t = useTexts();
  const [editing, setEditing] = useState<Depot | "new" | null>(null);
  return (
    <section className="stack">
      <h2>{t("depots")}</h2>
      <div>
        <Button onClick={() => setEditing("new")}>{t("depot.new")}</Button>
      </div>
      {!depots.data && (depots.error ? <Failure error={depots.error} onRetry={() => void depots.refetch()} /> : <Skeleton lines={4} />)}
      {depots.data?.length === 0 && <Empty title={t("depots.none")}>{t("depots.none.more")}</Empty>}
      {depots.data?.map((one) => (
        <article key={one.id} className="card stack tight">
          <div className="row wrap spread">
            <h3>{one.name}</h3>
            {!one.active && <Badge>{t("depot.closed")}</Badge>}
          </div>
          <span>{one.address}</span>
          <span className="soft small"><Open weekly={one.weekly} /></span>
          <span className="soft small">
            {t("depot.stop", { minutes: one.service_minutes })} {t(one.territory_id ? "depot.own" : "depot.everywhere")}
          </span>
          {one.tools.length > 0 && (
            <span className="row wrap small">
              {one.tools.map((tool) => (
                <Badge key={tool}>{tool}</Badge>
              ))}
            </span>
          )}
          <div>
            <Button aria-label={t("depot.edit", { name: one.name })} onClick={() => setEditing(one)}>{t("depot.change")}</Button>
          </div>
        </article>
      ))}
      {editing && <Edit before={editing === "new" ? null : editing} territory={territory} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Open({ weekly }: { weekly: unknown[] }) {
  const t = useTexts();
  if (weekly.length === 0) return t("depot.always");
  return weekly
    .map((spans, day) => [day, (spans as [string, string][]).map((span) => span.join("–")).join(" ")] as const)
    .filter(([, hours]) => hours !== "")
    .map(([day, hours]) => `${t(`weekday.${day}` as TextKey)} ${hours}`)
    .join(", ");
}

function Edit({ before, territory, onClose }: { before: Depot | null; territory: Territory; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [name, setName] = useState(before?.name ?? "");
  const [address, setAddress] = useState(before?.address ?? "");
  const [minutes, setMinutes] = useState(before?.service_minutes ?? 10);
  const [tools, setTools] = useState(before?.tools.join("\n") ?? "");
  const [week, setWeek] = useState(weekOf(before?.weekly ?? []));
  const [reach, setReach] = useState(before && !before.territory_id ? "all" : "here");
  const [isActive, setActive] = useState(before?.active ?? true);
  const [byHand, setByHand] = useState<{ latitude: number; longitude: number } | null>(null);
  const at = byHand ?? before ?? territory;
  const keepsWeek = before !== null && hasBreaks(before.weekly);
  const send = async (): Promise<void> => {
    const fields = { name, address, service_minutes: minutes, tools: tools.split("\n").map((tool) => tool.trim()).filter(Boolean), ...(keepsWeek ? {} : { weekly: weeklyOf(week) }) };
    const position = byHand ?? (before?.address === address ? before : await positionOf(address));
    const place = { latitude: position.latitude, longitude: position.longitude };
    if (before) await changeDepot(before, { ...fields, ...place, active: isActive });
    else await createDepot({ ...fields, ...place, time_zone: territory.time_zone, territory_id: reach === "here" ? territory.id : null });
    tell(t("depot.kept"));
    void queries.invalidateQueries({ queryKey: ["stock"] });
  };
  const setDay = (day: number, span: [string, string] | null): void => setWeek(week.map((old, place) => (place === day ? span : old)));
  return (
    <FormDialog title={before ? t("depot.edit", { name: before.name }) : t("depot.new")} submit={t("depot.keep")} onClose={onClose} onSubmit={send}>
      <Field label={t("depot.name")} required value={name} onChange={(event) => setName(event.target.value)} />
      <Field label={t("depot.address")} required value={address} onChange={(event) => setAddress(event.target.value)} />
      <details>
        <summary>{t("depot.by_hand")}</summary>
        <div className="pair">
          {(["latitude", "longitude"] as const).map((axis) => (
            <Field key={axis} label={t(`intake.${axis}`)} type="number" step="any" value={at[axis]} onChange={(event) => setByHand({ latitude: at.latitude, longitude: at.longitude, [axis]: Number(event.target.value) })} />
          ))}
        </div>
      </details>
      <Field label={t("depot.minutes")} type="number" min={1} max={240} required value={minutes} onChange={(event) => setMinutes(Number(event.target.value))} />
      {!before && <Choice label={t("depot.serves")} value={reach} onChange={setReach} options={[["here", t("depot.own")], ["all", t("depot.everywhere")]]} />}
      {keepsWeek ? (
        <p className="soft small">{t("depot.breaks")}</p>
      ) : (
        <fieldset className="stack tight">
          <legend>{t("depot.open")}</legend>
          {week.map((span, day) => (
            <div key={day} className="row">
              <label className="row day-open">
                <input type="checkbox" checked={span !== null} onChange={(event) => setDay(day, event.target.checked ? ["07:00", "18:00"] : null)} />
                {t(`weekday.${day}` as TextKey)}
              </label>
              {span &&
                ([0, 1] as const).map((end) => (
                  <input
                    key={end}
                    className="input"
                    aria-label={t(end === 0 ? "depot.from" : "depot.to", { day: t(`weekday.${day}` as TextKey) })}
                    required
                    pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
                    value={span[end]}
                    onChange={(event) => setDay(day, end === 0 ? [event.target.value, span[1]] : [span[0], event.target.value])}
                  />
                ))}
            </div>
          ))}
        </fieldset>
      )}
      <LongText label={t("depot.tools")} hint={t("depot.tools.hint")} value={tools} onChange={setTools} rows={3} />
      {before && (
        <label className="check">
          <input type="checkbox" checked={isActive} onChange={(event) => setActive(event.target.checked)} />
          {t("depot.active")}
        </label>
      )}
    </FormDialog>
  );
}

async function positionOf(address: string): Promise<{ latitude: number; longitude: number }> {
  const found = await geocode(address);
  if (found.length !== 1) throw new Problem(422, { code: found.length ? "address_ambiguous" : "address_not_found" });
  return found[0]!;
}
