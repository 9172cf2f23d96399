"""Writes of a work order's priority: overridden with a reason and an end, then restored."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import PriorityExpired
from dispatch.work_orders.locks.service import check_open, is_over, lock_order, tell
from dispatch.work_orders.models import Visit, WorkOrder
from kernel import clock
from kernel.db import because
from kernel.errors import Invalid
from kernel.events import later


def override_priority(
    session: Session, work_order_id: UUID, priority: int, reason: str, until: datetime
) -> WorkOrder:
    """Give an open order another priority until a time, when the one before comes back."""
    if not 1 <= priority <= 5:
        raise Invalid("A priority is between 1 and 5.", code="priority_range")
    order, open_visits = lock_order(session, work_order_id)
    check_open(order)
    if until <= clock.now(session):
        raise Invalid("An override must end in the future.", code="priority_until_past")
    because(session, reason)
    if order.priority_before is None:
        order.priority_before = order.priority
    order.priority_reason = reason
    order.priority_until = until
    _set_priority(session, order, open_visits, priority)
    later(session, PriorityExpired(work_order_id=order.id), until)
    return order


def restore_priority(session: Session, work_order_id: UUID) -> None:
    """End an override whose time is over; one that was prolonged meanwhile stands."""
    order, open_visits = lock_order(session, work_order_id)
    if order.priority_before is None or not is_over(session, order.priority_until):
        return
    before = order.priority_before
    order.priority_before = order.priority_reason = order.priority_until = None
    _set_priority(session, order, open_visits, before)


def _set_priority(
    session: Session, order: WorkOrder, open_visits: Sequence[Visit], priority: int
) -> None:
    order.priority = priority
    for visit in open_visits:
        visit.priority = priority
    tell(session, order, "priority")
