"""Reading everything that the rules look at."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.queries import find_confirmed
from dispatch.scheduling.checks.rules import Proposal
from dispatch.scheduling.pins.queries import pins_of
from dispatch.scheduling.trips.queries import shift_starts_of, stops_of
from dispatch.scheduling.trips.routes import Stop, legs
from dispatch.technicians.models import Technician
from dispatch.technicians.queries import (
    TechnicianForPlanning,
    list_for_planning,
    list_skills,
)
from dispatch.travel.times import travel_times
from dispatch.work_orders.models import Visit
from kernel.db import get
from kernel.errors import NotFound
from kernel.geo import Point

AROUND = timedelta(hours=36)


def work_time(session: Session, visit: Visit, technician: Technician) -> timedelta:
    """How long this technician needs, rounded up to the second."""
    skills = [] if visit.pace_skill is None else list_skills(session, technician.id)
    person = TechnicianForPlanning(technician, skills)
    return person.work_time(visit.duration_minutes, visit.pace_skill)


def get_technician_for_planning(
    session: Session, technician_id: UUID, at: datetime
) -> TechnicianForPlanning:
    """An active technician with what is known around `at`."""
    found = list_for_planning(
        session, None, at - AROUND, at + AROUND, technician_ids=[technician_id]
    )
    if not found:
        raise NotFound("technician", technician_id)
    return found[0]


def propose(
    session: Session,
    visit: Visit,
    technician_id: UUID,
    starts_at: datetime,
    crew: Collection[UUID] = (),
) -> Proposal:
    """The proposal to send this technician to the visit then, in place of who has it now."""
    site = get(session, Site, visit.site_id)
    person = get_technician_for_planning(session, technician_id, starts_at)
    technician = person.technician
    ends_at = starts_at + person.work_time(visit.duration_minutes, visit.pace_skill)
    place = Point(site.latitude, site.longitude)
    here = Stop(visit.id, starts_at, ends_at, place)
    start, end = starts_at - AROUND, ends_at + AROUND
    known = stops_of(session, [technician_id], start, end)[technician_id]
    others = [stop for _, stop in known if stop.visit_id != visit.id]
    home = Point(technician.latitude, technician.longitude)
    shifts = shift_starts_of(session, [technician_id], start, end)[technician_id]
    trips = legs(home, shifts, [*others, here])
    number = next(n for n, leg in enumerate(trips) if leg.stop is here)
    return Proposal(
        visit=visit,
        technician=person,
        zone=ZoneInfo(site.time_zone),
        starts_at=starts_at,
        ends_at=ends_at,
        leg=trips[number],
        next_leg=trips[number + 1] if number + 1 < len(trips) else None,
        home_seconds=travel_times().between(home, place),
        reach_seconds=travel_times().reach_seconds(technician.max_travel_km, home),
        others=tuple(others),
        booking=find_confirmed(session, visit.id),
        pins=tuple(pins_of(session, visit.id)),
        crew=frozenset(crew) | {technician_id},
    )
