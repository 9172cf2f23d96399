"""What ends proposals by itself: the offer's own end."""

from sqlalchemy.orm import Session

from kernel.jobs import on
from marketplace.counter_offers import service
from marketplace.events import (
    OfferDeclined,
    OfferEnded,
    OfferExpired,
    OfferFilled,
    OfferWithdrawn,
)


def lapse(session: Session, event: OfferEnded) -> None:
    service.lapse(session, event.offer_id)


for _event in (OfferDeclined, OfferExpired, OfferFilled, OfferWithdrawn):
    on(
        _event,
        name=f"marketplace.lapse_counters_{_event.__name__}",
        when=lambda event: event.was_countered,
    )(lapse)
