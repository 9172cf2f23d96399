// Stand-bys: duty of a rota offered to freelancers, who was asked, and who took it.
import { type Translate, useLocale } from "@firstfix/shared/i18n/locale";
import { businessNow } from "@firstfix/shared/clock";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { addDays, dayAndTime, isoDay, money, zonedInstant } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, Field, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { useNames } from "../money/api";
import type { Territory } from "../types";
import { type TextKey, useTexts } from "../words";
import type { Rota } from "./api";
import { fetchCrowd, fetchPools, fetchStandBys, noteGivenBack, offerStandBy, withdrawStandBy } from "./crowd";

type StandBy = Awaited<ReturnType<typeof fetchStandBys>>[number];

const TONES = { open: "accent", taken: "ok", ended: "neutral", expired: "warn", withdrawn: "neutral", given_back: "warn", revoked: "warn" } as const;
const HOUR = 3_600_000;
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["stand_bys"] });

export function StandBys({ territory, rotas }: { territory: Territory; rotas: readonly Rota[] }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const named = useNames();
  const [isNew, setNew] = useState(false);
  const [givenBack, setGivenBack] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["stand_bys", territory.id], queryFn: () => fetchStandBys(territory.id), refetchInterval: 60_000 });
  const told = (at: string): string => dayAndTime(at, { locale, zone: territory.time_zone });
  const takeBack = (id: string): void =>
    void withdrawStandBy(id)
      .then(() => (tell(t("stand_by.withdrawn.done")), refresh()))
      .catch((failure: unknown) => tell(failureWords(w, failure)));
  return (
    <section className="stack">
      <div className="row spread wrap">
        <h2>{t("stand_by")}</h2>
        <Button onClick={() => setNew(true)} disabled={rotas.length === 0}>
          {t("stand_by.new")}
        </Button>
      </div>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
      {data?.length === 0 && <Empty title={t("stand_by.none")}>{t(rotas.length ? "stand_by.none.more" : "stand_by.none.rota")}</Empty>}
      {data?.map((one) => {
        return (
          <article key={one.id} className="card stack tight">
            <span className="row spread wrap">
              <strong>{rotas.find((rota) => rota.id === one.rota_id)?.name}</strong>
              <Badge tone={TONES[one.status]}>{t(`stand_by.status.${one.status}` as TextKey)}</Badge>
            </span>
            <span>
              {told(one.starts_at)} – {told(one.ends_at)} · {money(one.pay_cents, one.currency, locale)}
            </span>
            <span className="soft">{whoseWords(t, one, named, told)}</span>
            {one.status === "taken" && Date.parse(one.starts_at) > businessNow() && (
              <div>
                <Button kind="quiet" onClick={() => setGivenBack(one.id)}>{t("stand_by.back_out")}</Button>
              </div>
            )}
            {one.status === "open" && (
              <div>
                <Button kind="quiet" onClick={() => takeBack(one.id)}>{t("stand_by.withdraw")}</Button>
              </div>
            )}
          </article>
        );
      })}
      {givenBack && <GivenBack id={givenBack} onClose={() => setGivenBack(null)} />}
      {isNew && <Offer territory={territory} rotas={rotas} onClose={() => setNew(false)} />}
    </section>
  );
}

function whoseWords(t: Translate<TextKey>, one: StandBy, named: (id: string) => string, told: (at: string) => string): string {
  const taker = one.asked.find((asked) => asked.status === "accepted");
  if (!taker) return t("stand_by.asked", { count: one.asked.length, until: told(one.answer_by) });
  const name = named(taker.technician_id);
  return one.status === "given_back" ? t("stand_by.back_out.by", { name }) : name;
}

function GivenBack({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await noteGivenBack(id, reason);
    tell(t("stand_by.back_out.done"));
    refresh();
  };
  return (
    <FormDialog title={t("stand_by.back_out")} submit={t("stand_by.back_out")} tone="danger" disabled={!reason.trim()} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("stand_by.back_out.hint")}</p>
      <LongText label={w("field.reason")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

function Offer({ territory, rotas, onClose }: { territory: Territory; rotas: readonly Rota[]; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const today = isoDay(businessNow(), territory.time_zone);
  const [rota, setRota] = useState(rotas[0]?.id ?? "");
  const [day, setDay] = useState(addDays(today, 1));
  const [from, setFrom] = useState("18:00");
  const [hours, setHours] = useState("4");
  const [pay, setPay] = useState("");
  const [whom, setWhom] = useState("market");
  const [people, setPeople] = useState<string[]>([]);
  const crowd = useQuery({ queryKey: ["crowd", "people", territory.id], queryFn: () => fetchCrowd(territory.id) }).data ?? [];
  const pools = useQuery({ queryKey: ["crowd", "pools"], queryFn: fetchPools }).data ?? [];
  const cents = Math.round(Number(pay) * 100);
  const send = async (): Promise<void> => {
    const starts = zonedInstant(day, from, territory.time_zone);
    const made = await offerStandBy({
      rota_id: rota,
      starts_at: starts.toISOString(),
      ends_at: new Date(starts.getTime() + Number(hours) * HOUR).toISOString(),
      pay_cents: cents,
      ...(whom === "named" ? { technician_ids: people } : whom === "market" ? {} : { pool_id: whom }),
    });
    tell(t("stand_by.sent", { count: made.asked.length }));
    refresh();
  };
  const toggle = (id: string): void => setPeople((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <FormDialog title={t("stand_by.new")} submit={t("stand_by.send")} disabled={!(cents > 0) || (whom === "named" && people.length === 0)} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("stand_by.lead")}</p>
      <Choice label={t("stand_by.rota")} value={rota} onChange={setRota} options={rotas.map((one) => [one.id, one.name] as const)} />
      <Field label={t("stand_by.day")} type="date" required min={today} value={day} onChange={(event) => setDay(event.target.value)} />
      <Field label={t("stand_by.from")} type="time" required value={from} onChange={(event) => setFrom(event.target.value)} />
      <Field label={t("stand_by.hours")} type="number" required min={1} max={24} step={0.5} value={hours} onChange={(event) => setHours(event.target.value)} />
      <Field label={t("stand_by.pay")} type="number" required min={0.01} step="0.01" value={pay} onChange={(event) => setPay(event.target.value)} />
      <Choice
        label={t("stand_by.whom")}
        value={whom}
        onChange={setWhom}
        options={[["market", t("stand_by.market")], ["named", t("stand_by.named")], ...pools.map((one) => [one.id, one.name] as const)]}
      />
      {whom === "named" && (
        <fieldset className="stack tight">
          <legend>{t("stand_by.named")}</legend>
          {crowd.map((one) => (
            <label key={one.id} className="row">
              <input type="checkbox" checked={people.includes(one.id)} onChange={() => toggle(one.id)} />
              {one.name}
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
