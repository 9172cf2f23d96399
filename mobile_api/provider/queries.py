"""Reads what belongs to one provider; everything else is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.technicians.clearance.rules import Clearance
from dispatch.technicians.models import Credential, Technician
from dispatch.technicians.queries import list_for_planning
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel.clock import now
from kernel.errors import NotFound
from marketplace.offers.lifecycle import OPEN
from marketplace.offers.models import Offer


@dataclass(frozen=True)
class Own:
    """One of the provider's people, with proofs and whether work may be given."""

    technician: Technician
    credentials: list[Credential]
    clearance: Clearance


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


def list_own(session: Session, provider_id: UUID) -> list[Own]:
    """The provider's active people, by name."""
    at = now(session)
    ids = session.scalars(ids_of(provider_id)).all()
    known = list_for_planning(session, None, at, at, technician_ids=ids)
    known.sort(key=lambda one: (one.technician.name, one.technician.id))
    return [Own(one.technician, one.credentials, one.clearance) for one in known]


def list_jobs(session: Session, provider_id: UUID, start: datetime, end: datetime) -> list[OwnJob]:
    """What the provider's people do in `[start, end)`, in order of time."""
    rows = session.execute(
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
    return [OwnJob(row, visit, kind, site) for row, visit, kind, site in rows]


def list_open_offers(session: Session, provider_id: UUID) -> Sequence[Offer]:
    return session.scalars(
        select(Offer)
        .where(Offer.technician_id.in_(ids_of(provider_id)), Offer.status.in_(OPEN))
        .order_by(Offer.expires_at, Offer.id)
    ).all()


def get_own_offer(session: Session, provider_id: UUID, offer_id: UUID) -> Offer:
    """NotFound when it was made to nobody of the provider's."""
    offer = session.scalar(
        select(Offer).where(Offer.id == offer_id, Offer.technician_id.in_(ids_of(provider_id)))
    )
    if offer is None:
        raise NotFound("offer", offer_id)
    return offer
