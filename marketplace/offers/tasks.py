"""What closes offers by itself: time, another assignment, a cancelled visit."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import VisitAssigned, VisitMoved
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.jobs import every, on
from marketplace.events import (
    OfferDeclined,
    OfferEnded,
    OfferExpired,
    OfferFilled,
    OfferWithdrawn,
)
from marketplace.offers import service


@every(timedelta(minutes=1), name="marketplace.expire_offers")
def expire_offers(session: Session, due_at: datetime) -> None:
    service.withdraw_overtaken(session)
    service.expire_due(session)


@on(
    VisitAssigned,
    name="marketplace.withdraw_offers_of_assigned",
    # a plan assigns hundreds at once, of which few have offers: the timer above finds those
    when=lambda event: event.source != AssignmentSource.PLAN,
)
def withdraw_offers_of_assigned(session: Session, event: VisitAssigned) -> None:
    service.withdraw_of_visit(session, event.visit_id)


@on(
    VisitMoved,
    name="marketplace.withdraw_offers_of_cancelled",
    when=lambda event: event.to_status == VisitStatus.CANCELLED,
)
def withdraw_offers_of_cancelled(session: Session, event: VisitMoved) -> None:
    service.withdraw_of_visit(session, event.visit_id)


def withdraw_broken_bundle(session: Session, event: OfferEnded) -> None:
    service.withdraw_broken_bundle(session, event.offer_id)


for _event in (OfferDeclined, OfferExpired, OfferFilled, OfferWithdrawn):
    on(
        _event,
        name=f"marketplace.withdraw_bundle_{_event.__name__}",
        when=lambda event: event.bundle_id is not None,
    )(withdraw_broken_bundle)
