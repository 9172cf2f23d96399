"""What every change of a work order begins and ends with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import WorkOrderChanged
from dispatch.work_orders import queries
from dispatch.work_orders.lifecycle import OPEN_VISITS, OPEN_WORK_ORDERS
from dispatch.work_orders.models import Visit, WorkOrder
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.events import publish


def lock_order(session: Session, work_order_id: UUID) -> tuple[WorkOrder, list[Visit]]:
    """Lock the open visits and then the order: one order of locks everywhere."""
    get(session, WorkOrder, work_order_id)
    open_ids = queries.list_open_visit_ids(session, work_order_id)
    found = locked(session, Visit, open_ids)
    [order] = locked(session, WorkOrder, [work_order_id])
    return order, [visit for visit in found if visit.status in OPEN_VISITS]


def check_open(order: WorkOrder) -> None:
    if order.status not in OPEN_WORK_ORDERS:
        raise Conflict(
            f"This work order is {order.status}.", code="work_order_ended", status=order.status
        )


def is_over(session: Session, until: datetime | None) -> bool:
    return until is not None and until <= clock.now(session)


def tell(session: Session, order: WorkOrder, what: str) -> None:
    session.flush()
    publish(
        session,
        WorkOrderChanged(
            work_order_id=order.id,
            what=what,
            territory_id=order.territory_id,
            customer_id=order.customer_id,
        ),
    )
