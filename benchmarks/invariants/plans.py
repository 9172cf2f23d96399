"""I17: no plan that breaks a rule is applied, and what is applied breaks none."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.invariants.jobs import Outcome
from benchmarks.invariants.servers import fresh
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.plans.lifecycle import PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from kernel import db
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.plan import Route
from optimizer.problem import Problem
from optimizer.solve import solve
from server import registry
from tests.factories.scheduling import MONDAY, Town, add_technician, make_town, make_waiting

HOUR = timedelta(hours=1)
Mutation = Callable[[Solution, random.Random], Solution]


def make_busy_town(session: Session, seed: int) -> Town:
    """People with breaks and different skills, and more work than fits."""
    chance = random.Random(seed)
    town = make_town(session, technicians=0)
    for _ in range(3):
        add_technician(
            session,
            town,
            days=2,
            skills={"boiler": chance.choice([1, 2, 3, 5])},
            breaks=[(3 * HOUR, 5 * HOUR, 30)],
            longitude=13.3 + 0.2 * chance.random(),
            speed_pct=chance.choice([90, 100, 125]),
        )
    for _ in range(12):
        start = MONDAY + timedelta(hours=chance.randrange(1, 30))
        window: dict[str, Any] = {"window_start": start, "window_end": start + 3 * HOUR}
        make_waiting(
            session,
            town,
            east=chance.uniform(-0.1, 0.1),
            north=chance.uniform(-0.05, 0.05),
            priority=chance.randrange(1, 6),
            skills=[{"skill": "boiler", "level": chance.choice([1, 2, 3])}],
            **(window if chance.random() < 0.4 else {}),
        )
    return town


def solved(problem: Problem, seed: int) -> Solution:
    return solve(problem, Limits(iterations=40), seed)


def carry_out(session: Session, town: Town, mutate: Mutation, seed: int) -> tuple[Plan, bool]:
    """Plan with a solution that was tampered with; also whether the tampering broke a rule."""
    broken: list[bool] = []

    def tampered(problem: Problem, **_: Any) -> Solution:
        found = mutate(solved(problem, seed), random.Random(seed))
        broken.append(bool(check(problem, found)))
        return found

    plan = request_plan(session, territory_ids=[town.territory.id])
    session.flush()
    run_plan(plan.id, tampered)
    session.expire_all()
    return session.get_one(Plan, plan.id), broken[0]


def with_route(
    solution: Solution, chance: random.Random, change: Callable[[Route], Route]
) -> Solution:
    number = chance.randrange(len(solution.routes))
    routes = list(solution.routes)
    routes[number] = change(routes[number])
    return replace(solution, routes=tuple(routes))


def too_early(solution: Solution, chance: random.Random) -> Solution:
    def change(route: Route) -> Route:
        first = route.stops[0]
        moved = replace(first, arrival=first.arrival - 7200, start=first.start - 7200)
        return replace(route, stops=(moved, *route.stops[1:]), departure=route.departure - 7200)

    return with_route(solution, chance, change)


def twice(solution: Solution, chance: random.Random) -> Solution:
    return with_route(solution, chance, lambda r: replace(r, stops=(*r.stops, r.stops[0])))


def without_break(solution: Solution, chance: random.Random) -> Solution:
    return with_route(solution, chance, lambda route: replace(route, breaks=()))


def swapped(solution: Solution, chance: random.Random) -> Solution:
    routes = list(solution.routes)
    first, second = chance.sample(range(len(routes)), 2)
    a, b = routes[first], routes[second]
    routes[first] = replace(a, stops=b.stops)
    routes[second] = replace(b, stops=a.stops)
    return replace(solution, routes=tuple(routes))


def shortened(solution: Solution, chance: random.Random) -> Solution:
    def change(route: Route) -> Route:
        last = route.stops[-1]
        return replace(route, stops=(*route.stops[:-1], replace(last, end=last.end - 600)))

    return with_route(solution, chance, change)


def forgotten(solution: Solution, chance: random.Random) -> Solution:
    return with_route(solution, chance, lambda route: replace(route, stops=route.stops[1:]))


def hurried(solution: Solution, chance: random.Random) -> Solution:
    def change(route: Route) -> Route:
        stops = [replace(stop, travel_seconds=0) for stop in route.stops]
        return replace(route, stops=tuple(stops))

    return with_route(solution, chance, change)


MUTATIONS: list[Mutation] = [
    too_early,
    twice,
    without_break,
    swapped,
    shortened,
    forgotten,
    hurried,
]


def untouched(solution: Solution, _: random.Random) -> Solution:
    return solution


def judge(session: Session, town: Town, mutate: Mutation, seed: int) -> list[str]:
    """What is wrong after a plan that was tampered with, or left alone, was carried out."""
    plan, broken = carry_out(session, town, mutate, seed)
    found = []
    if (plan.status is PlanStatus.REFUSED) != broken:
        found.append(f"a plan that is {'broken' if broken else 'sound'} was {plan.status}")
    if broken:
        count = session.scalar(select(func.count()).select_from(Assignment))
        if count or plan.message is None:
            found.append(f"{count} assignments of a broken plan were made")
        return found
    moved = [key for group in plan.groups or [] for key in group["moved"]]
    for visit_id, rows in assignments_by_visit(session, moved).items():
        for row in rows:
            wrong = violations(session, visit_id, row.technician_id, row.starts_at)
            found += [f"applied in spite of {violation.code}" for violation in wrong]
    return found


def attack(folder: Path, *, towns: int, seed: int = 1) -> Outcome:
    """Plan so many towns with every mutation, each undone before the next."""
    outcome = Outcome()
    with fresh(folder):
        registry.load()
        for number in range(seed, seed + towns):
            for mutate in (untouched, *MUTATIONS):
                outcome.operations += 1
                outcome.faults += mutate is not untouched
                outcome.violations += _judged(mutate, number)
    return outcome


def _judged(mutate: Mutation, seed: int) -> list[str]:
    with db.engine().connect() as connection:
        outer = connection.begin()
        with (
            db.bound_to(connection),
            Session(connection, join_transaction_mode="create_savepoint") as session,
        ):
            db.act_as(session, "plans")
            found = judge(session, make_busy_town(session, seed), mutate, seed)
        outer.rollback()
    return [f"I17: {mutate.__name__}, town {seed}: {what}" for what in found]
