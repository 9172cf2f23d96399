"""What a cut looks at, taken from what a plan reads."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from dispatch.scheduling.cuts.cutting import Person, Wanted
from dispatch.scheduling.problems.queries import Demand, StaffDay
from dispatch.scheduling.problems.shifts import LANGUAGE
from dispatch.technicians.lifecycle import CredentialStatus
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.work_orders.queries import OpenVisit
from kernel.geo import Point


def people_of(staff: StaffDay, start: datetime) -> list[Person]:
    """Those with a shift or with visits in the time of the plan."""
    return [
        _person(person, start)
        for person in staff.people
        if person.shifts or staff.stops.get(person.technician.id)
    ]


def _person(person: TechnicianForPlanning, start: datetime) -> Person:
    technician = person.technician
    valid = {c.kind for c in person.credentials if c.status is CredentialStatus.VALID}
    return Person(
        id=technician.id,
        territory_id=technician.territory_id,
        home=Point(technician.latitude, technician.longitude),
        reach_m=technician.max_travel_km * 1000,
        skills={
            held.skill: held.level
            for held in person.skills
            if held.valid_until is None or held.valid_until > start
        },
        credentials=frozenset(valid | {LANGUAGE + word for word in technician.languages}),
    )


def visits_of(demand: Demand) -> list[Wanted]:
    return [_wanted(item, demand) for item in demand.visits]


def _wanted(item: OpenVisit, demand: Demand) -> Wanted:
    visit = item.visit
    languages = {LANGUAGE + word for word in visit.languages}
    return Wanted(
        id=visit.id,
        order_id=visit.work_order_id,
        territory_id=visit.territory_id,
        place=Point(item.site.latitude, item.site.longitude),
        skills=tuple(
            sorted((str(need["skill"]), int(need.get("level", 1))) for need in visit.skills)
        ),
        credentials=frozenset({*visit.credentials, *languages}),
        required=frozenset(visit.required_technician_ids),
        excluded=frozenset(visit.excluded_technician_ids),
        holders=frozenset(row.technician_id for row in demand.rows.get(visit.id, ())),
    )


def confined(
    staff: StaffDay, demand: Demand, technician_ids: Collection[UUID], visit_ids: Collection[UUID]
) -> tuple[StaffDay, Demand]:
    """Only these people and these visits, with their part of what shares leave to freelancers."""
    who, what = set(technician_ids), set(visit_ids)
    people = [person for person in staff.people if person.technician.id in who]
    stops = {key: own for key, own in staff.stops.items() if key in who}
    visits = [item for item in demand.visits if item.visit.id in what]
    part = sum(key in what for key in demand.crowd), max(len(demand.crowd), 1)
    bounds = replace(demand.bounds, part=part)
    return (
        replace(staff, people=people, stops=stops),
        replace(demand, visits=visits, bounds=bounds),
    )
