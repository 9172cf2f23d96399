"""How an offer moves and ends, and why it cannot be answered any more."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import among
from kernel.errors import Conflict
from kernel.events import publish, publish_all
from marketplace import events
from marketplace.offers.lifecycle import OFFER, OPEN, OfferStatus
from marketplace.offers.models import Offer

_REFUSALS = {
    OfferStatus.FILLED: ("offer_taken", "Somebody else was faster."),
    OfferStatus.EXPIRED: ("offer_expired", "The time to answer is over."),
    OfferStatus.WITHDRAWN: ("offer_withdrawn", "The office has taken the offer back."),
}


def require_open(
    session: Session, visit: Visit, offer: Offer, states: Collection[OfferStatus] = OPEN
) -> None:
    """Raise Conflict with the reason why the locked offer cannot be answered any more."""
    if offer.status not in states:
        raise refusal(offer, offer.status)
    if offer.expires_at <= now(session):
        raise refusal(offer, OfferStatus.EXPIRED)
    if visit.status is not VisitStatus.UNSCHEDULED:
        # The visit went another way, and the open offers are about to be withdrawn.
        raise refusal(offer, OfferStatus.FILLED)


def refusal(offer: Offer, because_it_is: OfferStatus) -> Conflict:
    return refused(offer.id, offer.status, because_it_is)


def refused(offer_id: UUID, status: OfferStatus, because_it_is: OfferStatus) -> Conflict:
    """Why an offer of any kind cannot be answered."""
    code, sentence = _REFUSALS.get(because_it_is, ("offer_closed", "The offer is closed."))
    return Conflict(sentence, code=code, offer_id=str(offer_id), offer_status=str(status))


def close(
    session: Session, visit: Visit, offer: Offer, to: OfferStatus, event: type[events.OfferEnded]
) -> None:
    """End the locked offer without its being taken, and tell of it."""
    ended = _ended(visit, offer, event)
    move(session, offer, to)
    publish(session, ended)


def close_all(
    session: Session,
    visits: Mapping[UUID, Visit],
    offers: Sequence[Offer],
    to: OfferStatus,
    event: type[events.OfferEnded],
) -> None:
    """`close` for many locked offers, in as few statements as for one."""
    if not offers:
        return
    for offer in offers:
        OFFER.check(offer.status, to)
    ended = [_ended(visits[offer.visit_id], offer, event) for offer in offers]
    session.scalars(
        update(Offer)
        .where(among(Offer.id, [offer.id for offer in offers]))
        .values(status=to, version=Offer.version + 1)
        .returning(Offer)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    publish_all(session, ended)


def _ended(visit: Visit, offer: Offer, event: type[events.OfferEnded]) -> events.OfferEnded:
    was_countered = offer.status is OfferStatus.COUNTERED
    return event(bundle_id=offer.bundle_id, was_countered=was_countered, **about(visit, offer))


def about(visit: Visit, offer: Offer) -> dict[str, Any]:
    """The fields that every event about an offer carries."""
    return {
        "offer_id": offer.id,
        "visit_id": visit.id,
        "territory_id": visit.territory_id,
        "technician_id": offer.technician_id,
    }


def move(session: Session, offer: Offer, to: OfferStatus) -> None:
    OFFER.check(offer.status, to)
    offer.status = to
    session.flush()
