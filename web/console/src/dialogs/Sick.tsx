// A technician is ill: until when, and what that does.
import { Field, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { zonedInstant } from "@firstfix/shared/time";
import { useState } from "react";
import { refreshBoard, reportSick } from "../api";
import type { Board } from "../state";
import type { BoardTechnician } from "../types";
import { useTexts } from "../words";

export function SickDialog({ technician, board, onClose }: { technician: BoardTechnician; board: Board; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [until, setUntil] = useState(board.day);
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    await reportSick(technician.id, zonedInstant(until, "23:59", board.zone).toISOString(), reason);
    tell(t("sick.done", { name: technician.name }));
    refreshBoard();
  };
  return (
    <FormDialog title={t("sick.title", { name: technician.name })} submit={t("sick")} tone="danger" onClose={onClose} onSubmit={send}>
      <p className="soft">{t("sick.hint")}</p>
      <Field label={t("sick.until")} type="date" min={board.day} required value={until} onChange={(e) => setUntil(e.target.value)} />
      <LongText label={t("why.optional")} value={reason} onChange={setReason} />
    </FormDialog>
  );
}
