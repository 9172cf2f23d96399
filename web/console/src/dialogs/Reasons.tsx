// The dialogs behind a job's menu: each asks only for what the step needs.
import { isoDay, zonedInstant } from "@firstfix/shared/time";
import { Choice, Field, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { reasonWord, useWords } from "@firstfix/shared/i18n/words";
import { businessNow } from "@firstfix/shared/clock";
import { type ReactNode, useState } from "react";
import * as api from "../api";
import type { Board } from "../state";
import type { BoardVisit } from "../types";
import { type TextKey, useTexts } from "../words";

export interface AskProps {
  visit: BoardVisit;
  board: Board;
  onClose: () => void;
}

interface ReasonDialogProps extends AskProps {
  title: string;
  submit: string;
  tone?: "primary" | "danger";
  hint?: string;
  required?: boolean;
  done: string;
  send: (reason: string) => Promise<unknown>;
  children?: ReactNode;
}

function ReasonDialog({ title, submit, tone = "primary", hint, required = true, done, send, onClose, children }: ReasonDialogProps) {
  const t = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const go = async (): Promise<void> => {
    await send(reason.trim());
    tell(done);
    api.refreshBoard();
  };
  return (
    <FormDialog title={title} submit={submit} tone={tone} disabled={required && !reason.trim()} onClose={onClose} onSubmit={go}>
      {hint && <p className="soft">{hint}</p>}
      {children}
      <LongText label={t(required ? "why" : "why.optional")} value={reason} onChange={setReason} required={required} />
    </FormDialog>
  );
}

export function UnassignDialog(props: AskProps) {
  const t = useTexts();
  const { visit } = props;
  return (
    <ReasonDialog
      {...props}
      title={t("unassign.title", { number: visit.work_order_number })}
      submit={t("do.unassign")}
      done={t("done.unassigned")}
      send={(reason) => api.unassign(visit.id, reason)}
    />
  );
}

export function CancelDialog(props: AskProps) {
  const t = useTexts();
  const { visit } = props;
  return (
    <ReasonDialog
      {...props}
      title={t("cancel.title", { number: visit.work_order_number })}
      submit={t("do.cancel")}
      tone="danger"
      hint={t("cancel.hint")}
      done={t("done.cancelled")}
      send={(reason) => api.cancelOrder(visit.work_order_id, reason)}
    />
  );
}

const HOLDS = ["parts_short", "customer", "credit", "access", "weather", "other"];

export function HoldDialog({ visit, board, onClose }: AskProps) {
  const t = useTexts();
  const tell = useTell();
  const [reason, setReason] = useState(HOLDS[1]!);
  const [until, setUntil] = useState("");
  const send = async (): Promise<void> => {
    await api.holdOrder(visit.work_order_id, reason, until ? zonedInstant(until, "07:00", board.zone).toISOString() : null);
    tell(t("done.held"));
    api.refreshBoard();
  };
  return (
    <FormDialog title={t("hold.title", { number: visit.work_order_number })} submit={t("do.hold")} onClose={onClose} onSubmit={send}>
      <Choice label={t("why")} value={reason} onChange={setReason} options={HOLDS.map((one) => [one, t(`hold.${one}` as TextKey)] as const)} />
      <Field label={t("hold.until")} type="date" min={isoDay(businessNow(), board.zone)} value={until} onChange={(e) => setUntil(e.target.value)} />
    </FormDialog>
  );
}

export function NoAccessDialog({ visit, onClose }: AskProps) {
  const t = useTexts();
  const tell = useTell();
  const [waited, setWaited] = useState("15");
  const [calls, setCalls] = useState("");
  const send = async (): Promise<void> => {
    const call = { at: new Date(businessNow()).toISOString(), to: visit.customer_phone ?? visit.customer_name, outcome: calls.trim() };
    await api.noAccess(visit.id, [call], Number(waited));
    tell(t("done.no_access"));
    api.refreshBoard();
  };
  return (
    <FormDialog
      title={t("no_access.title", { number: visit.work_order_number })}
      submit={t("do.no_access")}
      tone="danger"
      disabled={!calls.trim()}
      onClose={onClose}
      onSubmit={send}
    >
      <p className="soft">{visit.customer_name}, {visit.site_address}</p>
      <Field label={t("no_access.waited")} type="number" min={0} max={600} required value={waited} onChange={(e) => setWaited(e.target.value)} />
      <LongText label={t("no_access.calls")} value={calls} onChange={setCalls} required />
    </FormDialog>
  );
}

export function PriorityDialog(props: AskProps) {
  const t = useTexts();
  const { visit, board } = props;
  const [priority, setPriority] = useState(String(visit.priority));
  const [until, setUntil] = useState(board.day);
  return (
    <ReasonDialog
      {...props}
      title={t("priority.title", { number: visit.work_order_number })}
      submit={t("do.priority")}
      done={t("done.priority")}
      send={(reason) =>
        api.changePriority(visit.work_order_id, Number(priority), reason, zonedInstant(until, "23:59", board.zone).toISOString())
      }
    >
      <Choice
        label={t("list.priority")}
        value={priority}
        onChange={setPriority}
        options={[5, 4, 3, 2, 1].map((one) => [String(one), t(`priority.${one}` as TextKey)] as const)}
      />
      <Field label={t("priority.until")} type="date" min={board.day} required value={until} onChange={(e) => setUntil(e.target.value)} />
    </ReasonDialog>
  );
}

export function PinDialog({ visit, board, onClose }: AskProps) {
  const t = useTexts();
  const tell = useTell();
  const seat = visit.seats[0];
  const kinds = ["technician", "day", "time", ...(visit.arrival_start ? ["window"] : [])];
  const [kind, setKind] = useState(kinds[0]!);
  const [reason, setReason] = useState("");
  const send = async (): Promise<void> => {
    if (!seat) return;
    await api.pin(visit.id, {
      kind,
      reason: reason.trim(),
      ...(kind === "technician" ? { technician_id: seat.technician_id } : {}),
      ...(kind === "day" ? { day: isoDay(seat.starts_at, board.zone) } : {}),
      ...(kind === "time" ? { starts_at: seat.starts_at } : {}),
      ...(kind === "window" ? { window_start: visit.arrival_start!, window_end: visit.arrival_end! } : {}),
    });
    tell(t("done.pinned"));
    api.refreshBoard();
  };
  return (
    <FormDialog title={t("pin.title", { number: visit.work_order_number })} submit={t("do.pin")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("pin.hint")}</p>
      <Choice label={t("pin.what")} value={kind} onChange={setKind} options={kinds.map((one) => [one, t(`pin.${one}` as TextKey)] as const)} />
      <LongText label={t("why.optional")} value={reason} onChange={setReason} />
    </FormDialog>
  );
}

const INCOMPLETE = ["customer_absent", "no_access", "parts_missing", "skill_missing", "unsafe", "out_of_time", "other"];

export function IncompleteDialog({ visit, onClose }: AskProps) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [reason, setReason] = useState(INCOMPLETE[0]!);
  const send = async (): Promise<void> => {
    await api.move(visit.id, "incomplete", reason);
    tell(t("done.moved", { status: w("status.incomplete") }));
    api.refreshBoard();
  };
  return (
    <FormDialog title={t("move.incomplete")} submit={t("move.incomplete")} tone="danger" onClose={onClose} onSubmit={send}>
      <Choice label={t("why")} value={reason} onChange={setReason} options={INCOMPLETE.map((one) => [one, reasonWord(w, one)] as const)} />
    </FormDialog>
  );
}
