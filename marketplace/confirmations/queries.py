"""Reads of confirmations, and of the visits that need one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentSource, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import PLANNED_VISITS
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.errors import NotFound
from marketplace.confirmations.lifecycle import OPEN, ConfirmationStatus
from marketplace.confirmations.models import Confirmation

AHEAD = timedelta(hours=36)


@dataclass(frozen=True)
class Agreed:
    """A visit that a freelancer has agreed to, in whose local time."""

    assignment: Assignment
    visit: Visit
    zone: ZoneInfo


def list_unasked(session: Session, now: datetime) -> list[Agreed]:
    """What freelancers agreed to for the next day and a half, and were not asked about again."""
    asked = select(Confirmation.id).where(Confirmation.assignment_id == Assignment.id)
    rows = session.execute(
        select(Assignment, Visit, Territory.time_zone)
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Technician, Technician.id == Assignment.technician_id)
        .join(Territory, Territory.id == Technician.territory_id)
        .where(
            Assignment.source == AssignmentSource.OFFER,
            Assignment.status == AssignmentStatus.CONFIRMED,
            Assignment.starts_at > now,
            Assignment.starts_at < now + AHEAD,
            Visit.status.in_(PLANNED_VISITS),
            ~asked.exists(),
        )
        .order_by(Assignment.id)
    )
    return [Agreed(row, visit, ZoneInfo(zone)) for row, visit, zone in rows]


def get_of_technician(session: Session, confirmation_id: UUID, technician_id: UUID) -> Confirmation:
    """NotFound also when somebody else was asked."""
    found = session.scalar(
        select(Confirmation).where(
            Confirmation.id == confirmation_id, Confirmation.technician_id == technician_id
        )
    )
    if found is None:
        raise NotFound("confirmation", confirmation_id)
    return found


def list_due(session: Session, now: datetime) -> list[Confirmation]:
    """Open ones whose time to answer is over, or whose visit went another way."""
    return list(
        session.scalars(
            select(Confirmation)
            .join(Assignment, Assignment.id == Confirmation.assignment_id)
            .where(
                Confirmation.status.in_(OPEN),
                (Confirmation.answer_by <= now) | (Assignment.status != AssignmentStatus.CONFIRMED),
            )
            .order_by(Confirmation.id)
        )
    )


def list_open_of(
    session: Session, technician_id: UUID
) -> list[tuple[Confirmation, Assignment, WorkOrder, Site]]:
    """What this person still has to answer, the next visit first."""
    rows = session.execute(
        select(Confirmation, Assignment, WorkOrder, Site)
        .join(Assignment, Assignment.id == Confirmation.assignment_id)
        .join(Visit, Visit.id == Confirmation.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Confirmation.technician_id == technician_id,
            Confirmation.status.in_(OPEN),
            Assignment.status == AssignmentStatus.CONFIRMED,
        )
        .order_by(Assignment.starts_at)
    )
    return [(asked, row, order, site) for asked, row, order, site in rows]


def territory_of(session: Session, visit_id: UUID) -> UUID | None:
    return session.scalar(select(Visit.territory_id).where(Visit.id == visit_id))


def select_confirmations(status: ConfirmationStatus | None = None) -> Select[Confirmation]:
    """The office's list, to be paginated by id."""
    statement = select(Confirmation)
    if status is not None:
        statement = statement.where(Confirmation.status == status)
    return statement
