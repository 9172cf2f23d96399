"""The only place that assigns a work order's status, and what follows from each move."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import WorkOrderMoved
from dispatch.sla import service as sla
from dispatch.sla.lifecycle import ClockKind
from dispatch.work_orders import queries
from dispatch.work_orders.clocks import service as clocks
from dispatch.work_orders.lifecycle import (
    WORK_ORDER,
    WorkOrderStatus,
    after_hold,
    roll_up,
)
from dispatch.work_orders.models import WorkOrder
from dispatch.work_orders.reservations import service as reservations
from kernel.events import publish


def move_order(
    session: Session,
    order: WorkOrder,
    to: WorkOrderStatus,
    at: datetime,
    *,
    reason: str | None = None,
    visit_id: UUID | None = None,
) -> WorkOrder:
    """Move a locked order and publish it; nothing when it is there already.

    `visit_id` is the visit whose end completes the order. Raises Conflict `illegal_move`.
    """
    frm = order.status
    if frm is to:
        return order
    WORK_ORDER.check(frm, to)
    order.status = to
    if frm is WorkOrderStatus.ON_HOLD:
        order.hold_reason = order.hold_until = order.held_from = None
    session.flush()
    if to is WorkOrderStatus.COMPLETED:
        _complete(session, order, at, visit_id)
    elif to is WorkOrderStatus.CANCELLED:
        _cancel(session, order)
    elif frm is WorkOrderStatus.COMPLETED and to is WorkOrderStatus.IN_PROGRESS:
        clocks.take_back(session, order.id, ClockKind.RESOLVE, met_at=order.completed_at)
        order.completed_at = None
    publish(
        session,
        WorkOrderMoved(
            work_order_id=order.id,
            from_status=frm,
            to_status=to,
            reason=reason,
            territory_id=order.territory_id,
            customer_id=order.customer_id,
        ),
    )
    return order


def put_on_hold(
    session: Session,
    order: WorkOrder,
    reason: str,
    at: datetime,
    *,
    until: datetime | None = None,
) -> WorkOrder:
    """Hold a locked order; on one that is held already the reason and end are replaced."""
    if order.status is not WorkOrderStatus.ON_HOLD:
        WORK_ORDER.check(order.status, WorkOrderStatus.ON_HOLD)
        order.held_from = order.status
    order.hold_reason = reason
    order.hold_until = until
    move_order(session, order, WorkOrderStatus.ON_HOLD, at, reason=reason)
    session.flush()
    return order


def roll_up_order(
    session: Session, order: WorkOrder, at: datetime, *, visit_id: UUID | None = None
) -> WorkOrder:
    """Bring a locked order in line with its visits.

    A hold stands until work goes on or ends all the same; meanwhile the state to return to
    follows the visits.
    """
    rolled = roll_up(queries.list_visit_states(session, order.id))
    if order.status is WorkOrderStatus.ON_HOLD and order.held_from is not None:
        before = WorkOrderStatus(order.held_from)
        target = after_hold(before, rolled)
        if target is before:
            return order
        if rolled in (WorkOrderStatus.OPEN, WorkOrderStatus.SCHEDULED):
            order.held_from = target
            session.flush()
            return order
    elif order.status is WorkOrderStatus.NEW:
        if rolled is WorkOrderStatus.OPEN:
            return order
        if rolled is not WorkOrderStatus.CANCELLED:
            # planning an order by hand is its review
            move_order(session, order, WorkOrderStatus.OPEN, at)
    return move_order(session, order, rolled, at, visit_id=visit_id)


def _complete(session: Session, order: WorkOrder, at: datetime, visit_id: UUID | None) -> None:
    order.completed_at = at
    clocks.resume(session, order, at)
    clocks.meet(session, order.id, ClockKind, at)
    if visit_id is None:
        reservations.release_all(session, order.id)
    else:
        reservations.use_reserved(session, order.id, visit_id)


def _cancel(session: Session, order: WorkOrder) -> None:
    clocks.stop(session, order.id)
    if order.agreement_id is not None:
        sla.give_back_visit(session, order.agreement_id)
        order.agreement_id = None
    reservations.release_all(session, order.id)
