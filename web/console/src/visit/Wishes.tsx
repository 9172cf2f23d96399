// Whom a customer wants again or never again, and who does not want to come: read and written by the office.
import { catalogue } from "@firstfix/shared/i18n/locale";
import { body } from "@firstfix/shared/api/client";
import { Badge, Button, Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client, may, queries, refreshBoard } from "../api";
import type { Board } from "../state";
import type { BoardVisit } from "../types";
import { Loaded } from "../watch/pieces";

const en = {
  "wishes": "Whom the customer wants",
  "wishes.none": "No wishes, on neither side.",
  "wishes.new": "Add a wish",
  "wishes.hint": "Neither side is told of the other's wish. Who is blocked is taken off the customer's open jobs.",
  "wishes.who": "Technician",
  "wishes.side": "Whose wish",
  "wishes.side.technician": "The technician",
  "wishes.stance": "What is wished",
  "wishes.customer.prefer": "wanted by the customer",
  "wishes.customer.block": "not wanted by the customer",
  "wishes.technician.prefer": "likes to come",
  "wishes.technician.block": "does not want to come",
  "wishes.prefer": "Gladly",
  "wishes.block": "Never again",
  "wishes.reason": "Why",
  "wishes.keep": "Keep",
  "wishes.kept": "Kept.",
  "wishes.drop": "Drop",
  "wishes.drop.of": "Drop the wish about {name}",
  "wishes.elsewhere": "Somebody of another territory",
};

const de: Record<keyof typeof en, string> = {
  "wishes": "Wen der Kunde möchte",
  "wishes.none": "Keine Wünsche, auf keiner Seite.",
  "wishes.new": "Wunsch hinzufügen",
  "wishes.hint": "Keine Seite erfährt vom Wunsch der anderen. Wer ausgeschlossen ist, wird von offenen Aufträgen des Kunden abgezogen.",
  "wishes.who": "Fachkraft",
  "wishes.side": "Wessen Wunsch",
  "wishes.side.technician": "Die Fachkraft",
  "wishes.stance": "Was gewünscht ist",
  "wishes.customer.prefer": "vom Kunden gewünscht",
  "wishes.customer.block": "vom Kunden nicht gewünscht",
  "wishes.technician.prefer": "kommt gern",
  "wishes.technician.block": "möchte nicht kommen",
  "wishes.prefer": "Gern",
  "wishes.block": "Nie wieder",
  "wishes.reason": "Warum",
  "wishes.keep": "Speichern",
  "wishes.kept": "Gespeichert.",
  "wishes.drop": "Löschen",
  "wishes.drop.of": "Wunsch zu {name} löschen",
  "wishes.elsewhere": "Jemand aus einem anderen Gebiet",
};

const useTexts = catalogue({ en, de });

type Side = "customer" | "technician";
type Stance = "prefer" | "block";

const refresh = (): void => {
  void queries.invalidateQueries({ queryKey: ["wishes"] });
  refreshBoard();
};
const mayWrite = (): boolean => may("dispatcher", "supervisor", "admin");

export function Wishes({ visit, board }: { visit: BoardVisit; board: Board }) {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("wishes")}</summary>
      {isOpen && <List visit={visit} board={board} />}
    </details>
  );
}

function List({ visit, board }: { visit: BoardVisit; board: Board }) {
  const t = useTexts();
  const { act } = useDo(refresh);
  const [isNew, setNew] = useState(false);
  const { customer_id } = visit;
  const found = useQuery({
    queryKey: ["wishes", customer_id],
    queryFn: async () => (await body(client.GET("/api/preferences", { params: { query: { customer_id } } }))).items,
  });
  const seated = (id: string): string | undefined => visit.seats.find((one) => one.technician_id === id)?.technician_name;
  const named = (id: string): string => board.technicians.find((one) => one.id === id)?.name ?? seated(id) ?? t("wishes.elsewhere");
  const drop = (side: Side, technician_id: string) => body(client.DELETE("/api/preferences", { params: { query: { side, customer_id, technician_id } } }));
  return (
    <Loaded of={found} lines={2}>
      {(all) => (
        <div className="stack tight">
          {all.length === 0 && <p className="soft small">{t("wishes.none")}</p>}
          {all.map((one) => (
            <div key={one.id} className="stack tight">
              <span className="row spread wrap">
                <strong>{named(one.technician_id)}</strong>
                <Badge tone={one.stance === "block" ? "warn" : "ok"}>{t(`wishes.${one.side}.${one.stance}`)}</Badge>
              </span>
              {one.reason && <span className="soft small">{one.reason}</span>}
              {mayWrite() && (
                <div>
                  <Button
                    kind="quiet"
                    aria-label={t("wishes.drop.of", { name: named(one.technician_id) })}
                    onClick={() => act(() => drop(one.side, one.technician_id), t("wishes.kept"))}
                  >
                    {t("wishes.drop")}
                  </Button>
                </div>
              )}
            </div>
          ))}
          {mayWrite() && (
            <div>
              <Button onClick={() => setNew(true)}>{t("wishes.new")}</Button>
            </div>
          )}
          {isNew && <Add visit={visit} board={board} onClose={() => setNew(false)} />}
        </div>
      )}
    </Loaded>
  );
}

function Add({ visit, board, onClose }: { visit: BoardVisit; board: Board; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const people = new Map([
    ...visit.seats.map((one) => [one.technician_id, one.technician_name] as const),
    ...board.technicians.map((one) => [one.id, one.name] as const),
  ]);
  const [who, setWho] = useState([...people.keys()][0] ?? "");
  const [side, setSide] = useState<Side>("customer");
  const [stance, setStance] = useState<Stance>("prefer");
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    const wanted = { side, customer_id: visit.customer_id, technician_id: who, stance, reason: reason.trim() };
    await body(client.PUT("/api/preferences", { body: wanted }));
    tell(t("wishes.kept"));
    refresh();
  };
  return (
    <FormDialog title={t("wishes.new")} submit={t("wishes.keep")} disabled={!who} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("wishes.hint")}</p>
      <Choice label={t("wishes.who")} value={who} onChange={setWho} options={[...people]} />
      <Choice
        label={t("wishes.side")}
        value={side}
        onChange={(next) => setSide(next as Side)}
        options={[["customer", visit.customer_name], ["technician", t("wishes.side.technician")]]}
      />
      <Choice label={t("wishes.stance")} value={stance} onChange={(next) => setStance(next as Stance)} options={[["prefer", t("wishes.prefer")], ["block", t("wishes.block")]]} />
      <Field label={t("wishes.reason")} value={reason} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  );
}
