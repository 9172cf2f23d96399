"""What moves work orders by itself: arrivals of parts, ends of holds and overrides, due clocks."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import HoldExpired, PartArrived, PriorityExpired
from dispatch.work_orders import service
from kernel.jobs import every, on


@on(PartArrived, name="work_orders.fill_shortages")
def fill_shortages(session: Session, event: PartArrived) -> None:
    service.fill_shortages(session, event.part_id)


@on(HoldExpired, name="work_orders.release_expired")
def release_expired(session: Session, event: HoldExpired) -> None:
    service.release_expired(session, event.work_order_id)


@on(PriorityExpired, name="work_orders.restore_priority")
def restore_priority(session: Session, event: PriorityExpired) -> None:
    service.restore_priority(session, event.work_order_id)


@every(timedelta(minutes=1), name="work_orders.mark_breaches")
def mark_breaches(session: Session, due_at: datetime) -> None:
    service.mark_breaches(session)
