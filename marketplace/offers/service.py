"""Makes offers, and ends them in every way but being taken.

Lock order everywhere: the technician, the visit, then the visit's offers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import NotFound
from kernel.events import publish_all
from marketplace import events
from marketplace.crowd.matching import Candidate
from marketplace.offers import queries
from marketplace.offers.closing import about, close, close_all, move, require_open
from marketplace.offers.lifecycle import OPEN, OfferKind, OfferStatus
from marketplace.offers.models import Offer
from marketplace.offers.taking import Terms, accept, accept_bundle

__all__ = [
    "Terms",
    "accept",
    "accept_bundle",
    "decline",
    "decline_bundle",
    "expire_due",
    "get_for",
    "mark_countered",
    "mark_standing",
    "mark_viewed",
    "require_open",
    "send",
    "withdraw",
    "withdraw_broken_bundle",
    "withdraw_from",
    "withdraw_of_visit",
    "withdraw_overtaken",
]


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
    kind: OfferKind = OfferKind.COMPUTED,
    bundle_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> list[Offer]:
    """Make one offer to each candidate of a wave, for `pay_cents` or the pay worked out for each;
    `chances` are percent of a yes and of coming, by technician.

    An offer ends with its life, or when the freelancer would have to leave, or at `expires_at`.
    """
    at, known = now(session), chances or {}
    offers = [
        Offer(
            visit_id=visit.id,
            technician_id=candidate.technician_id,
            status=OfferStatus.SENT,
            pay_cents=candidate.pay_cents if pay_cents is None else pay_cents,
            currency=candidate.currency,
            expires_at=expires_at or min(at + life, candidate.leaves_at),
            starts_at=candidate.starts_at,
            ends_at=candidate.ends_at,
            travel_seconds=candidate.travel_seconds,
            way_seconds=candidate.way_seconds,
            beside_visit_id=candidate.beside_visit_id,
            apart_cents=candidate.apart_cents,
            expected_minutes=visit.duration_minutes,
            asked_count=asked_count or len(candidates),
            wave=wave,
            kind=kind,
            bundle_id=bundle_id,
            accept_pct=known.get(candidate.technician_id, (None, None))[0],
            show_pct=known.get(candidate.technician_id, (None, None))[1],
        )
        for candidate in candidates
    ]
    session.add_all(offers)
    session.flush()
    publish_all(session, [events.OfferSent(wave=wave, **about(visit, o)) for o in offers])
    return offers


def decline(session: Session, offer_id: UUID, technician_id: UUID, reason: str = "") -> Offer:
    """Say no. Costs the freelancer nothing; repeating it changes nothing."""
    visit_id = queries.get_of_technician(session, offer_id, technician_id).visit_id
    [visit] = locked(session, Visit, [visit_id])
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is not OfferStatus.DECLINED:
        require_open(session, visit, offer)
        _decline(session, visit, offer, reason)
    return offer


def decline_bundle(
    session: Session, bundle_id: UUID, technician_id: UUID, reason: str = ""
) -> list[Offer]:
    """Say no to all of it. Costs nothing; repeating it changes nothing."""
    known = queries.list_of_bundle(session, bundle_id, technician_id)
    if not known:
        raise NotFound("bundle", bundle_id)
    visits = {visit.id: visit for visit in locked(session, Visit, {o.visit_id for o in known})}
    own = locked(session, Offer, {one.id for one in known})
    for offer in own:
        if offer.status in OPEN:
            _decline(session, visits[offer.visit_id], offer, reason)
    return own


def withdraw_broken_bundle(session: Session, offer_id: UUID) -> int:
    """A part of a bundle is gone: take the rest of it back; gives how many offers."""
    gone = get(session, Offer, offer_id)
    if gone.bundle_id is None:
        return 0
    rest = queries.list_of_bundle(session, gone.bundle_id, gone.technician_id)
    visits = {visit.id: visit for visit in locked(session, Visit, {o.visit_id for o in rest})}
    still_open = [o for o in locked(session, Offer, {o.id for o in rest}) if o.status in OPEN]
    close_all(session, visits, still_open, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return len(still_open)


def _decline(session: Session, visit: Visit, offer: Offer, reason: str) -> None:
    offer.decline_reason = reason or None
    offer.answered_at = now(session)
    close(session, visit, offer, OfferStatus.DECLINED, events.OfferDeclined)


def mark_viewed(session: Session, offer_id: UUID, technician_id: UUID) -> Offer:
    """Note that the freelancer has seen the offer; any later state stays as it is."""
    queries.get_of_technician(session, offer_id, technician_id)
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is OfferStatus.SENT:
        move(session, offer, OfferStatus.VIEWED)
    return offer


def withdraw(session: Session, offer_id: UUID) -> Offer:
    """The office takes an open offer back; repeating it changes nothing."""
    visit_id = get(session, Offer, offer_id).visit_id
    [visit] = locked(session, Visit, [visit_id])
    [offer] = locked(session, Offer, [offer_id])
    if offer.status is not OfferStatus.WITHDRAWN:
        close(session, visit, offer, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
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
    close_all(session, {visit.id: visit}, still_open, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return len(still_open)


def withdraw_overtaken(session: Session) -> int:
    """Take back the open offers of all visits that are not waiting any more; gives how many."""
    return sum(withdraw_of_visit(session, key) for key in queries.list_overtaken(session))


def withdraw_from(
    session: Session,
    technician_id: UUID,
    customer_id: UUID | None = None,
    *,
    needing: str | None = None,
) -> list[UUID]:
    """Take back the open offers of somebody who may not take them any more, of one customer, that
    need a kind of credential, or all; gives the visits."""
    visit_ids = queries.list_open_visits_of(session, technician_id, customer_id, needing)
    visits = {visit.id: visit for visit in locked(session, Visit, visit_ids)}
    found = queries.list_open_of(session, technician_id, visit_ids)
    offers = locked(session, Offer, [offer.id for offer in found])
    still_open = [offer for offer in offers if offer.status in OPEN]  # expiring locks no visit
    close_all(session, visits, still_open, OfferStatus.WITHDRAWN, events.OfferWithdrawn)
    return visit_ids


def expire_due(session: Session, limit: int = 500) -> int:
    """Close the offers whose time has run out; gives how many."""
    overdue = queries.list_overdue(session, limit)
    visits = queries.visits_by_id(session, {offer.visit_id for offer in overdue})
    close_all(session, visits, overdue, OfferStatus.EXPIRED, events.OfferExpired)
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
        move(session, offer, OfferStatus.COUNTERED)
    offer.expires_at = min(max(offer.expires_at, now(session) + answer_time), leaves_at)


def mark_standing(session: Session, offer: Offer) -> None:
    """The other terms are off the table: the locked offer stands as it was made, not longer than
    one would have to leave."""
    leaves_at = offer.starts_at - timedelta(seconds=offer.travel_seconds)
    offer.expires_at = min(offer.expires_at, leaves_at)
    move(session, offer, OfferStatus.VIEWED)
