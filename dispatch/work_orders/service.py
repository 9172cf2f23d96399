"""The business actions on work orders, and the door to those on their visits and clocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import HoldExpired
from dispatch.work_orders import queries
from dispatch.work_orders.clocks.service import mark_breaches, pause_sla, resume_sla
from dispatch.work_orders.lifecycle import (
    PARTS_SHORT,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.locks.service import check_open, is_over, lock_order, tell
from dispatch.work_orders.models import Prerequisite, Visit, WorkOrder
from dispatch.work_orders.moves.service import move_order, put_on_hold, roll_up_order
from dispatch.work_orders.opening.service import (
    check_asset,
    entitlement_for,
    entitlement_of,
    open,
    record_repair,
)
from dispatch.work_orders.priorities.service import override_priority, restore_priority
from dispatch.work_orders.progress.service import cancel_open, set_visit_status
from dispatch.work_orders.reservations import queries as reservation_queries
from dispatch.work_orders.reservations import service as reservations
from dispatch.work_orders.reservations.service import use_part
from dispatch.work_orders.types.service import create_work_type, edit_work_type
from dispatch.work_orders.visits import service as visits
from dispatch.work_orders.visits.service import edit_visit, mark_at_risk
from kernel import clock
from kernel.db import because, locked
from kernel.errors import Conflict, Invalid, Stale
from kernel.events import later

__all__ = [
    "add_visit",
    "cancel",
    "close",
    "complete_prerequisite",
    "complete_remotely",
    "create_work_type",
    "edit",
    "edit_visit",
    "edit_work_type",
    "entitlement_for",
    "entitlement_of",
    "fill_shortages",
    "hold",
    "mark_at_risk",
    "mark_breaches",
    "open",
    "override_priority",
    "pause_sla",
    "record_repair",
    "release",
    "release_expired",
    "restore_priority",
    "resume_sla",
    "review",
    "set_visit_status",
    "use_part",
]

EDITABLE = frozenset(
    {
        "title",
        "description",
        "asset_id",
        "due_at",
        "earliest_at",
        "delay_cost_cents_per_day",
        "failure_curve",
        "fault_class",
    }
)
COPIED_TO_VISITS = frozenset({"due_at", "earliest_at"})


def edit(
    session: Session,
    work_order_id: UUID,
    changes: Mapping[str, Any],
    *,
    seen_version: int | None = None,
) -> WorkOrder:
    """Set columns of an open order; dates reach its open visits.

    Raises Stale when the order is not the version seen any more, Conflict when it ended.
    """
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise Invalid(f"{min(unknown)} of a work order cannot be edited.", code="not_editable")
    order, open_visits = lock_order(session, work_order_id)
    if seen_version is not None and order.version != seen_version:
        raise Stale(
            "Somebody else changed this meanwhile. Look at it again.",
            seen=seen_version,
            present=order.version,
        )
    check_open(order)
    check_asset(session, changes.get("asset_id"), order.site_id)
    for name, value in changes.items():
        setattr(order, name, value)
        if name in COPIED_TO_VISITS:
            for visit in open_visits:
                setattr(visit, name, value)
    tell(session, order, "edited")
    return order


def hold(
    session: Session, work_order_id: UUID, reason: str, until: datetime | None = None
) -> WorkOrder:
    """Keep an open order from being planned; a new reason or end replaces the old ones."""
    order, _ = lock_order(session, work_order_id)
    now = clock.now(session)
    if until is not None and until <= now:
        raise Invalid("A hold must end in the future.", code="hold_until_past")
    because(session, reason)
    put_on_hold(session, order, reason, now, until=until)
    if until is not None:
        later(session, HoldExpired(work_order_id=order.id), until)
    return order


def release(session: Session, work_order_id: UUID) -> WorkOrder:
    """End a hold: back to the state before, or to where the visits have gone meanwhile.

    A new order is released into planning. Anything else stays as it is.
    """
    order, _ = lock_order(session, work_order_id)
    now = clock.now(session)
    if order.status is WorkOrderStatus.NEW:
        return move_order(session, order, WorkOrderStatus.OPEN, now)
    if order.status is WorkOrderStatus.ON_HOLD and order.held_from is not None:
        return move_order(session, order, WorkOrderStatus(order.held_from), now)
    return order


def release_expired(session: Session, work_order_id: UUID) -> None:
    """End a hold whose time is over; one that was prolonged meanwhile stands."""
    order, _ = lock_order(session, work_order_id)
    if order.status is WorkOrderStatus.ON_HOLD and is_over(session, order.hold_until):
        release(session, work_order_id)


def cancel(session: Session, work_order_id: UUID, reason: str) -> WorkOrder:
    """Cancel an open order and its open visits; the schedule learns by VisitMoved."""
    order, open_visits = lock_order(session, work_order_id)
    if order.status is WorkOrderStatus.CANCELLED:
        return order
    check_open(order)
    because(session, reason)
    now = clock.now(session)
    cancel_open(session, order, open_visits, reason)
    move_order(session, order, WorkOrderStatus.CANCELLED, now, reason=reason)
    order.outcome = reason
    session.flush()
    return order


def complete_remotely(session: Session, work_order_id: UUID, note: str) -> WorkOrder:
    """The problem is solved without a stay: open visits are cancelled, the order is completed.

    Raises Conflict `work_in_progress` while somebody is at work.
    """
    order, open_visits = lock_order(session, work_order_id)
    check_open(order)
    if order.status is WorkOrderStatus.IN_PROGRESS:
        raise Conflict("Somebody is at work on this.", code="work_in_progress")
    because(session, note)
    now = clock.now(session)
    cancel_open(session, order, open_visits, "solved remotely")
    if order.status is WorkOrderStatus.NEW:
        move_order(session, order, WorkOrderStatus.OPEN, now)
    order.outcome = note
    return move_order(session, order, WorkOrderStatus.COMPLETED, now, reason="solved remotely")


def review(session: Session, work_order_id: UUID) -> WorkOrder:
    """The office has looked at a completed order; its visits cannot be corrected any more."""
    order, _ = lock_order(session, work_order_id)
    return move_order(session, order, WorkOrderStatus.REVIEWED, clock.now(session))


def close(session: Session, work_order_id: UUID) -> WorkOrder:
    order, _ = lock_order(session, work_order_id)
    return move_order(session, order, WorkOrderStatus.CLOSED, clock.now(session))


def add_visit(
    session: Session,
    work_order_id: UUID,
    *,
    window: tuple[datetime, datetime] | None = None,
    earliest_at: datetime | None = None,
    preferred_technician_ids: Sequence[UUID] = (),
) -> Visit:
    """A further stay for an open order."""
    order, _ = lock_order(session, work_order_id)
    check_open(order)
    visit = visits.add_visit(
        session,
        order,
        window=window,
        earliest_at=earliest_at,
        preferred_technician_ids=list(preferred_technician_ids),
    )
    roll_up_order(session, order, clock.now(session))
    return visit


def complete_prerequisite(
    session: Session, work_order_id: UUID, prerequisite_id: UUID
) -> Prerequisite:
    """Done once is done; the order may be planned when none is open."""
    order, _ = lock_order(session, work_order_id)
    prerequisite = queries.get_prerequisite(session, order.id, prerequisite_id)
    if prerequisite.done_at is None:
        prerequisite.done_at = clock.now(session)
        tell(session, order, "prerequisite_done")
    return prerequisite


def fill_shortages(session: Session, part_id: UUID) -> list[UUID]:
    """Give arrived pieces to the orders that wait for them; those with all parts are released."""
    waiting = reservation_queries.list_orders_short_of(session, part_id)
    # Visits come before orders, as everywhere: a move of one of them must not meet us half-way.
    locked(
        session, Visit, [v for key in waiting for v in queries.list_open_visit_ids(session, key)]
    )
    orders = {order.id: order for order in locked(session, WorkOrder, waiting)}
    reopened = []
    for order_id in waiting:
        order = orders[order_id]
        unplanned = [
            visit
            for visit in queries.list_visits_of(session, order_id)
            if visit.status is VisitStatus.UNSCHEDULED
        ]
        complete = reservations.reserve(session, order, unplanned)
        if complete and order.hold_reason == PARTS_SHORT:
            release(session, order_id)
            reopened.append(order_id)
    return reopened
