"""What moves money by itself: offers, visits that end or are lost, and time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved, VisitUnassigned
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.events import Event
from kernel.jobs import every, on
from marketplace import events
from marketplace.payouts import service

ENDED = frozenset({VisitStatus.COMPLETED, VisitStatus.INCOMPLETE})
OFFER_EVENTS: tuple[type[Event], ...] = (
    events.OfferSent,
    events.OfferAccepted,
    events.OfferDeclined,
    events.OfferExpired,
    events.OfferWithdrawn,
    events.OfferFilled,
)


def _about(event: Event) -> UUID:
    visit_id: UUID = event.visit_id  # type: ignore[attr-defined]  # all of OFFER_EVENTS have it
    return visit_id


def hold(session: Session, event: Event) -> None:
    service.hold(session, _about(event))


for _event in OFFER_EVENTS:
    on(_event, name=f"marketplace.hold_pay_{_event.__name__}")(hold)


@on(
    VisitMoved,
    name="marketplace.settle_visit",
    when=lambda event: (
        not ENDED.isdisjoint({event.from_status, event.to_status})
        or event.to_status == VisitStatus.CANCELLED
    ),
)
def settle_visit(session: Session, event: VisitMoved) -> None:
    service.settle_visit(session, event.visit_id)
    service.hold(session, event.visit_id)


@on(
    VisitUnassigned,
    name="marketplace.settle_lost_visit",
    when=lambda event: event.technician_id is not None,
)
def settle_lost(session: Session, event: VisitUnassigned) -> None:
    if event.technician_id is not None:
        service.settle_lost(session, event.visit_id, event.technician_id)
    service.hold(session, event.visit_id)


@every(timedelta(minutes=5), name="marketplace.approve_payouts")
def approve_due(session: Session, due_at: datetime) -> None:
    service.approve_due(session)
