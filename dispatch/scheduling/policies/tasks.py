"""When visits go out by themselves."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved
from dispatch.scheduling.policies import service
from dispatch.work_orders.lifecycle import ENDED_VISITS
from kernel.jobs import every, on


@every(timedelta(minutes=5), name="scheduling.dispatch_due")
def dispatch_due(session: Session, due_at: datetime) -> None:
    service.dispatch_due(session)


@on(
    VisitMoved,
    name="scheduling.dispatch_next",
    when=lambda event: event.to_status in ENDED_VISITS,
)
def dispatch_next(session: Session, event: VisitMoved) -> None:
    """The next visit goes out when one is over, where the policy says drip."""
    service.dispatch_due(session)
