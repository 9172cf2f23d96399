// Rotas: who is on call now and next, exceptions, and a new rota.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { businessNow } from "@firstfix/shared/clock";
import { addDays, dayAndTime, isoDay, zonedInstant } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, Field, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { useBoard } from "../state";
import type { BoardTechnician, Territory } from "../types";
import { useTexts } from "../words";
import { createRota, fetchDuties, fetchOnCall, fetchRotas, putOnDuty, type Rota } from "./api";
import { Members } from "./Members";
import { StandBys } from "./StandBys";

const SHOWN = 12;

export function OnCall({ territory }: { territory: Territory }) {
  const t = useTexts();
  const { locale } = useLocale();
  const [isNew, setNew] = useState(false);
  const [changing, setChanging] = useState<string | null>(null);
  const [ordering, setOrdering] = useState<Rota | null>(null);
  const people = useBoard(territory, null).data?.technicians ?? [];
  const key = ["on_call", territory.id];
  const rotas = useQuery({ queryKey: [...key, "rotas"], queryFn: () => fetchRotas(territory.id) });
  const duties = useQuery({ queryKey: [...key, "duties"], queryFn: () => fetchDuties(territory.id) });
  const now = useQuery({ queryKey: [...key, "now"], queryFn: () => fetchOnCall(territory.id), refetchInterval: 60_000 });
  const named = (id: string): string => people.find((one) => one.id === id)?.name ?? t("on_call.somebody");
  const told = (at: string): string => dayAndTime(at, { locale, zone: territory.time_zone });
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ["on_call"] });
  if (!rotas.data) return rotas.error ? <Failure error={rotas.error} onRetry={() => void rotas.refetch()} /> : <Skeleton lines={8} />;
  return (
    <div className="stack">
      {rotas.data.length === 0 && <Empty title={t("on_call.none")}>{t("on_call.none.more")}</Empty>}
      <div>
        <Button kind="primary" onClick={() => setNew(true)}>{t("on_call.new")}</Button>
      </div>
      <div className="page-columns">
        {rotas.data.map((rota) => (
          <section key={rota.id} className="stack card">
            <div className="row spread wrap">
              <h2>{rota.name}</h2>
              <Badge>{t(rota.weekday === null ? "on_call.daily" : "on_call.weekly")}</Badge>
            </div>
            <p>
              <strong>{t("on_call.now")}</strong>{" "}
              {now.data?.find((one) => one.rota_id === rota.id)?.technician_ids.map(named).join(", ") || t("on_call.nobody")}
            </p>
            <table className="money">
              <caption>{t("on_call.turns")}</caption>
              <tbody>
                {(duties.data ?? [])
                  .filter((one) => one.rota_id === rota.id)
                  .slice(0, SHOWN)
                  .map((one) => (
                    <tr key={one.starts_at + one.technician_id}>
                      <th scope="row">{named(one.technician_id)}</th>
                      <td>{told(one.starts_at)}</td>
                      <td>{told(one.ends_at)}</td>
                      <td>{one.is_change && <Badge tone="accent">{t("on_call.changed")}</Badge>}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
            <div className="row wrap">
              <Button onClick={() => setChanging(rota.id)}>{t("on_call.change")}</Button>
              <Button onClick={() => setOrdering(rota)}>{t("on_call.people")}</Button>
            </div>
          </section>
        ))}
      </div>
      <StandBys territory={territory} rotas={rotas.data} />
      {isNew && <NewRota territory={territory} people={people} onClose={() => setNew(false)} onDone={refresh} />}
      {ordering && <Members rota={ordering} people={people} onClose={() => setOrdering(null)} onDone={refresh} />}
      {changing && <Change rotaId={changing} territory={territory} people={people} onClose={() => setChanging(null)} onDone={refresh} />}
    </div>
  );
}

/** So that a rota of weeks begins with this one. */
const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7));

interface FormProps {
  territory: Territory;
  people: BoardTechnician[];
  onClose: () => void;
  onDone: () => void;
}

function NewRota({ territory, people, onClose, onDone }: FormProps) {
  const t = useTexts();
  const [name, setName] = useState("");
  const [turn, setTurn] = useState("week");
  const [members, setMembers] = useState<string[]>([]);
  const today = isoDay(businessNow(), territory.time_zone);
  const send = async (): Promise<void> => {
    const isWeekly = turn === "week";
    await createRota(name, territory.id, members, isWeekly ? mondayOf(today) : today, isWeekly ? 0 : null);
    onDone();
  };
  const toggle = (id: string): void => setMembers((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <FormDialog title={t("on_call.new")} submit={t("on_call.make")} disabled={members.length === 0} onClose={onClose} onSubmit={send}>
      <Field label={t("on_call.name")} required value={name} onChange={(event) => setName(event.target.value)} />
      <Choice label={t("on_call.turn")} value={turn} onChange={setTurn} options={[["week", t("on_call.weekly")], ["day", t("on_call.daily")]]} />
      <fieldset className="stack tight">
        <legend>{t("on_call.members")}</legend>
        {people.map((one) => (
          <label key={one.id} className="row">
            <input type="checkbox" checked={members.includes(one.id)} onChange={() => toggle(one.id)} />
            {one.name}
            {members.includes(one.id) && <span className="soft small">{members.indexOf(one.id) + 1}.</span>}
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}

function Change({ rotaId, territory, people, onClose, onDone }: FormProps & { rotaId: string }) {
  const t = useTexts();
  const today = isoDay(businessNow(), territory.time_zone);
  const [who, setWho] = useState(people[0]?.id ?? "");
  const [from, setFrom] = useState(addDays(today, 1));
  const [until, setUntil] = useState(addDays(today, 2));
  const [why, setWhy] = useState("");
  const at = (day: string): string => zonedInstant(day, "08:00", territory.time_zone).toISOString();
  const send = async (): Promise<void> => {
    await putOnDuty(rotaId, who, at(from), at(until), why);
    onDone();
  };
  return (
    <FormDialog title={t("on_call.change")} submit={t("on_call.change.do")} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("on_call.change.hint")}</p>
      <Choice label={t("on_call.who")} value={who} onChange={setWho} options={people.map((one) => [one.id, one.name] as const)} />
      <Field label={t("on_call.from")} type="date" required min={today} value={from} onChange={(event) => setFrom(event.target.value)} />
      <Field label={t("on_call.until")} type="date" required min={from} value={until} onChange={(event) => setUntil(event.target.value)} />
      <Field label={t("on_call.why")} required value={why} onChange={(event) => setWhy(event.target.value)} />
    </FormDialog>
  );
}
