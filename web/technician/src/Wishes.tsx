// Customers one likes to go to, or never again: from a job, and as a list in the profile.
import { catalogue } from "@firstfix/shared/i18n/locale";
import { body } from "@firstfix/shared/api/client";
import { Button, Choice, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client, queries } from "./api";
import type { Job } from "./state";

const en = {
  "wish": "About this customer",
  "wish.lead": "The customer is not told. Jobs that you have there are given to others when you never want to come again: that counts as giving them back.",
  "wish.what": "Your wish",
  "wish.none": "No wish",
  "wish.prefer": "I like to come here",
  "wish.block": "I do not want to come here again",
  "wish.reason": "Why? The office reads it.",
  "wish.keep": "Keep",
  "wish.kept": "Kept.",
  "wishes": "Customers",
  "wishes.none": "No wishes. You find them in the menu of a job.",
  "wishes.prefer": "gladly",
  "wishes.block": "never again",
  "wishes.drop": "Drop the wish about {name}",
  "wishes.drop.short": "Drop",
};

const de: Record<keyof typeof en, string> = {
  "wish": "Zu diesem Kunden",
  "wish.lead": "Der Kunde erfährt es nicht. Wenn Sie nie wieder kommen möchten, bekommen andere die Aufträge, die Sie dort haben: Das zählt, als gäben Sie sie zurück.",
  "wish.what": "Ihr Wunsch",
  "wish.none": "Kein Wunsch",
  "wish.prefer": "Ich komme gern hierher",
  "wish.block": "Ich möchte nicht wieder hierher",
  "wish.reason": "Warum? Das Büro liest es.",
  "wish.keep": "Speichern",
  "wish.kept": "Gespeichert.",
  "wishes": "Kunden",
  "wishes.none": "Keine Wünsche. Sie finden sie im Menü eines Auftrags.",
  "wishes.prefer": "gern",
  "wishes.block": "nie wieder",
  "wishes.drop": "Wunsch zu {name} löschen",
  "wishes.drop.short": "Löschen",
};

export const useWishTexts = catalogue({ en, de });

type Stance = "prefer" | "block";

const useWishes = () => useQuery({ queryKey: ["wishes"], queryFn: () => body(client.GET("/api/technician/preferences")) });
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["wishes"] });
const of = (customer_id: string) => ({ params: { path: { customer_id } } });
const wish = (customer_id: string, stance: Stance, reason: string) =>
  body(client.PUT("/api/technician/customers/{customer_id}/preference", { ...of(customer_id), body: { stance, reason } }));
const drop = (customer_id: string) => body(client.DELETE("/api/technician/customers/{customer_id}/preference", of(customer_id)));

export function WishDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useWishTexts();
  const tell = useTell();
  const id = job.contact.customer_id;
  const { data } = useWishes();
  const known = data?.find((one) => one.customer_id === id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [written, setReason] = useState<string | null>(null);
  const reason = written ?? known?.reason ?? "";
  const stance = chosen ?? known?.stance ?? "";
  const send = async (): Promise<void> => {
    await (stance ? wish(id, stance as Stance, reason.trim()) : drop(id));
    tell(t("wish.kept"));
    refresh();
  };
  return (
    <FormDialog title={`${t("wish")}: ${job.contact.name}`} submit={t("wish.keep")} disabled={!data} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("wish.lead")}</p>
      <Choice
        label={t("wish.what")}
        value={stance}
        onChange={setChosen}
        options={[["", t("wish.none")], ["prefer", t("wish.prefer")], ["block", t("wish.block")]]}
      />
      {stance && <LongText label={t("wish.reason")} value={reason} onChange={setReason} />}
    </FormDialog>
  );
}

/** The part of the profile. */
export function Wishes() {
  const t = useWishTexts();
  const { act } = useDo(refresh);
  const { data } = useWishes();
  if (!data) return null;
  return (
    <section className="card stack tight">
      <h2>{t("wishes")}</h2>
      {data.length === 0 && <p className="soft">{t("wishes.none")}</p>}
      {data.map((one) => (
        <div key={one.customer_id} className="row spread">
          <span>
            {one.customer_name} <span className="soft">{t(`wishes.${one.stance}`)}</span>
          </span>
          <Button kind="quiet" aria-label={t("wishes.drop", { name: one.customer_name })} onClick={() => act(() => drop(one.customer_id), t("wish.kept"))}>
            {t("wishes.drop.short")}
          </Button>
        </div>
      ))}
    </section>
  );
}
