"""Reading why a visit is where it is: the optimizer's explanation of the schedule as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.queries import assignment_of, day_bounds
from dispatch.scheduling.explanations.standings import Standing, standing
from dispatch.scheduling.explanations.told import Told
from dispatch.scheduling.problems.shifts import fixed_id
from dispatch.territories.queries import list_territories
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit
from kernel import clock
from kernel.db import get
from kernel.errors import NotFound
from kernel.settings import settings
from optimizer.explain import best_of, compare, explain
from optimizer.explaining.facts import Comparison, Explanation

DAYS = 2
"""A visit that waits without a date is looked at for today and tomorrow."""
MOST_DAYS = 3


@dataclass(frozen=True)
class Asked:
    """An explanation with the schedule as it stands, which it is about."""

    job_id: str
    found: Explanation
    standing: Standing
    territories: Sequence[UUID] | None

    def territory_ids(self, session: Session) -> Sequence[UUID]:
        if self.territories is not None:
            return self.territories
        return [territory.id for territory in list_territories(session)]


def explained(session: Session, visit_id: UUID, compare_ids: Sequence[UUID] = ()) -> Told:
    """Why the visit is where it is; two people are compared, or one with who has it now."""
    asked = ask(session, visit_id, compare_ids)
    if asked is None:
        return Told(visit_id, None)
    return _told(visit_id, asked, _compared(asked.found, compare_ids))


def ask(session: Session, visit_id: UUID, technician_ids: Sequence[UUID] = ()) -> Asked | None:
    """None for a visit that no plan would look at. Raises NotFound for technicians unknown here."""
    visit = get_visit(session, visit_id)
    start, end = _horizon(session, visit)
    territories = None if visit.territory_id is None else [visit.territory_id]
    if start >= end:
        return None
    stands = standing(session, territories, start, end)
    people = {person.technician.id for person in stands.staff.people}
    for technician_id in technician_ids:
        if technician_id not in people:
            raise NotFound("technician", technician_id)
    job_id = _job_of(stands, visit_id)
    if job_id is None:
        return None
    found = explain(stands.built.problem, stands.plan, job_id, stands.spaces, stands.pieces)
    return Asked(job_id, found, stands, territories)


def _horizon(session: Session, visit: Visit) -> tuple[datetime, datetime]:
    """The day of the visit; of one that waits, its window, or what is left of two days."""
    now = clock.now(session)
    zone = get(session, Site, visit.site_id).time_zone
    row = assignment_of(session, visit.id)
    if row is not None:
        first, end = day_bounds(row.starts_at.astimezone(ZoneInfo(zone)).date(), zone)
        return max(first, now), end
    first = max(filter(None, (now, visit.window_start, visit.earliest_at)))
    day = first.astimezone(ZoneInfo(zone)).date()
    opening, _ = day_bounds(day, zone)
    last = visit.window_end or visit.due_at
    wanted = day + timedelta(days=DAYS - 1)
    if last is not None and last > first:
        wanted = last.astimezone(ZoneInfo(zone)).date()
    _, end = day_bounds(min(wanted, day + timedelta(days=MOST_DAYS - 1)), zone)
    return max(opening, now), end


def _job_of(stands: Standing, visit_id: UUID) -> str | None:
    if visit_id in stands.built.planned:
        return str(visit_id)
    stops = (stop for stops in stands.staff.stops.values() for stop in stops)
    own = [fixed_id(stop) for stop in stops if stop.visit.id == visit_id]
    return next((key for key in own if key in stands.built.problem.job_by_id), None)


def _compared(found: Explanation, technician_ids: Sequence[UUID]) -> Comparison | None:
    known = [str(key) for key in technician_ids]
    if not known or any(best_of(found, key) is None for key in known):
        return None
    return compare(found, *known[:2])


def _told(visit_id: UUID, asked: Asked, comparison: Comparison | None) -> Told:
    stands = asked.standing
    built, staff, demand = stands.built, stands.staff, stands.demand
    people = {str(person.technician.id): person.technician for person in staff.people}
    names = {key: person.name for key, person in people.items()}
    names |= {shift.id: names[shift.technician_id] for shift in built.problem.shifts}
    visits = {str(item.visit.id): (item.visit.id, item.work_order.number) for item in demand.visits}
    visits |= {
        fixed_id(stop): (stop.visit.id, visits.get(str(stop.visit.id), (None, ""))[1])
        for stops in staff.stops.values()
        for stop in stops
    }
    currencies = [person.currency for person in people.values()]
    return Told(
        visit_id,
        asked.found,
        comparison,
        start=built.epoch.time(0),
        currency=next(iter(currencies), settings().currency),
        names=names,
        technician_of={shift.id: UUID(shift.technician_id) for shift in built.problem.shifts},
        visits=visits,
    )
