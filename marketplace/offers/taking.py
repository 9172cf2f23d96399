"""Settles who takes a visit, or all visits of a bundle; one winner, ever.

Lock order everywhere: the technicians, the visits, then the visits' offers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from dispatch.scheduling import service as scheduling
from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.queries import holders_of
from dispatch.scheduling.staffing import service as staffing
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.clearance.rules import valid_until
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.queries import wishes_about
from dispatch.technicians.queries import list_credentials
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict, NotFound
from kernel.events import publish
from marketplace import events
from marketplace.availability.queries import minutes_by_week, week_of
from marketplace.offers import queries
from marketplace.offers.closing import about, close_all, refusal, refused, require_open
from marketplace.offers.lifecycle import ANSWERABLE, OPEN, OfferStatus
from marketplace.offers.models import Offer
from marketplace.terms.queries import without_consent


@dataclass(frozen=True)
class Terms:
    """What was agreed in place of the offer's own terms."""

    pay_cents: int
    starts_at: datetime
    expenses_cents: int = 0


@dataclass(frozen=True)
class _Field:
    """Everything locked that an acceptance can touch."""

    person: Technician
    visits: dict[UUID, Visit]
    offers: Sequence[Offer]

    def others(self, offer: Offer) -> list[Offer]:
        same = [one for one in self.offers if one.visit_id == offer.visit_id]
        return [one for one in same if one.id != offer.id and one.status in OPEN]


def accept(
    session: Session, offer_id: UUID, technician_id: UUID, *, terms: Terms | None = None
) -> Offer:
    """Take the visit: the assignment is made in this transaction, the other offers are filled,
    and the visit is dispatched and accepted; on other `terms` when these were agreed to.

    The winner may repeat it and gets the same offer. Raises Conflict `offer_taken`,
    `offer_expired`, `offer_withdrawn`, `offer_closed`, `offer_bundled`, `taker_barred`,
    `hours_full` or, from scheduling, `technician_busy`.
    """
    seen = queries.look_at(session, offer_id, technician_id)
    if seen.bundle_id is not None:
        raise Conflict("This job comes with others: take all or none.", code="offer_bundled")
    if seen.status not in OPEN and seen.status is not OfferStatus.ACCEPTED:
        # An ended offer never moves again: who lost need not queue for the locks.
        raise refused(offer_id, seen.status, seen.status)
    field = _lock(session, {offer_id}, {seen.visit_id}, technician_id)
    offer = next(one for one in field.offers if one.id == offer_id)
    if offer.status is OfferStatus.ACCEPTED and queries.is_standing(session, offer):
        return offer
    require_open(
        session, field.visits[offer.visit_id], offer, ANSWERABLE if terms is None else OPEN
    )
    return _take(session, field, offer, terms)


def accept_bundle(session: Session, bundle_id: UUID, technician_id: UUID) -> list[Offer]:
    """Take all visits of a bundle, in the order of the route, or none.

    Repeating it changes nothing. Raises what `accept` raises, for any of them.
    """
    known = queries.list_of_bundle(session, bundle_id, technician_id)
    if not known:
        raise NotFound("bundle", bundle_id)
    keys = {one.id for one in known}
    field = _lock(session, keys, {one.visit_id for one in known}, technician_id)
    own = sorted((o for o in field.offers if o.id in keys), key=lambda o: o.starts_at)
    if all(o.status is OfferStatus.ACCEPTED and queries.is_standing(session, o) for o in own):
        return own
    for offer in own:
        require_open(session, field.visits[offer.visit_id], offer, ANSWERABLE)
    return [_take(session, field, offer, None) for offer in own]


def _lock(
    session: Session, offer_ids: Collection[UUID], visit_ids: Collection[UUID], technician_id: UUID
) -> _Field:
    people = locked(session, Technician, {technician_id, *holders_of(session, visit_ids)})
    visits = {visit.id: visit for visit in locked(session, Visit, visit_ids)}
    person = next(one for one in people if one.id == technician_id)
    offers = queries.lock_contested(session, offer_ids, visit_ids)
    return _Field(person, visits, offers)


def _take(session: Session, field: _Field, offer: Offer, terms: Terms | None) -> Offer:
    visit = field.visits[offer.visit_id]
    starts_at = offer.starts_at if terms is None else terms.starts_at
    ends_at = starts_at + (offer.ends_at - offer.starts_at)
    _check_taker(session, visit, field.person, offer, ends_at)
    _check_hours(session, field.person, starts_at, ends_at)
    [assignment] = staffing.assign(
        session,
        visit.id,
        [field.person.id],
        starts_at,
        source=AssignmentSource.OFFER,
        pay_cents=offer.pay_cents if terms is None else terms.pay_cents,
    )
    _win(session, offer, assignment.id, terms)
    close_all(session, field.visits, field.others(offer), OfferStatus.FILLED, events.OfferFilled)
    # Whoever took the offer has said yes: nobody dispatches it and asks again.
    scheduling.dispatch(session, visit.id)
    scheduling.move(session, visit.id, VisitStatus.ACCEPTED, technician_id=field.person.id)
    publish(session, events.OfferAccepted(assignment_id=assignment.id, **about(visit, offer)))
    return offer


def _check_taker(
    session: Session, visit: Visit, person: Technician, offer: Offer, ends_at: datetime
) -> None:
    """The locked technician may still take the visit; who is blocked is not told of it."""
    blocked = {*visit.excluded_technician_ids, *wishes_about(session, visit.customer_id).blocked}
    if not person.active or person.id in blocked:
        raise refusal(offer, OfferStatus.WITHDRAWN)
    held = valid_until(list_credentials(session, person.id))
    clearance = get_clearance(session, person.id)
    unproven = [kind for kind in visit.credentials if not _holds(held, kind, ends_at)]
    if unproven or not clearance.covers(ends_at):
        raise Conflict(
            clearance.sentence or f"There is no valid proof: {unproven[0]}.",
            code="taker_barred",
            because=clearance.code or "credential_missing",
        )
    unbound = without_consent(session, [person.id], now(session))
    if unbound and person.employment is Employment.FREELANCE:
        raise Conflict(
            "The present terms are not agreed to.", code="taker_barred", because="terms_missing"
        )


def _check_hours(
    session: Session, person: Technician, starts_at: datetime, ends_at: datetime
) -> None:
    """Several offers that each fit into the week may not all fit."""
    if person.max_week_hours is None:
        return
    zone = ZoneInfo(get(session, Territory, person.territory_id).time_zone)
    weeks = minutes_by_week(session, {person.id: zone}, starts_at, ends_at).get(person.id, {})
    taken = timedelta(minutes=weeks.get(week_of(starts_at, zone), 0))
    if taken + (ends_at - starts_at) > timedelta(hours=person.max_week_hours):
        raise Conflict(
            "This is more work than the hours a week that were agreed.",
            code="hours_full",
            max_week_hours=person.max_week_hours,
        )


def _holds(held: Mapping[str, datetime | None], kind: str, until: datetime) -> bool:
    return kind in held and ((ends := held[kind]) is None or ends >= until)


def _win(session: Session, offer: Offer, assignment_id: UUID, terms: Terms | None = None) -> None:
    # The deadline is decided by the database at the last moment, whatever was read before.
    agreed: dict[str, object] = {}
    if terms is not None:
        agreed = {
            **asdict(terms),
            # what is agreed anew is agreed whatever becomes of the job beside it
            "beside_visit_id": None,
            "apart_cents": 0,
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
        raise refusal(offer, OfferStatus.EXPIRED)
    session.refresh(offer)
