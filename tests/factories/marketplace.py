"""Freelancers and offers for tests."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from dispatch.on_call.models import Rota
from dispatch.on_call.service import create_rota
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.models import Visit
from kernel import clock
from marketplace.confirmations.models import Confirmation
from marketplace.counter_offers.models import CounterOffer
from marketplace.offers.lifecycle import OfferKind, OfferStatus
from marketplace.offers.models import Bundle, Offer
from marketplace.pay_changes.lifecycle import Side
from marketplace.stand_bys.models import StandBy, StandByOffer
from tests.factories.technicians import make_technician
from tests.factories.work_orders import make_visit


def make_freelancer(
    session: Session, territory: Territory | None = None, **over: Any
) -> Technician:
    """A freelancer in central Berlin who can repair boilers."""
    over.setdefault("skills", {"boiler": 3})
    return make_technician(session, territory, employment=Employment.FREELANCE, **over)


def make_offer(
    session: Session,
    visit: Visit | None = None,
    technician: Technician | None = None,
    *,
    starts_at: datetime | None = None,
    **over: Any,
) -> Offer:
    """An open offer for an hour's work in two hours that can be answered for thirty minutes."""
    offer = build_offer(session, visit, technician, starts_at=starts_at, **over)
    session.add(offer)
    session.flush()
    return offer


def build_offer(
    session: Session,
    visit: Visit | None = None,
    technician: Technician | None = None,
    *,
    starts_at: datetime | None = None,
    **over: Any,
) -> Offer:
    """As `make_offer`, not yet in the session."""
    at = clock.now(session)
    visit_id = (visit or make_visit(session)).id
    technician_id = (technician or make_freelancer(session)).id
    over = {"expires_at": at + timedelta(minutes=30), **over}
    start = starts_at or at + timedelta(hours=2)
    return Offer(**offer_values(visit_id, technician_id, start, **over))


def offer_values(
    visit_id: UUID, technician_id: UUID, starts_at: datetime, **over: Any
) -> dict[str, Any]:
    """An everyday offer of an hour, but for when it expires."""
    return {
        "visit_id": visit_id,
        "technician_id": technician_id,
        "status": OfferStatus.SENT,
        "pay_cents": 6000,
        "currency": "EUR",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "travel_seconds": 600,
        "expected_minutes": 60,
        "asked_count": 1,
        "wave": 1,
        **over,
    }


def make_stand_by(session: Session, technician: Technician, **over: Any) -> StandByOffer:
    """Duty of four hours from tomorrow evening on that somebody is asked to have."""
    at = clock.now(session)
    rota = make_rota(session, technician) if "rota_id" not in over else None
    values: dict[str, Any] = {
        "starts_at": at + timedelta(days=1),
        "ends_at": at + timedelta(days=1, hours=4),
        "answer_by": at + timedelta(hours=12),
        "pay_cents": 4000,
        "currency": "EUR",
    }
    if rota is not None:
        values["rota_id"] = rota.id
    stand_by = StandBy(**{**values, **over})
    session.add(stand_by)
    session.flush()
    offer = StandByOffer(stand_by_id=stand_by.id, technician_id=technician.id)
    session.add(offer)
    session.flush()
    return offer


def make_rota(session: Session, member: Technician, **over: Any) -> Rota:
    """Turns of a week for the territory of its one member."""
    values: dict[str, Any] = {
        "name": f"Night {uuid4()}",
        "territory_id": member.territory_id,
        "member_ids": [member.id],
        "starts_on": date(2026, 1, 5),
        "weekday": 0,
    }
    return create_rota(session, **{**values, **over})


def make_counter(session: Session, technician: Technician, **over: Any) -> CounterOffer:
    """The office's other terms for an offer to this person."""
    offer = make_offer(session, technician=technician, status=OfferStatus.COUNTERED)
    values: dict[str, Any] = {
        "offer_id": offer.id,
        "side": Side.OFFICE,
        "pay_cents": 6500,
        "starts_at": offer.starts_at,
    }
    counter = CounterOffer(**{**values, **over})
    session.add(counter)
    session.flush()
    return counter


def make_confirmation(session: Session, visit: Visit, **over: Any) -> Confirmation:
    """Whoever has the visit is asked whether to come, and has an hour to answer."""
    [assignment] = assignments_of(session, visit.id)
    values: dict[str, Any] = {
        "assignment_id": assignment.id,
        "visit_id": visit.id,
        "technician_id": assignment.technician_id,
        "answer_by": clock.now(session) + timedelta(hours=1),
    }
    confirmation = Confirmation(**{**values, **over})
    session.add(confirmation)
    session.flush()
    return confirmation


def make_bundle(session: Session, technician: Technician) -> Bundle:
    """Two jobs, one after the other, offered to this person together."""
    visits = [make_visit(session) for _ in range(2)]
    bundle = Bundle(visit_ids=sorted(visit.id for visit in visits))
    session.add(bundle)
    session.flush()
    for number, visit in enumerate(visits):
        start = clock.now(session) + timedelta(hours=2 + 2 * number)
        make_offer(
            session,
            visit,
            technician,
            starts_at=start,
            kind=OfferKind.BUNDLE,
            bundle_id=bundle.id,
        )
    return bundle
