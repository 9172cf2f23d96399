"""Reads of a technician's own visits with everything a phone needs without a network."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Customer, Site
from dispatch.parts.depots.models import Depot
from dispatch.parts.models import Part
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import RUNNING_VISITS, ReservationStatus
from dispatch.work_orders.models import PartReservation, Visit, WorkOrder, WorkType
from iot_ingest.remedies.models import Remedy
from iot_ingest.remedies.queries import list_carried_out
from kernel.db import get
from kernel.errors import NotFound

MINE = (AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE, AssignmentStatus.DONE)
"""A held slot is nobody's visit yet, and an ended assignment is nobody's any more."""


@dataclass(frozen=True)
class Job:
    """A visit as its technician needs it."""

    visit: Visit
    assignment: Assignment
    order: WorkOrder
    work_type: WorkType
    site: Site
    customer: Customer
    asset: Asset | None
    booking: Booking | None
    depot: Depot | None
    parts: Sequence[tuple[PartReservation, Part]]
    remedies: Sequence[Remedy]

    @property
    def is_open_to_technician(self) -> bool:
        """Is the technician still the one who must get in?"""
        return self.assignment.status in (AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE)


def get_technician(session: Session, technician_id: UUID) -> Technician:
    return get(session, Technician, technician_id)


def get_territory(session: Session, technician: Technician) -> Territory:
    return get(session, Territory, technician.territory_id)


def get_own_visit(session: Session, technician_id: UUID, visit_id: UUID) -> Visit:
    """The visit, or NotFound unless it is assigned to the technician now."""
    visit = session.scalar(
        select(Visit)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .where(
            Visit.id == visit_id,
            Assignment.technician_id == technician_id,
            Assignment.status.in_(MINE),
        )
    )
    if visit is None:
        raise NotFound("visit", visit_id)
    return visit


def get_job(session: Session, technician_id: UUID, visit_id: UUID) -> Job:
    """The technician's own visit with everything around it; NotFound for anybody else's."""
    jobs = _list_jobs(session, technician_id, Visit.id == visit_id)
    if not jobs:
        raise NotFound("visit", visit_id)
    return jobs[0]


def list_day(
    session: Session, technician_id: UUID, start: datetime, end: datetime, now: datetime
) -> list[Job]:
    """What is planned or was done in `[start, end)`, and what is still running from before."""
    planned = and_(Assignment.starts_at >= start, Assignment.starts_at < end)
    if start <= now < end:
        return _list_jobs(session, technician_id, or_(planned, Visit.status.in_(RUNNING_VISITS)))
    return _list_jobs(session, technician_id, planned)


def list_existing_visits(session: Session, visit_ids: Sequence[UUID]) -> list[UUID]:
    return list(session.scalars(select(Visit.id).where(Visit.id.in_(visit_ids))))


def _list_jobs(session: Session, technician_id: UUID, which: ColumnElement[bool]) -> list[Job]:
    rows = session.execute(
        select(Visit, Assignment, WorkOrder, WorkType, Site, Customer, Asset, Booking, Depot)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .join(Site, Site.id == Visit.site_id)
        .join(Customer, Customer.id == Visit.customer_id)
        .outerjoin(Asset, Asset.id == WorkOrder.asset_id)
        .outerjoin(
            Booking,
            and_(Booking.visit_id == Visit.id, Booking.status != BookingStatus.CANCELLED),
        )
        .outerjoin(Depot, Depot.id == Assignment.depot_id)
        .where(Assignment.technician_id == technician_id, Assignment.status.in_(MINE), which)
        # An older booking of the same visit comes first and is overwritten below.
        .order_by(Assignment.starts_at, Visit.id, Booking.id.nulls_first())
    ).all()
    orders = {row.WorkOrder.id for row in rows}
    parts, remedies = _parts_of(session, orders), list_carried_out(session, orders)
    jobs = {
        row.Visit.id: Job(
            *row, parts=parts[row.WorkOrder.id], remedies=remedies.get(row.WorkOrder.id, [])
        )
        for row in rows
    }
    return list(jobs.values())


def _parts_of(
    session: Session, order_ids: Collection[UUID]
) -> dict[UUID, list[tuple[PartReservation, Part]]]:
    found: dict[UUID, list[tuple[PartReservation, Part]]] = defaultdict(list)
    for reservation, part in session.execute(
        select(PartReservation, Part)
        .join(Part, Part.id == PartReservation.part_id)
        .where(
            PartReservation.work_order_id.in_(order_ids),
            PartReservation.status != ReservationStatus.RELEASED,
        )
        .order_by(Part.number)
    ):
        found[reservation.work_order_id].append((reservation, part))
    return found
