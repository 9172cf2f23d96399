// The proofs of one person of the territory, our own people too: seen, added, verified, revoked.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Badge, Button, Choice, Empty, Failure, Field, type Tone } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { verify } from "../pages/crowd";
import type { Territory } from "../types";
import { Loaded } from "../watch/pieces";
import { addProof, fetchChoices, fetchPeople, fetchProofs, type Proof, refreshPapers, useKindName } from "./api";
import { Revoke } from "./Revoke";
import { usePaperTexts } from "./words";

const TONES: Record<Proof["status"], Tone> = { pending: "accent", valid: "ok", expired: "warn", revoked: "danger" };

export function PersonsProofs({ territory }: { territory: Territory }) {
  const t = usePaperTexts();
  const [id, setId] = useState("");
  const people = useQuery({ queryKey: ["crowd", "staff", territory.id], queryFn: () => fetchPeople(territory.id) });
  const name = people.data?.find((one) => one.id === id)?.name ?? "";
  return (
    <section className="stack">
      <h2>{t("person")}</h2>
      <Loaded of={people} lines={2}>
        {(all) => <Choice label={t("person.who")} value={id} onChange={setId} options={[["", ""], ...all.map((one) => [one.id, one.name] as const)]} />}
      </Loaded>
      {id ? <Proofs key={id} id={id} name={name} /> : <p className="soft">{t("person.hint")}</p>}
    </section>
  );
}

function Proofs({ id, name }: { id: string; name: string }) {
  const t = usePaperTexts();
  const { locale } = useLocale();
  const kindName = useKindName();
  const { act, busy } = useDo(refreshPapers);
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<Proof | null>(null);
  const proofs = useQuery({ queryKey: ["crowd", "proofs", id], queryFn: () => fetchProofs(id) });
  return (
    <>
      <div>
        <Button onClick={() => setAdding(true)}>{t("proof.add")}</Button>
      </div>
      <Loaded of={proofs} lines={3}>
        {(all) => (
          <>
            {all.length === 0 && <Empty title={t("proof.none")}>{t("proof.none.more")}</Empty>}
            {all.map((one) => (
              <article key={one.id} className="card stack tight">
                <span className="row wrap spread">
                  <strong>{kindName(one.kind)}</strong>
                  <Badge tone={TONES[one.status]}>{t(`proof.${one.status}`)}</Badge>
                </span>
                <span className="soft small">{one.expires_at ? t("proof.until", { day: new Date(one.expires_at).toLocaleDateString(locale) }) : t("proof.for_good")}</span>
                {one.note && <span>{one.note}</span>}
                <span className="row wrap">
                  {one.status === "pending" && (
                    <Button busy={busy} onClick={() => act(() => verify(one.id), t("proof.verified"))}>
                      {t("proof.verify")}
                    </Button>
                  )}
                  {["pending", "valid"].includes(one.status) && (
                    <Button kind="quiet" onClick={() => setRevoked(one)}>
                      {t("revoke")}
                    </Button>
                  )}
                </span>
              </article>
            ))}
          </>
        )}
      </Loaded>
      {isAdding && <Add id={id} name={name} onClose={() => setAdding(false)} />}
      {revoked && <Revoke proof={revoked} name={name} onClose={() => setRevoked(null)} />}
    </>
  );
}

function Add({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const t = usePaperTexts();
  const tell = useTell();
  const kinds = useQuery({ queryKey: ["crowd", "choices"], queryFn: fetchChoices });
  const [kind, setKind] = useState("");
  const [until, setUntil] = useState("");
  const send = async (): Promise<void> => {
    await addProof(id, kind, until ? `${until}T23:59:00Z` : null);
    tell(t("proof.added"));
    refreshPapers();
  };
  return (
    <FormDialog title={t("proof.add.of", { name })} submit={t("proof.add")} disabled={!kind} onClose={onClose} onSubmit={send}>
      <Failure error={kinds.error} />
      <Choice label={t("proof.kind")} required value={kind} onChange={setKind} options={[["", ""], ...(kinds.data ?? [])]} />
      <Field label={t("proof.ends")} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
    </FormDialog>
  );
}
