// A second person's word on a remedy: granted at once, declined with a reason; told what follows.
import { Button, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { queries } from "../api";
import { declineRemedy, grantRemedy, type Remedy } from "./api";
import { useWatchTexts } from "./words";

const refresh = (): void => void queries.invalidateQueries({ queryKey: ["incidents"] });

export function Deciding({ remedy }: { remedy: Remedy }) {
  const t = useWatchTexts();
  const { busy, act } = useDo(refresh);
  const [isDeclining, setDeclining] = useState(false);
  const follows = ({ obstacle, kind }: Remedy): string => t(obstacle ? `obstacle.${obstacle}` : `granted.${kind}`);
  return (
    <span className="row wrap">
      <Button kind="primary" busy={busy} aria-label={`${t("remedy.grant")}: ${remedy.customer_name}`} onClick={() => act(() => grantRemedy(remedy.id), follows)}>
        {t("remedy.grant")}
      </Button>
      <Button busy={busy} aria-label={`${t("remedy.decline")}: ${remedy.customer_name}`} onClick={() => setDeclining(true)}>
        {t("remedy.decline")}
      </Button>
      {isDeclining && <Decline remedy={remedy} onClose={() => setDeclining(false)} />}
    </span>
  );
}

function Decline({ remedy, onClose }: { remedy: Remedy; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [note, setNote] = useState("");
  const send = async (): Promise<void> => {
    await declineRemedy(remedy.id, note.trim());
    tell(t("done.declined"));
    refresh();
  };
  return (
    <FormDialog title={t("decline.title", { name: remedy.customer_name })} submit={t("remedy.decline")} tone="danger" disabled={note.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("decline.hint")}</p>
      <LongText label={t("decline.why")} value={note} onChange={setNote} required />
    </FormDialog>
  );
}
