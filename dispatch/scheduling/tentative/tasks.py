"""What settles dates to be confirmed: somebody has the visit, or the time has come."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitAssigned
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.tentative import service
from kernel.jobs import every, on


@on(
    VisitAssigned,
    name="scheduling.confirm_date",
    # a plan assigns hundreds at once, of which few wait for it: the timer below finds those
    when=lambda event: event.source != AssignmentSource.PLAN,
)
def confirm_date(session: Session, event: VisitAssigned) -> None:
    service.settle(session, event.visit_id)


@every(timedelta(minutes=1), name="scheduling.settle_dates")
def settle_dates(session: Session, due_at: datetime) -> None:
    service.settle_all(session)
