// The people of a rota in the order of their turns: move, take out, add.
import { Button, Choice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import type { BoardTechnician } from "../types";
import { useTexts } from "../words";
import { type Rota, setMembers } from "./api";

interface MembersProps {
  rota: Rota;
  people: BoardTechnician[];
  onClose: () => void;
  onDone: () => void;
}

export function Members({ rota, people, onClose, onDone }: MembersProps) {
  const t = useTexts();
  const tell = useTell();
  const [ids, setIds] = useState(() => rota.members.toSorted((a, b) => a.position - b.position).map((one) => one.technician_id));
  const others = people.filter((one) => !ids.includes(one.id));
  const [adding, setAdding] = useState("");
  const named = (id: string): string => people.find((one) => one.id === id)?.name ?? t("on_call.somebody");
  const swap = (place: number, by: number): void => {
    const next = [...ids];
    [next[place], next[place + by]] = [next[place + by]!, next[place]!];
    setIds(next);
  };
  const send = async (): Promise<void> => {
    await setMembers(rota.id, ids);
    tell(t("on_call.people.kept"));
    onDone();
  };
  return (
    <FormDialog title={`${t("on_call.people")}: ${rota.name}`} submit={t("on_call.people.keep")} disabled={ids.length === 0} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("on_call.people.hint")}</p>
      <ol className="stack tight">
        {ids.map((id, place) => (
          <li key={id} className="row">
            <span className="grow clip">
              {place + 1}. {named(id)}
            </span>
            <Button size="icon" disabled={place === 0} aria-label={t("on_call.up", { name: named(id) })} onClick={() => swap(place, -1)}>↑</Button>
            <Button size="icon" disabled={place === ids.length - 1} aria-label={t("on_call.down", { name: named(id) })} onClick={() => swap(place, 1)}>↓</Button>
            <Button size="icon" aria-label={t("on_call.out", { name: named(id) })} onClick={() => setIds(ids.filter((one) => one !== id))}>×</Button>
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <div className="row">
          <div className="grow">
            <Choice label={t("on_call.add.who")} value={adding} onChange={setAdding} options={[["", "–"], ...others.map((one) => [one.id, one.name] as const)]} />
          </div>
          <Button disabled={!adding} onClick={() => (setIds([...ids, adding]), setAdding(""))}>{t("on_call.add")}</Button>
        </div>
      )}
    </FormDialog>
  );
}
