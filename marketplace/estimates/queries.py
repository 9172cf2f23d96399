"""Reading what freelancers did with offers, whether they came, and what was learned from it."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentSource, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import among
from marketplace.crowd.matching import LONGEST_LIFETIME, rate_for
from marketplace.estimates.features import Ask
from marketplace.estimates.learning import Case
from marketplace.estimates.models import LearnedChance
from marketplace.offers.lifecycle import UNANSWERED, OfferStatus
from marketplace.offers.models import Offer
from marketplace.rate_cards.queries import cards_in_force

LOOKED_BACK, MINUTE = timedelta(days=180), timedelta(minutes=1)
_BROKEN = (AssignmentStatus.BACKED_OUT, AssignmentStatus.TECHNICIAN_NO_SHOW)


def list_answers(session: Session, now: datetime) -> list[Case]:
    """Offers that came to an end by their own: a yes, a no, or silence."""
    statement = _asks(Offer.status == OfferStatus.ACCEPTED).where(
        Offer.status.in_([OfferStatus.ACCEPTED, *UNANSWERED]),
        Offer.created_at >= now - LOOKED_BACK,
    )
    return list(_cases(session, statement, now))


def list_visits_of_offers(session: Session, now: datetime) -> list[Case]:
    """Accepted offers that were done or broken."""
    statement = (
        _asks(Assignment.status == AssignmentStatus.DONE)
        .join(Assignment, Assignment.id == Offer.assignment_id)
        .where(
            Assignment.source == AssignmentSource.OFFER,
            Assignment.status.in_([AssignmentStatus.DONE, *_BROKEN]),
            Assignment.starts_at >= now - LOOKED_BACK,
        )
    )
    return list(_cases(session, statement, now))


def _asks(came_off: ColumnElement[bool]) -> Select[Any]:
    times = func.row_number().over(
        partition_by=(Offer.visit_id, Offer.technician_id), order_by=Offer.id
    )
    return (
        select(Offer, Technician.hourly_cents, Visit.skills, Site.time_zone, times, came_off)
        .join(Technician, Technician.id == Offer.technician_id)
        .join(Visit, Visit.id == Offer.visit_id)
        .join(Site, Site.id == Visit.site_id)
    )


def _cases(session: Session, statement: Select[Any], now: datetime) -> Iterator[Case]:
    rows = session.execute(statement).all()
    cards = cards_in_force(session, {offer.technician_id for offer, *_ in rows})
    for offer, hourly_cents, skills, time_zone, times, came_off in rows:
        card = cards.get(offer.technician_id)
        skill_cents = card.skill_cents if card else {}
        zone = ZoneInfo(time_zone)
        ask = Ask(
            technician_id=offer.technician_id,
            pay_cents=offer.pay_cents,
            hourly_cents=rate_for(hourly_cents, skill_cents, [need["skill"] for need in skills]),
            travel_seconds=offer.whole_way_seconds // 2,
            minutes=offer.expected_minutes,
            asked_at=offer.created_at.astimezone(zone),
            starts_at=offer.starts_at.astimezone(zone),
            life=offer.expires_at - offer.created_at,
            asked_again=times > 1,
            is_beside=offer.beside_visit_id is not None,
        )
        yield Case(ask, came_off, (now - offer.created_at) / timedelta(days=1))


def list_yes_times(session: Session, now: datetime) -> list[tuple[float, float]]:
    """How long those who said yes took to say it, and how long they could have: minutes. Offers
    that stood over a night tell of sleep and are left out."""
    rows = session.execute(
        select(Offer.created_at, Offer.answered_at, Offer.expires_at).where(
            Offer.status == OfferStatus.ACCEPTED,
            Offer.answered_at.is_not(None),
            Offer.created_at >= now - LOOKED_BACK,
            Offer.expires_at - Offer.created_at <= LONGEST_LIFETIME,
        )
    )
    return [
        ((answered - asked) / MINUTE, (expires - asked) / MINUTE)
        for asked, answered, expires in rows
        if answered
    ]


def list_learned(session: Session, technician_ids: Collection[UUID] | None) -> list[LearnedChance]:
    """Of all people together, and of these (None: of each)."""
    statement = select(LearnedChance)
    if technician_ids is not None:
        mine = LearnedChance.technician_id
        statement = statement.where(mine.is_(None) | mine.in_(technician_ids))
    return list(session.scalars(statement))


def list_most_urgent(session: Session, visit_ids: Collection[UUID], most: int) -> list[Visit]:
    """At most so many of these visits, the most urgent first."""
    statement = select(Visit).where(among(Visit.id, visit_ids))
    return list(session.scalars(statement.order_by(Visit.priority.desc(), Visit.id).limit(most)))


def sites_by_id(session: Session, site_ids: Collection[UUID]) -> dict[UUID, Site]:
    return {site.id: site for site in session.scalars(select(Site).where(Site.id.in_(site_ids)))}
