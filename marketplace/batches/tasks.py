"""What asks for freelancers: planning found nobody, somebody quit; and when a surge is matched."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitUnserved
from kernel.jobs import every, on
from marketplace.batches import service


@on(VisitUnserved, name="marketplace.offer_unserved")
def offer_unserved(session: Session, event: VisitUnserved) -> None:
    service.request(session, event.visit_id)


@every(timedelta(minutes=1), name="marketplace.match_waiting")
def match_waiting(session: Session, due_at: datetime) -> None:
    service.match_waiting(session)
