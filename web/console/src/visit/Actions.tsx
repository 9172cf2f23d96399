// What can be done with a job now: the first steps as buttons, the rest in a menu; only legal moves are shown.
import { statusWord, useWords } from "@firstfix/shared/i18n/words";
import { Button } from "@firstfix/shared/ui/controls";
import { Menu, type MenuItem, useDo } from "@firstfix/shared/ui/dialog";
import { type ReactNode, useState } from "react";
import * as api from "../api";
import { AssignDialog } from "../dialogs/Assign";
import {
  type AskProps,
  CancelDialog,
  HoldDialog,
  IncompleteDialog,
  NoAccessDialog,
  PinDialog,
  PriorityDialog,
  UnassignDialog,
} from "../dialogs/Reasons";
import { OfferDialog } from "../offers/OfferDialog";
import type { Board } from "../state";
import type { BoardVisit, Order } from "../types";
import { maybe, useTexts } from "../words";

const DIALOGS = {
  assign: AssignDialog,
  unassign: UnassignDialog,
  cancel: CancelDialog,
  hold: HoldDialog,
  no_access: NoAccessDialog,
  priority: PriorityDialog,
  pin: PinDialog,
  offer: OfferDialog,
  incomplete: IncompleteDialog,
} satisfies Record<string, (props: AskProps) => ReactNode>;

type Asking = keyof typeof DIALOGS;

const PLANNED = ["scheduled", "dispatched", "accepted"];
const OVER = ["completed", "incomplete", "cancelled"];
const AT_DOOR = ["en_route", "on_site"];
const BACK_TO_PLAN = new Set(["scheduled", "unscheduled", "cancelled"]);
/** Moves with their own button or dialog above, or that the planner makes. */
const HANDLED = new Set(["scheduled", "unscheduled", "cancelled", "dispatched", "incomplete"]);

const FORWARD = ["scheduled", "dispatched", "accepted", "en_route", "on_site", "in_progress", "paused", "completed"];

/** A step back takes back a mis-tap; going on after a pause is none. */
function isCorrection(from: string, to: string): boolean {
  if (from === "paused" && to === "in_progress") return false;
  return from === "incomplete" || FORWARD.indexOf(to) < FORWARD.indexOf(from);
}

export function Actions({ visit, order, board }: { visit: BoardVisit; order: Order | undefined; board: Board }) {
  const t = useTexts();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { act: run } = useDo(api.refreshBoard);
  const items = useItems(visit, order, setAsking, run);
  const [first, ...rest] = items;
  const Ask = asking && DIALOGS[asking];
  return (
    <div className="row wrap moves">
      {first && (
        <Button kind="primary" onClick={first.act}>
          {first.words}
        </Button>
      )}
      {rest.slice(0, 2).map((item) => (
        <Button key={item.key} onClick={item.act}>
          {item.words}
        </Button>
      ))}
      {rest.length > 2 && <MoreMenu items={rest.slice(2)} />}
      {items.length === 0 && <span className="soft small">{t("plan.empty")}</span>}
      {Ask && <Ask visit={visit} board={board} onClose={() => setAsking(null)} />}
    </div>
  );
}

function MoreMenu({ items }: { items: MenuItem[] }) {
  const w = useWords();
  return <Menu label={w("do.more")} items={items} />;
}

function useItems(
  visit: BoardVisit,
  order: Order | undefined,
  ask: (what: Asking) => void,
  run: (work: () => Promise<unknown>, done: string) => void,
): MenuItem[] {
  const t = useTexts();
  const w = useWords();
  const { status, seats, pins } = visit;
  const isHeld = order?.status === "on_hold";
  const open = !OVER.includes(status);
  const item = (key: string, words: string, act: () => void, tone?: MenuItem["tone"]): MenuItem => ({ key, words, act, ...(tone ? { tone } : {}) });
  const go = (to: string): void =>
    run(() => api.move(visit.id, to), t("done.moved", { status: statusWord(w, to) }));
  const steps = visit.moves.filter((to) => !HANDLED.has(to));
  const back = visit.moves.filter((to) => !BACK_TO_PLAN.has(to) && isCorrection(status, to));
  const forward = steps.filter((to) => !back.includes(to)).sort((a, b) => FORWARD.indexOf(b) - FORWARD.indexOf(a));
  const items: (MenuItem | false)[] = [
    isHeld && item("release", t("do.release"), () => run(() => api.releaseOrder(visit.work_order_id), t("done.released"))),
    status === "unscheduled" && !isHeld && item("assign", t("do.assign"), () => ask("assign")),
    status === "scheduled" && item("dispatch", t("do.dispatch"), () => run(() => api.dispatchVisit(visit.id), t("done.moved", { status: statusWord(w, "dispatched") }))),
    ...forward.map((to) => item(to, maybe(t, "move", to), () => go(to))),
    visit.moves.includes("incomplete") && item("incomplete", t("move.incomplete"), () => ask("incomplete")),
    PLANNED.includes(status) && item("reassign", t("do.reassign"), () => ask("assign")),
    (PLANNED.includes(status) || status === "en_route") && item("unassign", t("do.unassign"), () => ask("unassign")),
    status === "dispatched" && item("recall", t("do.recall"), () => run(() => api.recall(visit.id), t("done.recalled"))),
    AT_DOOR.includes(status) && item("no_access", t("do.no_access"), () => ask("no_access")),
    open && seats.length > 0 && item("pin", t("do.pin"), () => ask("pin")),
    ...pins.map((pin) =>
      item(`unpin-${pin.kind}`, t("do.unpin", { kind: maybe(t, "pin", pin.kind) }), () => run(() => api.unpin(visit.id, pin.kind), t("done.unpinned"))),
    ),
    status === "unscheduled" && !isHeld && item("offer", t("do.offer"), () => ask("offer")),
    open && item("priority", t("do.priority"), () => ask("priority")),
    open && !isHeld && item("hold", t("do.hold"), () => ask("hold")),
    ...back.map((to) => item(to, t("correct", { move: maybe(t, "move", to) }), () => go(to))),
    open && item("cancel", t("do.cancel"), () => ask("cancel"), "danger"),
  ];
  return items.filter((one): one is MenuItem => one !== false);
}
