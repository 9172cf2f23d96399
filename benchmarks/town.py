"""A territory with full days for everybody, written to the database in a few statements."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from benchmarks.rows import Rows
from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Shift, ShiftBreak, Technician, TechnicianSkill
from dispatch.territories.models import Territory
from dispatch.travel.times import travel_times
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from kernel import clock, db
from kernel.geo import Point

BERLIN = Point(52.52, 13.405)
ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 6, tzinfo=ZONE).astimezone(UTC)
"""When it is in the town: a Monday before work begins."""
SKILLS = ("boiler", "lift", "network")
ASKING = 400
"""Visits whose customers look for a window."""
RESERVE_PCT = 10


@dataclass
class Town:
    """What was made: the visits that are planned, and those of one customer that are not."""

    territory_id: UUID
    customer_id: UUID
    work_type_id: UUID
    planned: list[UUID] = field(default_factory=list)
    asking: list[UUID] = field(default_factory=list)


def build(technicians: int, visits: int, days: int, seed: int) -> Town:
    """So many technicians with so many visits a day between them on each of some days."""
    dice, rows = random.Random(seed), Rows()
    with db.transaction("bench") as session:
        clock.set_clock(session, MONDAY, rate=1)
        town = _town(session)
        for number in range(technicians):
            each = visits // technicians + (number < visits % technicians)
            _technician(rows, town, dice, number, each, days)
        for _ in range(ASKING):
            site = _site(rows, town, _near(dice, BERLIN, 0.12))
            town.asking.append(_visit(rows, town, dice, site, SKILLS[0], "unscheduled", 45))
        rows.write(session)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return town


def _town(session: Session) -> Town:
    territory = Territory(
        name="Town",
        time_zone=str(ZONE),
        latitude=BERLIN.latitude,
        longitude=BERLIN.longitude,
        emergency_reserve_pct=RESERVE_PCT,
    )
    customer = Customer(name="Everybody", email="everybody@example.com")
    kind = WorkType(
        code="repair",
        name="Repair",
        expected_minutes=45,
        p80_minutes=60,
        skills=[{"skill": SKILLS[0], "level": 2}],
        price_cents=12_000,
    )
    session.add_all([territory, customer, kind])
    session.flush()
    return Town(territory.id, customer.id, kind.id)


def _technician(
    rows: Rows, town: Town, dice: random.Random, number: int, visits: int, days: int
) -> None:
    home = _near(dice, BERLIN, 0.12)
    key = rows.add(
        Technician,
        name=f"Technician {number}",
        employment="in_house",
        territory_id=town.territory_id,
        latitude=home.latitude,
        longitude=home.longitude,
        hourly_cents=4_500,
        travel_cents_per_hour=3_000,
    )
    held = dice.sample(SKILLS, 2)
    for skill in held:
        rows.add(TechnicianSkill, technician_id=key, skill=skill, level=dice.randint(2, 4))
    for day in range(days):
        date = MONDAY.astimezone(ZONE).date() + timedelta(days=day)
        start = datetime.combine(date, time(8), ZONE).astimezone(UTC)
        noon = start + timedelta(hours=3)
        shift = rows.add(
            Shift, technician_id=key, starts_at=start, ends_at=start + timedelta(hours=9)
        )
        rows.add(
            ShiftBreak,
            shift_id=shift,
            earliest=noon,
            latest=noon + timedelta(hours=2),
            minutes=30,
        )
        _day(rows, town, dice, key, home, start, visits, held[0])


def _day(
    rows: Rows,
    town: Town,
    dice: random.Random,
    technician_id: UUID,
    home: Point,
    start: datetime,
    visits: int,
    skill: str,
) -> None:
    """One visit after the other with some slack between them, and time for the break at noon."""
    here, free = home, start
    for number in range(visits):
        there = _near(dice, here, 0.02)
        way = timedelta(seconds=travel_times().between(here, there))
        slack = 30 if number == visits // 2 else dice.choice((0, 0, 5, 10, 20))
        minutes = dice.choice((20, 25, 30, 35))
        begin = free + way + timedelta(minutes=slack)
        end = begin + timedelta(minutes=minutes)
        visit = _visit(rows, town, dice, _site(rows, town, there), skill, "scheduled", minutes)
        town.planned.append(visit)
        rows.add(
            Assignment,
            visit_id=visit,
            seat=1,
            technician_id=technician_id,
            status="confirmed",
            starts_at=begin,
            ends_at=end,
            travel_seconds=int(way.total_seconds()),
            busy=Range(begin - way, end, bounds="[)"),
            source="plan",
        )
        here, free = there, end


def _site(rows: Rows, town: Town, at: Point) -> UUID:
    return rows.add(
        Site,
        customer_id=town.customer_id,
        address="Somewhere, Berlin",
        latitude=at.latitude,
        longitude=at.longitude,
        time_zone=str(ZONE),
        territory_id=town.territory_id,
    )


def _visit(
    rows: Rows,
    town: Town,
    dice: random.Random,
    site_id: UUID,
    skill: str,
    status: str,
    minutes: int,
) -> UUID:
    whose = {
        "customer_id": town.customer_id,
        "site_id": site_id,
        "territory_id": town.territory_id,
        "priority": dice.randint(1, 4),
    }
    order = rows.add(
        WorkOrder,
        **whose,
        number=f"B-{len(rows.of[WorkOrder])}",
        work_type_id=town.work_type_id,
        status="scheduled" if status == "scheduled" else "open",
        source="booking",
        title="Repair",
        reported_at=MONDAY - timedelta(days=1),
    )
    return rows.add(
        Visit,
        **whose,
        work_order_id=order,
        sequence=1,
        status=status,
        duration_minutes=minutes,
        p80_minutes=minutes + 15,
        skills=[{"skill": skill, "level": 2}],
    )


def _near(dice: random.Random, point: Point, degrees: float) -> Point:
    return Point(
        point.latitude + dice.uniform(-degrees, degrees) / 1.6,
        point.longitude + dice.uniform(-degrees, degrees),
    )
