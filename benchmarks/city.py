"""A city in a real database: technicians all over it, a day planned, and visits left over."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from benchmarks.rows import Rows
from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.changes.grouping import Change, differences
from dispatch.scheduling.problems.build import build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.technicians.models import Shift, ShiftBreak, Technician, TechnicianSkill
from dispatch.work_orders.models import Visit, WorkOrder
from kernel import db
from optimizer.limits import Limits
from optimizer.solve import solve
from tests.factories.scheduling import MONDAY, Town, make_town

SKILLS = ("heating", "cooling", "electrics", "lifts", "plumbing", "gas")
DEGREES = 0.14
"""Half the width of the city: about fifteen kilometres to the north."""
DAY = timedelta(days=1)


def fill(technicians: int, visits: int, seed: int) -> tuple[list[UUID], list[UUID]]:
    """One day from MONDAY on; gives the visits that have a place and those left out.

    Shifts of nine hours with a break; visits of half an hour to two hours, 60 % with a window.
    Planned greedily, the way the first answer of the optimizer is.
    """
    draw, rows = random.Random(seed), Rows()
    with db.transaction("benchmark") as session:
        town = make_town(session, technicians=0)
        for number in range(technicians):
            _add_person(rows, town, draw, number)
        for _ in range(visits):
            _add_visit(rows, town, draw)
        rows.write(session)
        territory_id = town.territory.id
    with db.transaction("benchmark") as session:
        planned = _plan(session, territory_id, seed)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    known = sorted(row["id"] for row in rows.of[Visit])
    return sorted(planned), [key for key in known if key not in planned]


def _add_person(rows: Rows, town: Town, draw: random.Random, number: int) -> None:
    key = rows.add(
        Technician,
        name=f"Technician {number}",
        employment="in_house",
        territory_id=town.territory.id,
        hourly_cents=4_500,
        travel_cents_per_hour=3_000,
        **_near(town, draw),
    )
    for name in draw.sample(SKILLS, draw.randint(2, 4)):
        rows.add(TechnicianSkill, technician_id=key, skill=name, level=draw.randint(1, 3))
    shift = rows.add(
        Shift, technician_id=key, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=9)
    )
    rows.add(
        ShiftBreak,
        shift_id=shift,
        earliest=MONDAY + timedelta(hours=3.5),
        latest=MONDAY + timedelta(hours=5),
        minutes=45,
    )


def _add_visit(rows: Rows, town: Town, draw: random.Random) -> None:
    minutes = draw.choice((30, 45, 60, 90, 120))
    window: dict[str, Any] = {"window_start": None, "window_end": None}
    if draw.random() < 0.6:
        start = MONDAY + timedelta(hours=draw.randint(0, 6))
        window = {
            "window_start": start,
            "window_end": start + timedelta(hours=draw.choice((2, 3, 4))),
        }
    number = len(rows.of[Visit])
    customer = rows.add(Customer, name=f"Customer {number}", email=f"c{number}@example.com")
    whose = {"customer_id": customer, "territory_id": town.territory.id}
    site = rows.add(
        Site,
        **whose,
        address="Somewhere, Berlin",
        time_zone=town.territory.time_zone,
        **_near(town, draw),
    )
    order = rows.add(
        WorkOrder,
        **whose,
        site_id=site,
        number=f"C-{number}",
        work_type_id=town.work_type.id,
        status="open",
        source="dispatcher",
        title="Repair",
        priority=3,
        reported_at=MONDAY - DAY,
    )
    rows.add(
        Visit,
        **whose,
        site_id=site,
        work_order_id=order,
        sequence=1,
        status="unscheduled",
        priority=3,
        duration_minutes=minutes,
        p80_minutes=minutes * 3 // 2,
        skills=[{"skill": draw.choice(SKILLS), "level": draw.choice((1, 1, 1, 2, 2, 3))}],
        **window,
    )


def _near(town: Town, draw: random.Random) -> dict[str, float]:
    return {
        "latitude": town.territory.latitude + draw.uniform(-DEGREES, DEGREES),
        "longitude": town.territory.longitude + draw.uniform(-DEGREES, DEGREES) * 1.6,
    }


def _plan(session: Session, territory_id: UUID, seed: int) -> set[UUID]:
    """Everything that finds a place is assigned; gives those visits."""
    staff = load_staff(session, [territory_id], MONDAY, MONDAY + DAY)
    demand = load_demand(session, [territory_id], MONDAY, MONDAY + DAY)
    built = build_for_plan(staff, demand, MONDAY, MONDAY + DAY)
    solution = solve(built.problem, Limits(iterations=0), seed)
    changes, rows = differences(built, solution), Rows()
    for change in changes:
        _assign(rows, change)
    rows.write(session)
    planned = {change.visit_id for change in changes}
    orders = {item.work_order.id for item in demand.visits if item.visit.id in planned}
    _scheduled(session, Visit, planned)
    _scheduled(session, WorkOrder, orders)
    return planned


def _scheduled(session: Session, model: type[Visit] | type[WorkOrder], ids: set[UUID]) -> None:
    session.execute(
        update(model)
        .where(model.id.in_(ids))
        .values(status="scheduled", version=model.version + 1)
        .execution_options(synchronize_session=False)
    )


def _assign(rows: Rows, change: Change) -> None:
    for seat, place in enumerate(change.after, start=1):
        leaves = place.starts_at - timedelta(seconds=place.travel_seconds)
        rows.add(
            Assignment,
            visit_id=change.visit_id,
            seat=seat,
            technician_id=place.technician_id,
            status="confirmed",
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            travel_seconds=place.travel_seconds,
            busy=Range(leaves, place.ends_at, bounds="[)"),
            source="plan",
        )
