"""Makes offers and settles who takes the visit; one winner, ever.

Lock order everywhere: the technician, the visit, then the visit's offers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from dispatch.scheduling import service as scheduling
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.queries import holders_of
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.queries import wishes_about
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.events import publish
from marketplace import events
from marketplace.crowd.matching import Candidate
from marketplace.offers import queries
from marketplace.offers.lifecycle import ANSWERABLE, OFFER, OPEN, OfferStatus
from marketplace.offers.models import Offer

_REFUSALS = {
    OfferStatus.FILLED: ("offer_taken", "Somebody else was faster."),
    OfferStatus.EXPIRED: ("offer_expired", "The time to answer is over."),
    OfferStatus.WITHDRAWN: ("offer_withdrawn", "The office has taken the offer back."),
}


@dataclass(frozen=True)
class Terms:
    """What was agreed in place of the offer's own terms."""

    pay_cents: int
    starts_at: datetime
    expenses_cents: int = 0


def send(
    session: Session,
    visit: Visit,
    candidates: Sequence[Candidate],
    *,
    life: timedelta,
    wave: int,
    pay_cents: int | None = None,
    asked_count: int | None = None,
    chances: Mapping[UUID, tuple[int, int]] | None = None,
) -> list[Offer]:
    """Make one offer to each candidate of a wave, for `pay_cents` or the pay worked out for each;
    `chances` are percent of a yes and of coming, by technician.

    An offer ends with its life, or when the freelancer would have to leave.
    """
    at, known = now(session), chances or {}
    offers = [
        Offer(
            visit_id=visit.id,
            technician_id=candidate.technician_id,
            status=OfferStatus.SENT,
            pay_cents=candidate.pay_cents if pay_cents is None else pay_cents,
            currency=candidate.currency,
            expires_at=min(at + life, candidate.leaves_at),
            starts_at=candidate.starts_at,
            ends_at=candidate.ends_at,
            travel_seconds=candidate.travel_seconds,
            expected_minutes=visit.duration_minutes,
            asked_count=asked_count or len(candidates),
            wave=wave,
            accept_pct=known.get(candidate.technician_id, (None, None))[0],
            show_pct=known.get(candidate.technician_id, (None, None))[1],
        )
        for candidate in candidates
    ]
    session.add_all(offers)
    session.flush()
    for offer in offers:
        publish(session, events.OfferSent(wave=wave, **_about(visit, offer)))
    return offers


def accept(
    session: Session, offer_id: UUID, technician_id: UUID, *, terms: Terms | None = None
) -> Offer:
    """Take the visit: the assignment is made in this transaction, the other offers are filled,
    and the visit is dispatched and accepted; on other `terms` when these were agreed to.

    The winner may repeat it and gets the same offer. Raises Conflict `offer_taken`,
    `offer_expired`, `offer_withdrawn`, `offer_closed` or, from scheduling, `technician_busy`.
    """
    known = queries.get_of_technician(session, offer_id, technician_id)
    visit_id = known.visit_id
    if known.status not in OPEN and known.status is not OfferStatus.ACCEPTED:
        # An ended offer never moves again: who lost long ago need not queue for the locks.
        raise _refusal(known, known.status)
    people = locked(session, Technician, {technician_id, *holders_of(session, [visit_id])})
    [visit] = locked(session, Visit, [visit_id])
    offers = locked(session, Offer, {offer_id, *queries.list_open_ids(session, visit_id)})
    offer = next(o for o in offers if o.id == offer_id)
    if offer.status is OfferStatus.ACCEPTED and queries.is_standing(session, offer):
        return offer
    require_open(session, visit, offer, ANSWERABLE if terms is None else OPEN)
    _check_taker(session, visit, next(one for one in people if one.id == technician_id), offer)
    [assignment] = staffing.assign(
        session,
        visit.id,
        [technician_id],
        offer.starts_at if terms is None else terms.starts_at,
        source=AssignmentSource.OFFER,
        pay_cents=offer.pay_cents if terms is None else terms.pay_cents,
    )
    _win(session, offer, assignment.id, terms)
    for other in offers:
        if other.id != offer.id and other.status in OPEN:
            _close(session, visit, other, OfferStatus.FILLED, events.OfferFilled)
    # Whoever took the offer has said yes: nobody dispatches it and asks again.
    scheduling.dispatch(session, visit.id)
    scheduling.move(session, visit.id, VisitStatus.ACCEPTED, technician_id=technician_id)
    publish(session, events.OfferAccepted(assignment_id=assignment.id, **_about(visit, offer)))
    return offer


def decline(session: Session, offer_id: UUID, technician_id: UUID, reason: str = "") -> Offer:
    """Say no. Costs the freelancer nothing; repeating it changes nothing."""
    visit_id = queries.get_of_technician(session, offer_id, technician_id).visit_id
    [visit] = locked(session, Visit, [visit_id])
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is OfferStatus.DECLINED:
        return offer
    require_open(session, visit, offer)
    offer.decline_reason = reason or None
    offer.answered_at = now(session)
    _close(session, visit, offer, OfferStatus.DECLINED, events.OfferDeclined)
    return offer


def mark_viewed(session: Session, offer_id: UUID, technician_id: UUID) -> Offer:
    """Note that the freelancer has seen the offer; any later state stays as it is."""
    queries.get_of_technician(session, offer_id, technician_id)
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is OfferStatus.SENT:
        _move(session, offer, OfferStatus.VIEWED)
    return offer


def withdraw(session: Session, offer_id: UUID) -> Offer:
    """The office takes an open offer back; repeating it changes nothing."""
    visit_id = get(session, Offer, offer_id).visit_id
    [visit] = locked(session, Visit, [visit_id])
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is not OfferStatus.WITHDRAWN:
        _close(session, visit, offer, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return offer


def withdraw_of_visit(session: Session, visit_id: UUID) -> int:
    """Take back every open offer of a visit that is not waiting any more; gives how many."""
    if not queries.list_open_ids(session, visit_id):
        return 0
    [visit] = locked(session, Visit, [visit_id])
    if visit.status is VisitStatus.UNSCHEDULED:
        return 0
    offers = locked(session, Offer, queries.list_open_ids(session, visit_id))
    still_open = [offer for offer in offers if offer.status in OPEN]  # expiring locks no visit
    for offer in still_open:
        _close(session, visit, offer, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return len(still_open)


def withdraw_overtaken(session: Session) -> int:
    """Take back the open offers of all visits that are not waiting any more; gives how many."""
    return sum(withdraw_of_visit(session, key) for key in queries.list_overtaken(session))


def withdraw_from(
    session: Session, technician_id: UUID, customer_id: UUID | None = None
) -> list[UUID]:
    """Take back the open offers of somebody who may not take them any more, of one customer or
    of all; gives the visits."""
    visit_ids = queries.list_open_visits_of(session, technician_id, customer_id)
    visits = {visit.id: visit for visit in locked(session, Visit, visit_ids)}
    found = queries.list_open_of(session, technician_id, visit_ids)
    for offer in locked(session, Offer, [offer.id for offer in found]):
        if offer.status in OPEN:  # expiring locks no visit
            visit = visits[offer.visit_id]
            _close(session, visit, offer, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return visit_ids


def expire_due(session: Session, limit: int = 500) -> int:
    """Close the offers whose time has run out; gives how many."""
    overdue = queries.list_overdue(session, limit)
    for offer in overdue:
        visit = get(session, Visit, offer.visit_id)
        _close(session, visit, offer, OfferStatus.EXPIRED, events.OfferExpired)
    return len(overdue)


def get_for(session: Session, offer_id: UUID, technician_id: UUID | None) -> Offer:
    """The offer; NotFound when it was made to somebody else than `technician_id`."""
    if technician_id is None:
        return get(session, Offer, offer_id)
    return queries.get_of_technician(session, offer_id, technician_id)


def mark_countered(
    session: Session, offer: Offer, answer_time: timedelta, *, leaves_at: datetime
) -> None:
    """Other terms are on the table: the locked offer stands until they can be answered, but not
    longer than one would have to leave."""
    if offer.status is not OfferStatus.COUNTERED:
        _move(session, offer, OfferStatus.COUNTERED)
    offer.expires_at = min(max(offer.expires_at, now(session) + answer_time), leaves_at)


def mark_standing(session: Session, offer: Offer) -> None:
    """The other terms are off the table: the locked offer stands as it was made."""
    _move(session, offer, OfferStatus.VIEWED)


def require_open(
    session: Session, visit: Visit, offer: Offer, states: Collection[OfferStatus] = OPEN
) -> None:
    """Raise Conflict with the reason why the locked offer cannot be answered any more."""
    if offer.status not in states:
        raise _refusal(offer, offer.status)
    if offer.expires_at <= now(session):
        raise _refusal(offer, OfferStatus.EXPIRED)
    if visit.status is not VisitStatus.UNSCHEDULED:
        # The visit went another way, and the open offers are about to be withdrawn.
        raise _refusal(offer, OfferStatus.FILLED)


def _check_taker(session: Session, visit: Visit, person: Technician, offer: Offer) -> None:
    """The locked technician may still take the visit; who is blocked is not told of it."""
    blocked = {*visit.excluded_technician_ids, *wishes_about(session, visit.customer_id).blocked}
    if not person.active or person.id in blocked:
        raise _refusal(offer, OfferStatus.WITHDRAWN)


def _refusal(offer: Offer, because_it_is: OfferStatus) -> Conflict:
    code, sentence = _REFUSALS.get(because_it_is, ("offer_closed", "The offer is closed."))
    return Conflict(sentence, code=code, offer_id=str(offer.id), offer_status=str(offer.status))


def _win(session: Session, offer: Offer, assignment_id: UUID, terms: Terms | None = None) -> None:
    # The deadline is decided by the database at the last moment, whatever was read before.
    agreed: dict[str, object] = {}
    if terms is not None:
        agreed = {
            **asdict(terms),
            "ends_at": terms.starts_at + (offer.ends_at - offer.starts_at),
        }
    won = session.execute(
        update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.status.in_(ANSWERABLE if terms is None else OPEN),
            Offer.expires_at > func.app_now(),
        )
        .values(
            status=OfferStatus.ACCEPTED,
            assignment_id=assignment_id,
            answered_at=func.app_now(),
            version=Offer.version + 1,
            **agreed,
        )
        .returning(Offer.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if won is None:
        raise _refusal(offer, OfferStatus.EXPIRED)
    session.refresh(offer)


def _close(
    session: Session,
    visit: Visit,
    offer: Offer,
    to: OfferStatus,
    event: type[
        events.OfferDeclined | events.OfferExpired | events.OfferWithdrawn | events.OfferFilled
    ],
) -> None:
    _move(session, offer, to)
    publish(session, event(**_about(visit, offer)))


def _about(visit: Visit, offer: Offer) -> dict[str, Any]:
    """The fields that every event about an offer carries."""
    return {
        "offer_id": offer.id,
        "visit_id": visit.id,
        "territory_id": visit.territory_id,
        "technician_id": offer.technician_id,
    }


def _move(session: Session, offer: Offer, to: OfferStatus) -> None:
    OFFER.check(offer.status, to)
    offer.status = to
    session.flush()
