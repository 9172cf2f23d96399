"""I18: what people lock stays where they put it, whatever is being planned meanwhile."""

import random
import threading
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.schedule import search
from benchmarks.invariants.servers import fresh
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.scheduling.pins.models import PinKind
from dispatch.scheduling.pins.service import pin
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from dispatch.scheduling.staffing.service import assign
from kernel.db import transaction
from kernel.errors import DomainError
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.problem import Problem
from optimizer.solve import solve
from server import registry
from tests.factories.scheduling import MONDAY, make_town, make_waiting


def slowly(problem: Problem, *, previous: Solution | None, seed: int, **_: Any) -> Solution:
    return solve(problem, Limits(iterations=300), seed, previous)


class People:
    """Threads that put visits somewhere and lock them there, and remember what was accepted."""

    def __init__(self, visits: list[UUID], technicians: list[UUID], seconds: float) -> None:
        self.kept: dict[UUID, tuple[UUID, datetime]] = {}
        self._visits, self._technicians = visits, technicians
        self._until = monotonic() + seconds

    def edit(self, number: int) -> None:
        chance = random.Random(number)
        mine = self._visits[number::2]
        while monotonic() < self._until:
            visit, technician = chance.choice(mine), chance.choice(self._technicians)
            at = MONDAY + timedelta(minutes=15 * chance.randrange(4, 60))
            try:
                with transaction("test") as session:
                    assign(session, visit, [technician], at, source="dispatcher")
                    pin(session, visit, PinKind.TECHNICIAN, technician_id=technician)
                    pin(session, visit, PinKind.TIME, starts_at=at)
            except (DomainError, DBAPIError):
                continue
            self.kept[visit] = (technician, at)


def edit_during_plans(seconds: float) -> Outcome:
    """People edit for so long while one plan follows the other; then every lock is looked at."""
    with transaction("test") as session:
        town = make_town(session, 5)
        territory = town.territory.id
        technicians = [technician.id for technician in town.technicians]
        visits = [
            make_waiting(session, town, east=0.01 * (n % 9), north=0.01 * (n % 5)).id
            for n in range(24)
        ]
    people = People(visits, technicians, seconds)
    threads = [threading.Thread(target=people.edit, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    plans = 0
    while any(thread.is_alive() for thread in threads) or plans < 2:
        with transaction("test") as session:
            plan_id = request_plan(session, territory_ids=[territory]).id
        run_plan(plan_id, slowly)
        plans += 1
    for thread in threads:
        thread.join()
    return Outcome(len(people.kept), plans, [*_moved(people), *search()])


def _moved(people: People) -> list[str]:
    with transaction("test") as session:
        where = {
            visit: [(row.technician_id, row.starts_at) for row in assignments_of(session, visit)]
            for visit in people.kept
        }
    return [f"{visit} was moved" for visit, kept in people.kept.items() if where[visit] != [kept]]


def attack_pins(folder: Path, *, seconds: float) -> Outcome:
    """`edit_during_plans` on a database of its own."""
    with fresh(folder):
        registry.load()
        return edit_during_plans(seconds)
