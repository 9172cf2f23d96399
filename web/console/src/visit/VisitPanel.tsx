// One job in full: facts, the next legal moves, who works on it, messages and history.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { orderWord, statusWord, useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime, dayName, minutesText, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Failure, Notice, Skeleton, statusTone } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { fetchOrder, session } from "../api";
import { Asked } from "../offers/Asked";
import type { Board } from "../state";
import { useVisit } from "../state";
import type { BoardVisit, Order } from "../types";
import { maybe, type TextKey, useTexts } from "../words";
import { Credits } from "../watch/Credits";
import { Due } from "../WorkList";
import { Actions } from "./Actions";
import { History } from "./History";
import { Messages } from "./Messages";
import { usePresence } from "./presence";
import { Why } from "./Why";
import { Wishes } from "./Wishes";

export function VisitPanel({ id, board, onClose }: { id: string; board: Board; onClose: () => void }) {
  const t = useTexts();
  const w = useWords();
  const { visit, error, refetch } = useVisit(id, board);
  return (
    <aside className="panel" aria-label={t("panel")}>
      <div className="row spread panel-head">
        <strong className="soft">{visit?.work_order_number ?? t("panel")}</strong>
        <Button kind="quiet" size="icon" aria-label={w("do.close")} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      {visit ? <Details visit={visit} board={board} /> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton lines={8} />}
    </aside>
  );
}

function Details({ visit, board }: { visit: BoardVisit; board: Board }) {
  const t = useTexts();
  const w = useWords();
  const order = useQuery({ queryKey: ["visit", "order", visit.work_order_id], queryFn: () => fetchOrder(visit.work_order_id) });
  const others = usePresence(visit.work_order_id).filter((one) => one.account_id !== session.principal?.account_id);
  const names = others.map((one) => one.name).join(", ");
  return (
    <div className="stack">
      <header className="stack tight">
        <h2>{visit.title}</h2>
        <span className="row wrap">
          <Badge tone={statusTone(visit.status)}>{statusWord(w, visit.status)}</Badge>
          {order.data?.status === "on_hold" && <Badge tone="warn">{orderWord(w, "on_hold")}</Badge>}
          {visit.priority >= 4 && <Badge tone={visit.priority === 5 ? "danger" : "warn"}>{t(`priority.${visit.priority}` as TextKey)}</Badge>}
          <Due visit={visit} />
        </span>
      </header>
      {others.length > 0 && (
        <Notice tone="accent">
          <strong>{t("visit.working", { names, count: others.length })}</strong>
        </Notice>
      )}
      <Warnings visit={visit} order={order.data} />
      <Actions visit={visit} order={order.data} board={board} />
      <Facts visit={visit} order={order.data} board={board} />
      <Asked visit={visit} board={board} />
      <Why visit={visit} board={board} />
      <Credits customerId={visit.customer_id} zone={board.zone} />
      <Messages customerId={visit.customer_id} visitId={visit.id} zone={board.zone} />
      <Wishes visit={visit} board={board} />
      <History visit={visit} zone={board.zone} />
    </div>
  );
}

function Warnings({ visit, order }: { visit: BoardVisit; order: Order | undefined }) {
  const t = useTexts();
  const forced = visit.seats.find((seat) => seat.overlap_reason);
  return (
    <>
      {visit.at_risk && <Notice tone="danger">{t("visit.at_risk")}</Notice>}
      {order?.status === "on_hold" && (
        <Notice tone="warn">{t("visit.on_hold", { reason: maybe(t, "hold", order.hold_reason ?? "other") })}</Notice>
      )}
      {forced?.overlap_reason && <Notice tone="warn">{t("visit.forced", { reason: forced.overlap_reason })}</Notice>}
      {visit.unassigned_reason && visit.seats.length === 0 && (
        <Notice>{t("visit.why_not", { reason: maybe(t, "left", visit.unassigned_reason) })}</Notice>
      )}
    </>
  );
}

function Facts({ visit, order, board }: { visit: BoardVisit; order: Order | undefined; board: Board }) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone: board.zone };
  const range = (from: string | null, to: string | null): string | null =>
    from && to ? `${dayName(from, zoned)}, ${timeRange(from, to, zoned)}` : null;
  const seat = visit.seats[0];
  return (
    <dl className="facts">
      <Fact title={t("visit.who")}>
        {visit.seats.length
          ? visit.seats.map((one) => <span key={one.assignment_id}>{one.technician_name}</span>)
          : t("visit.nobody")}
      </Fact>
      {seat && <Fact title={t("visit.planned")}>{range(seat.starts_at, seat.ends_at)}</Fact>}
      <Fact title={t("visit.promised")}>{range(visit.arrival_start, visit.arrival_end)}</Fact>
      <Fact title={t("visit.window")}>{range(visit.window_start, visit.window_end)}</Fact>
      <Fact title={t("visit.due")}>{visit.due_at && dayAndTime(visit.due_at, zoned)}</Fact>
      <Fact title={t("visit.effort")}>
        {t("minutes", { usual: minutesText(visit.duration_minutes), rare: minutesText(visit.p80_minutes) })}
      </Fact>
      <Fact title={t("visit.customer")}>
        {visit.customer_name}
        {order?.customer.phone && <a href={`tel:${order.customer.phone}`}>{order.customer.phone}</a>}
      </Fact>
      <Fact title={t("visit.place")}>{visit.site_address}</Fact>
      <Fact title={t("visit.needs")}>
        {visit.skills.map((one) => t("visit.skill", { skill: one.skill.replaceAll("_", " "), level: one.level })).join(", ")}
      </Fact>
      <Fact title={t("visit.locked")}>{visit.pins.map((pin) => maybe(t, "pin", pin.kind)).join(", ")}</Fact>
      <Fact title={t("intake.description")}>{order?.description}</Fact>
    </dl>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  if (!children || (Array.isArray(children) && children.every((one) => !one))) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

