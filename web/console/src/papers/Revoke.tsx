// Ending a credential for good, with the reason that its holder reads.
import { LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { refreshPapers, revoke, useKindName } from "./api";
import { usePaperTexts } from "./words";

interface RevokeProps {
  proof: { id: string; kind: string };
  /** Whose it is. */
  name: string;
  onClose: () => void;
}

export function Revoke({ proof, name, onClose }: RevokeProps) {
  const t = usePaperTexts();
  const tell = useTell();
  const kindName = useKindName();
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await revoke(proof.id, reason.trim());
    tell(t("revoke.done"));
    refreshPapers();
  };
  return (
    <FormDialog title={t("revoke.title", { kind: kindName(proof.kind), name })} submit={t("revoke")} tone="danger" disabled={reason.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{t("revoke.lead")}</p>
      <LongText label={t("revoke.why")} hint={t("revoke.why.hint", { name })} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}
