"""A city in a real database: technicians all over it, a day planned, and visits left over."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import db
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.solve import solve
from tests.factories.scheduling import MONDAY, Town, add_technician, make_town, make_waiting

SKILLS = ("heating", "cooling", "electrics", "lifts", "plumbing", "gas")
DEGREES = 0.14
"""Half the width of the city: about fifteen kilometres to the north."""


def fill(technicians: int, visits: int, seed: int) -> tuple[list[UUID], list[UUID]]:
    """One day from MONDAY on; gives the visits that have a place and those left out.

    Shifts of nine hours with a break; visits of half an hour to two hours, 60 % with a window.
    Planned greedily, the way the first answer of the optimizer is.
    """
    draw = random.Random(seed)
    with db.transaction("benchmark") as session:
        town = make_town(session, technicians=0)
        territory_id = town.territory.id
        for _ in range(technicians):
            _add_person(session, town, draw)
        for _ in range(visits):
            _add_visit(session, town, draw)
    with db.transaction("benchmark") as session:
        plan_id = request_plan(
            session, territory_ids=[territory_id], horizon_end=MONDAY + timedelta(days=1)
        ).id
    run_plan(plan_id, _greedily)
    with db.transaction("benchmark") as session:
        rows = session.execute(select(Visit.id, Visit.status).order_by(Visit.id)).all()
    planned = [key for key, status in rows if status is VisitStatus.SCHEDULED]
    return planned, [key for key, status in rows if status is VisitStatus.UNSCHEDULED]


def _add_person(session: Any, town: Town, draw: random.Random) -> None:
    add_technician(
        session,
        town,
        days=1,
        breaks=[(timedelta(hours=3.5), timedelta(hours=5), 45)],
        skills={name: draw.randint(1, 3) for name in draw.sample(SKILLS, draw.randint(2, 4))},
        latitude=town.territory.latitude + draw.uniform(-DEGREES, DEGREES),
        longitude=town.territory.longitude + draw.uniform(-DEGREES, DEGREES) * 1.6,
    )


def _add_visit(session: Any, town: Town, draw: random.Random) -> None:
    minutes = draw.choice((30, 45, 60, 90, 120))
    window: dict[str, Any] = {}
    if draw.random() < 0.6:
        start = MONDAY + timedelta(hours=draw.randint(0, 6))
        window = {
            "window_start": start,
            "window_end": start + timedelta(hours=draw.choice((2, 3, 4))),
        }
    make_waiting(
        session,
        town,
        east=draw.uniform(-DEGREES, DEGREES) * 1.6,
        north=draw.uniform(-DEGREES, DEGREES),
        skills=[{"skill": draw.choice(SKILLS), "level": draw.choice((1, 1, 1, 2, 2, 3))}],
        duration_minutes=minutes,
        p80_minutes=minutes * 3 // 2,
        **window,
    )


def _greedily(
    problem: Problem, *, limit_seconds: float, seed: int, previous: Plan | None = None
) -> Plan:
    return solve(problem, Limits(iterations=0), seed, previous)
