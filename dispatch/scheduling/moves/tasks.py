"""Keeping an eye on the day, and settling what was cancelled elsewhere."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved
from dispatch.scheduling.moves import queries, service
from dispatch.work_orders.lifecycle import ENDED_VISITS, RUNNING_VISITS, VisitStatus
from kernel.jobs import every, on


@every(timedelta(minutes=5), name="scheduling.watch_days")
def watch_days(session: Session, due_at: datetime) -> None:
    service.watch(session)


@on(
    VisitMoved,
    name="scheduling.watch_after_move",
    when=lambda event: event.to_status in RUNNING_VISITS | ENDED_VISITS,
)
def watch_after_move(session: Session, event: VisitMoved) -> None:
    """What follows may be late now, or not any more."""
    service.watch(session, queries.technicians_of(session, event.visit_id))


@on(
    VisitMoved,
    name="scheduling.settle_cancelled",
    when=lambda event: event.to_status == VisitStatus.CANCELLED,
)
def settle_cancelled(session: Session, event: VisitMoved) -> None:
    service.settle_cancelled(session, event.visit_id)
