// Forms about papers and money that freelancers and managers of companies fill in alike.
import { Choice, Failure, Field } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchChoices } from "./api";
import type { Options } from "./types";
import { useTexts } from "./words";

export const useChoices = () => useQuery({ queryKey: ["choices"], queryFn: fetchChoices });

/** What a kind of proof is called. */
export function useProofName(): (kind: string) => string {
  const { data } = useChoices();
  return (kind) => data?.proofs.find(([value]) => value === kind)?.[1] ?? kind;
}

/** With an empty line first, so that nothing is chosen by accident. */
export const withNone = (options: Options | undefined): Options => [["", ""], ...(options ?? [])];

export function Paper({ onChosen }: { onChosen: (file: File | null) => void }) {
  const t = useTexts();
  return <Field label={t("file.paper")} type="file" accept="image/*,application/pdf" required onChange={(e) => onChosen(e.target.files?.[0] ?? null)} />;
}

export async function base64Of(paper: File): Promise<string> {
  let text = "";
  for (const byte of new Uint8Array(await paper.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

interface ProofProps {
  /** The kind to begin with. */
  missing?: string;
  onClose: () => void;
  onSave: (kind: string, expires_at: string | null, paper: File) => Promise<unknown>;
}

export function ProofDialog({ missing = "", onClose, onSave }: ProofProps) {
  const t = useTexts();
  const { data, error } = useChoices();
  const [kind, setKind] = useState(missing);
  const [until, setUntil] = useState("");
  const [paper, setPaper] = useState<File | null>(null);
  const send = async (): Promise<void> => {
    if (paper) await onSave(kind, until ? `${until}T23:59:00Z` : null, paper);
  };
  return (
    <FormDialog title={t("file.proofs")} submit={t("file.add")} disabled={!paper} onClose={onClose} onSubmit={send}>
      <Failure error={error} />
      <Choice label={t("file.kind")} required value={kind} onChange={setKind} options={withNone(data?.proofs)} />
      <Field label={t("file.expires")} type="date" value={until} onChange={(e) => setUntil(e.target.value)} />
      <Paper onChosen={setPaper} />
    </FormDialog>
  );
}

interface BankProps {
  holder: string;
  onClose: () => void;
  onSave: (holder: string, iban: string) => Promise<unknown>;
}

export function BankDialog({ holder: first, onClose, onSave }: BankProps) {
  const t = useTexts();
  const [holder, setHolder] = useState(first);
  const [iban, setIban] = useState("");
  return (
    <FormDialog title={t("file.bank")} submit={t("file.change")} onClose={onClose} onSubmit={() => onSave(holder.trim(), iban.trim())}>
      <Field label={t("file.holder")} autoComplete="name" required value={holder} onChange={(e) => setHolder(e.target.value)} />
      <Field label={t("file.iban")} autoComplete="off" required minLength={15} maxLength={42} value={iban} onChange={(e) => setIban(e.target.value)} />
    </FormDialog>
  );
}
