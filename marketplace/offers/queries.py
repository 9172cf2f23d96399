"""Reads of offers and of what deciding about them needs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, any_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import OCCUPYING, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.board.ports import OpenOffer
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel.db import among
from kernel.errors import NotFound
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer

OfferRow = tuple[Offer, Visit, WorkOrder, WorkType, Site]


class Seen(NamedTuple):
    """What one look at an offer tells, before anything is locked."""

    visit_id: UUID
    bundle_id: UUID | None
    status: OfferStatus


def get_of_technician(session: Session, offer_id: UUID, technician_id: UUID) -> Offer:
    """The offer, or NotFound when there is none or it was made to somebody else."""
    offer = session.scalar(
        select(Offer).where(Offer.id == offer_id, Offer.technician_id == technician_id)
    )
    if offer is None:
        raise NotFound("offer", offer_id)
    return offer


_LOOK = select(Offer.visit_id, Offer.bundle_id, Offer.status).where(
    Offer.id == bindparam("offer_id"), Offer.technician_id == bindparam("technician_id")
)


def look_at(session: Session, offer_id: UUID, technician_id: UUID) -> Seen:
    """How the offer stands; NotFound as `get_of_technician`. It is all that a loser costs."""
    row = session.execute(
        _LOOK, {"offer_id": offer_id, "technician_id": technician_id}
    ).one_or_none()
    if row is None:
        raise NotFound("offer", offer_id)
    return Seen(*row)


def lock_contested(
    session: Session, offer_ids: Collection[UUID], visit_ids: Collection[UUID]
) -> list[Offer]:
    """These offers and whatever else is open for the visits, locked in id order."""
    return list(
        session.scalars(
            select(Offer)
            .where(
                or_(
                    among(Offer.id, offer_ids),
                    among(Offer.visit_id, visit_ids) & Offer.status.in_(OPEN),
                )
            )
            .order_by(Offer.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def list_open_ids(session: Session, visit_id: UUID) -> list[UUID]:
    return list(
        session.scalars(select(Offer.id).where(Offer.visit_id == visit_id, Offer.status.in_(OPEN)))
    )


def list_open_visits_of(
    session: Session,
    technician_id: UUID,
    customer_id: UUID | None = None,
    needing: str | None = None,
) -> list[UUID]:
    """Visits that a technician holds an open offer for, in id order; of one customer and needing
    a kind of credential where given."""
    statement = (
        select(Offer.visit_id)
        .join(Visit, Visit.id == Offer.visit_id)
        .where(Offer.technician_id == technician_id, Offer.status.in_(OPEN))
        .order_by(Offer.visit_id)
    )
    if customer_id is not None:
        statement = statement.where(Visit.customer_id == customer_id)
    if needing is not None:
        statement = statement.where(literal(needing) == any_(Visit.credentials))
    return list(session.scalars(statement))


def list_open_of(session: Session, technician_id: UUID, visit_ids: Collection[UUID]) -> list[Offer]:
    return list(
        session.scalars(
            select(Offer).where(
                Offer.technician_id == technician_id,
                Offer.visit_id.in_(visit_ids),
                Offer.status.in_(OPEN),
            )
        )
    )


def list_of_visit(session: Session, visit_id: UUID) -> list[Offer]:
    """Every offer ever made for the visit, oldest first."""
    return list(session.scalars(select(Offer).where(Offer.visit_id == visit_id).order_by(Offer.id)))


def list_of_bundle(session: Session, bundle_id: UUID, technician_id: UUID) -> list[Offer]:
    """This person's offers of a bundle, in the order of the route."""
    return list(
        session.scalars(
            select(Offer)
            .where(Offer.bundle_id == bundle_id, Offer.technician_id == technician_id)
            .order_by(Offer.starts_at)
        )
    )


def list_overtaken(session: Session) -> list[UUID]:
    """Visits that wait for nobody any more and still have open offers, in id order."""
    return list(
        session.scalars(
            select(Offer.visit_id)
            .join(Visit, Visit.id == Offer.visit_id)
            .where(Offer.status.in_(OPEN), Visit.status != VisitStatus.UNSCHEDULED)
            .distinct()
            .order_by(Offer.visit_id)
        )
    )


def list_overdue(session: Session, limit: int) -> list[Offer]:
    """Open offers whose time has run out, locked; those in somebody's hands are left out."""
    return list(
        session.scalars(
            select(Offer)
            .where(
                Offer.status.in_(OPEN),
                Offer.expires_at <= select(func.app_now()).scalar_subquery(),
            )
            .order_by(Offer.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def visits_by_id(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, Visit]:
    rows = session.scalars(select(Visit).where(among(Visit.id, visit_ids)))
    return {visit.id: visit for visit in rows}


def select_offers(status: OfferStatus | None = None, visit_id: UUID | None = None) -> Select[Offer]:
    """The office's list, to be paginated by id."""
    statement = select(Offer)
    if status is not None:
        statement = statement.where(Offer.status == status)
    if visit_id is not None:
        statement = statement.where(Offer.visit_id == visit_id)
    return statement


def list_of_technicians(
    session: Session, technician_ids: Collection[UUID], since: datetime
) -> list[OfferRow]:
    """Their open offers, and those that ended after `since`; newest first."""
    rows = session.execute(
        select(Offer, Visit, WorkOrder, WorkType, Site)
        .join(Visit, Visit.id == Offer.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            among(Offer.technician_id, technician_ids),
            or_(Offer.status.in_(OPEN), Offer.updated_at >= since),
        )
        .order_by(Offer.created_at.desc(), Offer.id.desc())
        .limit(100)
    )
    return [(offer, visit, order, kind, site) for offer, visit, order, kind, site in rows]


def starts_of_asked(session: Session, territory_id: UUID) -> dict[UUID, datetime]:
    """The scheduling's `CrowdAsked`: visits that freelancers hold open offers for."""
    rows = session.execute(
        select(Offer.visit_id, func.min(Offer.starts_at))
        .join(Visit, Visit.id == Offer.visit_id)
        .join(Technician, Technician.id == Offer.technician_id)
        .where(
            Visit.territory_id == territory_id,
            Offer.status.in_(OPEN),
            Technician.employment == Employment.FREELANCE,
        )
        .group_by(Offer.visit_id)
    )
    return dict(rows.all())


def list_for_board(
    session: Session, territory_id: UUID, start: datetime, end: datetime
) -> list[OpenOffer]:
    """The board's `OpenOffers`: proposals for a territory's visits between two moments."""
    rows = session.scalars(
        select(Offer)
        .join(Visit, Visit.id == Offer.visit_id)
        .where(
            Visit.territory_id == territory_id,
            Offer.status.in_(OPEN),
            Offer.starts_at < end,
            Offer.ends_at > start,
        )
        .order_by(Offer.starts_at, Offer.id)
    )
    return [
        OpenOffer(
            id=row.id,
            visit_id=row.visit_id,
            technician_id=row.technician_id,
            status=row.status,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def backed_out_by_visit(
    session: Session, visit_ids: Collection[UUID]
) -> defaultdict[UUID, set[UUID]]:
    """Who gave each visit back or did not show up, and is not asked again."""
    rows = session.execute(
        select(Assignment.visit_id, Assignment.technician_id).where(
            Assignment.visit_id.in_(visit_ids),
            Assignment.status.in_(
                (AssignmentStatus.BACKED_OUT, AssignmentStatus.TECHNICIAN_NO_SHOW)
            ),
        )
    )
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for visit_id, technician_id in rows:
        found[visit_id].add(technician_id)
    return found


def is_standing(session: Session, offer: Offer) -> bool:
    """Does the assignment that the offer became still hold?"""
    return (
        session.scalar(
            select(Assignment.id).where(
                Assignment.id == offer.assignment_id, Assignment.status.in_(OCCUPYING)
            )
        )
        is not None
    )
