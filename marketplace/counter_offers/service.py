"""Proposes other terms for an offer, and settles them: accepting is the offer's acceptance.

Lock order everywhere: the technician, the visit, the visit's offers, then the counter-offer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import because, get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import publish
from kernel.principal import Principal
from marketplace.counter_offers import queries
from marketplace.counter_offers.lifecycle import (
    ANSWER_TIME,
    COUNTER_OFFER,
    CounterMove,
    CounterStatus,
)
from marketplace.counter_offers.models import CounterOffer
from marketplace.estimates.jobs import jobs_of
from marketplace.events import CounterOfferMoved
from marketplace.offers import service as offers
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.offers.service import Terms
from marketplace.pay_changes.lifecycle import Side
from marketplace.pay_terms.service import require_within_limit


@dataclass(frozen=True)
class Wanted:
    """What somebody proposes; None stays as it was offered."""

    pay_cents: int | None = None
    starts_at: datetime | None = None
    expenses_cents: int = 0
    note: str = ""


def propose(
    session: Session,
    offer_id: UUID,
    side: Side,
    wanted: Wanted,
    *,
    technician_id: UUID | None = None,
    principal: Principal | None = None,
) -> CounterOffer:
    """Propose other terms, in answer to the offer or to the other side's proposal.

    Raises NotFound for somebody else's offer, Conflict `offer_taken`, `offer_expired`,
    `offer_withdrawn`, `counter_not_possible`; Invalid `counter_same`, `counter_too_late`,
    `outside_window`; Forbidden `above_limit`.
    """
    known = offers.get_for(session, offer_id, technician_id)
    [visit] = locked(session, Visit, [known.visit_id])
    [offer] = locked(session, Offer, [offer_id])
    offers.require_open(session, visit, offer)
    before = queries.find_open(session, offer_id)
    _require_turn(session, offer, before, side)
    made = _made(session, visit, offer, side, wanted)
    if principal is not None:
        require_within_limit(session, principal, _extra_cents(offer, made))
    if before is not None:
        _set(session, offer, before, CounterStatus.COUNTERED)
    session.add(made)
    offers.mark_countered(session, offer, ANSWER_TIME, leaves_at=_leaves_at(offer, made))
    session.flush()
    _tell(session, offer, made)
    return made


def accept(
    session: Session,
    counter_id: UUID,
    side: Side,
    *,
    technician_id: UUID | None = None,
    principal: Principal | None = None,
) -> tuple[CounterOffer, Offer]:
    """Agree: the freelancer has the visit on these terms; the other offers are filled.

    Repeating it changes nothing. Raises what accepting an offer raises, Conflict
    `counter_not_possible`, Forbidden `above_limit`.
    """
    counter, offer = queries.get_with_offer(session, counter_id, technician_id)
    if counter.status is not CounterStatus.ACCEPTED:
        _require(session, offer, counter, side, CounterMove.ACCEPT)
        if principal is not None:
            require_within_limit(session, principal, _extra_cents(offer, counter))
    terms = Terms(
        pay_cents=counter.pay_cents,
        starts_at=counter.starts_at,
        expenses_cents=counter.expenses_cents,
    )
    taken = offers.accept(session, offer.id, offer.technician_id, terms=terms)
    [counter] = locked(session, CounterOffer, [counter_id])
    if counter.status is not CounterStatus.ACCEPTED:
        _set(session, taken, counter, CounterStatus.ACCEPTED)
    return counter, taken


def decline(
    session: Session,
    counter_id: UUID,
    side: Side,
    *,
    technician_id: UUID | None = None,
    answer: str = "",
) -> CounterOffer:
    """Say no to these terms: the offer stands as it was made. Repeating it changes nothing."""
    return _end(
        session,
        counter_id,
        side,
        CounterMove.DECLINE,
        CounterStatus.DECLINED,
        technician_id,
        answer,
    )


def take_back(
    session: Session, counter_id: UUID, side: Side, *, technician_id: UUID | None = None
) -> CounterOffer:
    """Propose it no longer: the offer stands as it was made. Repeating it changes nothing."""
    return _end(
        session,
        counter_id,
        side,
        CounterMove.TAKE_BACK,
        CounterStatus.TAKEN_BACK,
        technician_id,
        "",
    )


def lapse(session: Session, offer_id: UUID) -> None:
    """The offer came to its end without it."""
    if queries.find_open(session, offer_id) is None:
        return
    [offer] = locked(session, Offer, [offer_id])
    counter = queries.find_open(session, offer_id)
    if counter is not None and offer.status is not OfferStatus.COUNTERED:
        _set(session, offer, counter, CounterStatus.LAPSED)


def _end(
    session: Session,
    counter_id: UUID,
    side: Side,
    move: CounterMove,
    to: CounterStatus,
    technician_id: UUID | None,
    answer: str,
) -> CounterOffer:
    known, offer = queries.get_with_offer(session, counter_id, technician_id)
    [_] = locked(session, Visit, [offer.visit_id])
    [offer] = locked(session, Offer, [offer.id])
    [counter] = locked(session, CounterOffer, [known.id])
    if counter.status is to:
        return counter
    _require(session, offer, counter, side, move)
    because(session, answer)
    counter.answer = answer
    _set(session, offer, counter, to)
    offers.mark_standing(session, offer)
    return counter


def _require_turn(session: Session, offer: Offer, before: CounterOffer | None, side: Side) -> None:
    bargain = queries.bargain_of(session, offer.id)
    if offer.status is OfferStatus.COUNTERED and before is not None:
        legal = bargain.counter_moves(offer, before, side)
    else:
        legal = bargain.offer_moves(offer) if side is Side.FREELANCER else []
    if CounterMove.COUNTER not in legal:
        raise _refusal(legal)


def _require(
    session: Session, offer: Offer, counter: CounterOffer, side: Side, move: CounterMove
) -> None:
    legal = queries.bargain_of(session, offer.id).counter_moves(offer, counter, side)
    if move not in legal:
        raise _refusal(legal)


def _refusal(legal: list[CounterMove]) -> Conflict:
    return Conflict(
        "This cannot be done about these terms now.",
        code="counter_not_possible",
        legal=[str(move) for move in legal],
    )


def _made(session: Session, visit: Visit, offer: Offer, side: Side, wanted: Wanted) -> CounterOffer:
    """The whole terms, such as could be agreed to now."""
    starts_at = wanted.starts_at or offer.starts_at
    pay_cents = offer.pay_cents if wanted.pay_cents is None else wanted.pay_cents
    terms = (pay_cents, starts_at, wanted.expenses_cents)
    if terms == (offer.pay_cents, offer.starts_at, 0):
        raise Invalid("These are the terms of the offer: accept it.", code="counter_same")
    made = CounterOffer(
        offer_id=offer.id,
        side=side,
        status=CounterStatus.OPEN,
        pay_cents=pay_cents,
        expenses_cents=wanted.expenses_cents,
        starts_at=starts_at,
        note=wanted.note,
    )
    at = now(session)
    if _leaves_at(offer, made) <= at:
        raise Invalid("Nobody could be there in time.", code="counter_too_late")
    [job] = jobs_of(session, [visit], at)
    if starts_at != offer.starts_at and not job.earliest <= starts_at <= job.latest:
        raise Invalid(
            "The work can only start within its window.",
            code="outside_window",
            earliest=job.earliest.isoformat(),
            latest=job.latest.isoformat(),
        )
    return made


def _leaves_at(offer: Offer, counter: CounterOffer) -> datetime:
    return counter.starts_at - timedelta(seconds=offer.travel_seconds)


def _extra_cents(offer: Offer, counter: CounterOffer) -> int:
    return counter.pay_cents + counter.expenses_cents - offer.pay_cents


def _set(session: Session, offer: Offer, counter: CounterOffer, to: CounterStatus) -> None:
    COUNTER_OFFER.check(counter.status, to)
    counter.status = to
    session.flush()
    _tell(session, offer, counter)


def _tell(session: Session, offer: Offer, counter: CounterOffer) -> None:
    publish(
        session,
        CounterOfferMoved(
            counter_offer_id=counter.id,
            offer_id=offer.id,
            visit_id=offer.visit_id,
            side=str(counter.side),
            to_status=str(counter.status),
            territory_id=get(session, Visit, offer.visit_id).territory_id,
            technician_id=offer.technician_id,
        ),
    )
