"""HTTP for a freelancer's own offers."""

from datetime import timedelta
from uuid import UUID

from kernel.clock import now
from kernel.http import Router, Session
from marketplace.counter_offers import queries as counter_queries
from marketplace.counter_offers import service as counters
from marketplace.counter_offers.models import CounterOffer
from marketplace.counter_offers.queries import Bargain
from marketplace.counter_offers.schemas import CounterAnswer, CounterIn, CounterShown
from marketplace.counter_offers.service import Wanted
from marketplace.counter_offers.views import shown
from marketplace.offers import queries
from marketplace.offers import service as offers
from marketplace.pay_changes.lifecycle import Side
from mobile_api.offers import views
from mobile_api.offers.schemas import Decline, OfferAnswer, OfferCard
from mobile_api.technician.access import FieldId

router = Router(prefix="/api/technician", tags=["technician"])

SHOWN_AFTER_END = timedelta(days=1)
"""How long an offer that has ended stays on the phone."""
_MINE = Side.FREELANCER


@router.get("/offers")
def list_offers(technician_id: FieldId, session: Session) -> list[OfferCard]:
    """Open offers, and those that ended within a day."""
    at = now(session)
    rows = queries.list_of_technicians(session, [technician_id], at - SHOWN_AFTER_END)
    bargains = counter_queries.bargains(session, [row[0].id for row in rows])
    return [views.offer_card(row, bargains.get(row[0].id, Bargain()), at) for row in rows]


@router.post("/offers/{offer_id}/viewed")
def view_offer(offer_id: UUID, technician_id: FieldId, session: Session) -> OfferAnswer:
    """The card was opened."""
    return OfferAnswer.model_validate(offers.mark_viewed(session, offer_id, technician_id))


@router.post("/offers/{offer_id}/accept")
def accept_offer(offer_id: UUID, technician_id: FieldId, session: Session) -> OfferAnswer:
    """Take the visit; 409 says at once when somebody else was faster or it is too late."""
    return OfferAnswer.model_validate(offers.accept(session, offer_id, technician_id))


@router.post("/offers/{offer_id}/decline")
def decline_offer(
    offer_id: UUID, wanted: Decline, technician_id: FieldId, session: Session
) -> OfferAnswer:
    """Say no; costs nothing."""
    return OfferAnswer.model_validate(
        offers.decline(session, offer_id, technician_id, wanted.reason)
    )


@router.post("/offers/{offer_id}/counter", status_code=201)
def counter_offer(
    offer_id: UUID, wanted: CounterIn, technician_id: FieldId, session: Session
) -> CounterShown:
    """Propose other terms, or answer the office's with others."""
    terms = Wanted(**wanted.model_dump())
    made = counters.propose(session, offer_id, _MINE, terms, technician_id=technician_id)
    return _shown(session, made)


@router.post("/bundles/{bundle_id}/accept")
def accept_bundle(bundle_id: UUID, technician_id: FieldId, session: Session) -> list[OfferAnswer]:
    """Take all visits of it; when one of them is gone, none."""
    taken = offers.accept_bundle(session, bundle_id, technician_id)
    return [OfferAnswer.model_validate(offer) for offer in taken]


@router.post("/bundles/{bundle_id}/decline")
def decline_bundle(
    bundle_id: UUID, wanted: Decline, technician_id: FieldId, session: Session
) -> list[OfferAnswer]:
    """Say no to all of it; costs nothing."""
    ended = offers.decline_bundle(session, bundle_id, technician_id, wanted.reason)
    return [OfferAnswer.model_validate(offer) for offer in ended]


@router.post("/counter-offers/{counter_id}/accept")
def accept_counter(counter_id: UUID, technician_id: FieldId, session: Session) -> OfferAnswer:
    """Take the visit on the office's terms."""
    _, offer = counters.accept(session, counter_id, _MINE, technician_id=technician_id)
    return OfferAnswer.model_validate(offer)


@router.post("/counter-offers/{counter_id}/decline")
def decline_counter(
    counter_id: UUID, wanted: CounterAnswer, technician_id: FieldId, session: Session
) -> CounterShown:
    """No to the office's terms: the offer stands as it was made."""
    made = counters.decline(
        session, counter_id, _MINE, technician_id=technician_id, answer=wanted.answer
    )
    return _shown(session, made)


@router.post("/counter-offers/{counter_id}/take-back")
def take_back_counter(counter_id: UUID, technician_id: FieldId, session: Session) -> CounterShown:
    """One's own terms no longer: the offer stands as it was made."""
    return _shown(
        session, counters.take_back(session, counter_id, _MINE, technician_id=technician_id)
    )


def _shown(session: Session, counter: CounterOffer) -> CounterShown:
    made, offer = counter_queries.get_with_offer(session, counter.id)
    return shown(made, offer, counter_queries.bargain_of(session, offer.id), _MINE)
