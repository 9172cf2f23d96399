"""Reads what belongs to one provider; everything else is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel.clock import now
from kernel.errors import NotFound
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer
from marketplace.offers.queries import OfferRow, list_of_technicians
from marketplace.onboarding.lifecycle import OnboardingStatus
from marketplace.onboarding.queries import CrowdPerson, list_crowd
from marketplace.payouts.models import Payout
from mobile_api.earnings.queries import SHOWN

JOINING = frozenset(
    {OnboardingStatus.JOINED, OnboardingStatus.SUBMITTED, OnboardingStatus.SENT_BACK}
)
LOOK_BACK = timedelta(days=60)
"""Who accepts longer ahead finds the job among the jobs."""


@dataclass(frozen=True)
class OwnJob:
    """A job that one of the provider's people has."""

    row: Assignment
    visit: Visit
    work_type: WorkType
    site: Site


def require_own(session: Session, provider_id: UUID, technician_id: UUID) -> UUID:
    """The technician's id; NotFound when it is nobody of the provider's."""
    found = session.get(Technician, technician_id)
    if found is None or found.provider_id != provider_id:
        raise NotFound("technician", technician_id)
    return technician_id


def ids_of(provider_id: UUID) -> Select[UUID]:
    return select(Technician.id).where(Technician.provider_id == provider_id)


def list_own(session: Session, provider_id: UUID) -> list[CrowdPerson]:
    """The provider's people who work or are joining, by name."""
    people = session.scalars(
        select(Technician)
        .where(Technician.provider_id == provider_id)
        .order_by(Technician.name, Technician.id)
    ).all()
    return [
        one
        for one in list_crowd(session, people)
        if one.technician.active or (one.onboarding and one.onboarding.status in JOINING)
    ]


def list_jobs(
    session: Session,
    provider_id: UUID,
    start: datetime,
    end: datetime,
    technician_id: UUID | None = None,
) -> list[OwnJob]:
    """What the provider's people, or one of them, do in `[start, end)`, in order of time."""
    statement = (
        select(Assignment, Visit, WorkType, Site)
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Assignment.technician_id.in_(ids_of(provider_id)),
            occupying(),
            Assignment.starts_at < end,
            Assignment.ends_at > start,
        )
        .order_by(Assignment.starts_at, Assignment.id)
        .limit(500)
    )
    if technician_id is not None:
        statement = statement.where(Assignment.technician_id == technician_id)
    rows = session.execute(statement)
    return [OwnJob(row, visit, kind, site) for row, visit, kind, site in rows]


def list_own_offers(session: Session, provider_id: UUID) -> list[OfferRow]:
    """Open offers to the provider's people, and accepted ones of work that lies ahead; the first
    to end first."""
    at, ids = now(session), session.scalars(ids_of(provider_id)).all()
    rows = [
        row
        for row in list_of_technicians(session, ids, at - LOOK_BACK)
        if row[0].status in OPEN or (row[0].status is OfferStatus.ACCEPTED and row[0].ends_at > at)
    ]
    return sorted(rows, key=lambda row: (row[0].expires_at, row[0].id))


def get_own_offer(session: Session, provider_id: UUID, offer_id: UUID) -> Offer:
    """NotFound when it was made to nobody of the provider's."""
    offer = session.scalar(
        select(Offer).where(Offer.id == offer_id, Offer.technician_id.in_(ids_of(provider_id)))
    )
    if offer is None:
        raise NotFound("offer", offer_id)
    return offer


def get_holder_of_bundle(session: Session, provider_id: UUID, bundle_id: UUID) -> UUID:
    """Who of the provider's people is asked; NotFound when it is nobody of theirs."""
    found = session.scalar(
        select(Offer.technician_id)
        .where(Offer.bundle_id == bundle_id, Offer.technician_id.in_(ids_of(provider_id)))
        .limit(1)
    )
    if found is None:
        raise NotFound("bundle", bundle_id)
    return found


def list_payouts(session: Session, provider_id: UUID) -> Sequence[Payout]:
    """What the provider is paid for its people; newest first."""
    return session.scalars(
        select(Payout).where(Payout.payee_id == provider_id).order_by(Payout.id.desc()).limit(SHOWN)
    ).all()
