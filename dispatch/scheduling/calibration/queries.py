"""Reading the trips that were driven."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.geo import Point

SAME_DAY = timedelta(hours=6)
"""After a longer gap a technician comes from home, not from the visit before."""


@dataclass(frozen=True)
class Driven:
    """One trip from where a technician came from to a visit's site."""

    territory_id: UUID | None
    origin: Point
    target: Point
    left_at: datetime
    arrived_at: datetime

    @property
    def seconds(self) -> float:
        return (self.arrived_at - self.left_at).total_seconds()


@dataclass(frozen=True)
class _Arrival:
    technician_id: UUID
    home: Point
    territory_id: UUID | None
    place: Point
    left_at: datetime
    arrived_at: datetime
    finished_at: datetime | None


def trips_since(session: Session, since: datetime) -> list[Driven]:
    """Every recorded trip of one technician, in order of technician and time."""
    rows = session.execute(
        select(Visit, Assignment.technician_id, Technician, Site)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .join(Technician, Technician.id == Assignment.technician_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Visit.on_site_at >= since,
            Visit.en_route_at.is_not(None),
            Assignment.status.in_([AssignmentStatus.ACTIVE, AssignmentStatus.DONE]),
        )
        .order_by(Assignment.technician_id, Visit.on_site_at)
    )
    arrivals = [
        _Arrival(
            technician_id,
            Point(technician.latitude, technician.longitude),
            visit.territory_id,
            Point(site.latitude, site.longitude),
            visit.en_route_at,
            visit.on_site_at,
            visit.finished_at,
        )
        for visit, technician_id, technician, site in rows
        if visit.en_route_at is not None and visit.on_site_at is not None
    ]
    return list(_trips(arrivals))


def _trips(arrivals: list[_Arrival]) -> Iterator[Driven]:
    for before, here in pairwise([None, *arrivals]):
        if here is None:
            continue
        origin = here.home
        if (
            before is not None
            and before.technician_id == here.technician_id
            and before.finished_at is not None
            and before.finished_at <= here.left_at < before.finished_at + SAME_DAY
        ):
            origin = before.place
        yield Driven(here.territory_id, origin, here.place, here.left_at, here.arrived_at)
