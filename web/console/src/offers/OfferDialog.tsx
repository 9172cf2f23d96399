// Offering a job to freelancers by hand: whom to ask, for what pay, alone or as a route with jobs nearby.
import { Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refreshBoard } from "../api";
import type { AskProps } from "../dialogs/Reasons";
import { fetchCrowd, fetchPools } from "../pages/crowd";
import { useTexts } from "../words";
import { ask, askForRoute, type Whom } from "./api";
import { kilometres, nearby } from "./nearby";
import { useOfferTexts } from "./words";

const MOST_TOGETHER = 5;

export function OfferDialog({ visit, board, onClose }: AskProps) {
  const t = useTexts();
  const o = useOfferTexts();
  const tell = useTell();
  const [whom, setWhom] = useState("best");
  const [people, setPeople] = useState<string[]>([]);
  const [others, setOthers] = useState<string[]>([]);
  const [pay, setPay] = useState("");
  const pools = useQuery({ queryKey: ["crowd", "pools"], queryFn: fetchPools }).data ?? [];
  const crowd = useQuery({ queryKey: ["crowd", "people", board.territory.id], queryFn: () => fetchCrowd(board.territory.id) }).data ?? [];
  const near = nearby(visit, board.unassigned);
  const isRoute = others.length > 0;
  const single = [["named", o("whom.named")], ["market", o("whom.market")]] as const;
  const options = [["best", o("whom.best")] as const, ...(isRoute ? [] : single), ...pools.map((one) => [one.id, o("whom.pool", { name: one.name })] as const)];
  const send = async (): Promise<void> => {
    const made = isRoute
      ? await askForRoute([visit.id, ...others], whom === "best" ? null : whom)
      : await ask(visit.id, wished(whom, people), pay ? Math.round(Number(pay) * 100) : null);
    const count = new Set(made.map((one) => one.technician_id)).size;
    tell(count ? o("sent", { count }) : o("sent.nobody"));
    refreshBoard();
  };
  const choose = (id: string): void => {
    const next = toggled(others, id);
    setOthers(next);
    if (next.length > 0 && ["named", "market"].includes(whom)) setWhom("best");
  };
  return (
    <FormDialog
      title={t("offer.title", { number: visit.work_order_number })}
      submit={t("do.offer")}
      disabled={whom === "named" && people.length === 0}
      onClose={onClose}
      onSubmit={send}
    >
      <Choice label={o("whom")} value={whom} onChange={setWhom} options={options} />
      {whom === "named" && (
        <Checks
          legend={o("whom.named")}
          none={o("whom.nobody")}
          items={crowd.filter((one) => one.active).map((one) => [one.id, one.name])}
          chosen={people}
          onToggle={(id) => setPeople(toggled(people, id))}
        />
      )}
      {near.length > 0 && whom !== "named" && whom !== "market" && (
        <Checks
          legend={o("route")}
          hint={o("route.hint")}
          items={near.map((one) => [one.id, o("route.away", { title: `${one.work_order_number} ${one.title}`, km: kilometres(visit, one).toFixed(1) })])}
          chosen={others}
          most={MOST_TOGETHER - 1}
          onToggle={choose}
        />
      )}
      {isRoute ? (
        <p className="soft small">{o("pay.route")}</p>
      ) : (
        <Field label={t("offer.pay", { currency: "EUR" })} type="number" min={0} step="0.01" value={pay} onChange={(e) => setPay(e.target.value)} />
      )}
    </FormDialog>
  );
}

interface ChecksProps {
  legend: string;
  hint?: string;
  none?: string;
  items: (readonly [id: string, words: string])[];
  chosen: readonly string[];
  most?: number;
  onToggle: (id: string) => void;
}

function Checks({ legend, hint, none, items, chosen, most = Infinity, onToggle }: ChecksProps) {
  return (
    <fieldset className="stack tight">
      <legend>{legend}</legend>
      {hint && <p className="soft small">{hint}</p>}
      {items.length === 0 && none && <p className="soft">{none}</p>}
      {items.map(([id, words]) => (
        <label key={id} className="check">
          <input type="checkbox" checked={chosen.includes(id)} disabled={!chosen.includes(id) && chosen.length >= most} onChange={() => onToggle(id)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

const toggled = (all: readonly string[], id: string): string[] => (all.includes(id) ? all.filter((one) => one !== id) : [...all, id]);

function wished(whom: string, technician_ids: string[]): Whom {
  if (whom === "best") return {};
  if (whom === "market") return { market: true };
  return whom === "named" ? { technician_ids } : { pool_id: whom };
}
