// Parts: how many pieces lie where, deliveries, counts and transfers.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Failure, Field, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { useTexts } from "../words";
import { countStock, createPart, fetchParts, type Part, takeDelivery, transferStock } from "./api";
import { placeKey, placeOf } from "./places";
import type { Places } from "./Stock";

type Step = "arrival" | "count" | "transfer";
const STEPS: Step[] = ["arrival", "count", "transfer"];

export function Parts({ places }: { places: Places }) {
  const t = useTexts();
  const { locale } = useLocale();
  const [wanted, setWanted] = useState("");
  const [isNew, setNew] = useState(false);
  const [moving, setMoving] = useState<{ part: Part; step: Step } | null>(null);
  const parts = useQuery({ queryKey: ["stock", "parts", wanted], queryFn: () => fetchParts(wanted.trim()), placeholderData: (before) => before });
  const names = new Map(places);
  return (
    <section className="stack">
      <h2>{t("stock.parts")}</h2>
      <Field label={t("stock.find")} type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
      <div>
        <Button kind="primary" onClick={() => setNew(true)}>{t("part.new")}</Button>
      </div>
      {!parts.data && (parts.error ? <Failure error={parts.error} onRetry={() => void parts.refetch()} /> : <Skeleton lines={6} />)}
      {parts.data?.length === 0 && <Empty title={t(wanted ? "stock.no_match" : "stock.none")}>{!wanted && t("stock.none.more")}</Empty>}
      {parts.data?.map((one) => (
        <article key={one.id} className="card stack tight">
          <div className="row wrap spread">
            <h3>{one.name}</h3>
            <Badge tone={free(one) === 0 ? "warn" : "neutral"}>{t("stock.free", { count: free(one) })}</Badge>
          </div>
          <span className="soft small">
            {one.number}, {money(one.price_cents, one.currency, locale)}, {t("part.lead", { count: one.lead_days })}
          </span>
          <ul className="row wrap small stock-places">
            {one.stock.map((lot) => (
              <li key={placeKey(lot)}>
                {names.get(placeKey(lot)) ?? t("stock.elsewhere")}: <strong>{lot.quantity}</strong>
              </li>
            ))}
          </ul>
          <div className="row wrap">
            {STEPS.map((step) => (
              <Button key={step} aria-label={`${t(`stock.${step}`)}: ${one.name}`} onClick={() => setMoving({ part: one, step })}>{t(`stock.${step}`)}</Button>
            ))}
          </div>
        </article>
      ))}
      {isNew && <NewPart onClose={() => setNew(false)} />}
      {moving && <Move {...moving} places={places} onClose={() => setMoving(null)} />}
    </section>
  );
}

const free = (part: Part): number => part.stock.reduce((sum, lot) => sum + lot.quantity, 0);

function useDone(): (words: string) => void {
  const tell = useTell();
  return (words) => {
    tell(words);
    void queries.invalidateQueries({ queryKey: ["stock"] });
  };
}

function Move({ part, step, places, onClose }: { part: Part; step: Step; places: Places; onClose: () => void }) {
  const t = useTexts();
  const done = useDone();
  const [from, setFrom] = useState(() => placeKey(part.stock.find((lot) => lot.quantity > 0) ?? {}));
  const [to, setTo] = useState(places[0]?.[0] ?? "");
  const [quantity, setQuantity] = useState(1);
  const send = async (): Promise<void> => {
    if (step === "transfer") await transferStock(part.id, placeOf(from), placeOf(to), quantity);
    else await (step === "count" ? countStock : takeDelivery)(part.id, placeOf(to), quantity);
    done(t(`stock.${step}.done`));
  };
  return (
    <FormDialog title={`${t(`stock.${step}`)}: ${part.name}`} submit={t(`stock.${step}.do`)} disabled={step === "transfer" && from === to} onClose={onClose} onSubmit={send}>
      <p className="soft">{t(`stock.${step}.hint`)}</p>
      {step === "transfer" && <Choice label={t("stock.from")} value={from} onChange={setFrom} options={places} />}
      <Choice label={t(step === "transfer" ? "stock.to" : "stock.where")} value={to} onChange={setTo} options={places} />
      <Field label={t("stock.pieces")} type="number" min={step === "count" ? 0 : 1} required value={quantity} onChange={(event) => setQuantity(Number(event.target.value))} />
    </FormDialog>
  );
}

function NewPart({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const done = useDone();
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [price, setPrice] = useState(0);
  const [lead, setLead] = useState(2);
  const send = async (): Promise<void> => {
    await createPart({ number, name, price_cents: Math.round(price * 100), lead_days: lead });
    done(t("part.made"));
  };
  return (
    <FormDialog title={t("part.new")} submit={t("part.make")} onClose={onClose} onSubmit={send}>
      <Field label={t("part.number")} required value={number} onChange={(event) => setNumber(event.target.value)} />
      <Field label={t("part.name")} required value={name} onChange={(event) => setName(event.target.value)} />
      <Field label={t("part.price")} type="number" min={0} step="any" required value={price} onChange={(event) => setPrice(Number(event.target.value))} />
      <Field label={t("part.lead_days")} type="number" min={0} max={1000} required value={lead} onChange={(event) => setLead(Number(event.target.value))} />
    </FormDialog>
  );
}
