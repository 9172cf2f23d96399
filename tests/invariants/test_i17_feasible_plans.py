"""I17: no plan that breaks a rule is applied, and what is applied breaks none."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import assignments_by_visit
from dispatch.scheduling.checks.service import violations
from dispatch.scheduling.plans.lifecycle import PlanStatus
from dispatch.scheduling.plans.models import Plan
from dispatch.scheduling.plans.service import request_plan
from dispatch.scheduling.plans.solving import run_plan
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.plan import Plan as Solution
from optimizer.plan import Route
from optimizer.problem import Problem
from optimizer.solve import solve
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
    return solve(problem, Limits(iterations=40), seed, engine="ruin")


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


class TestMutants:
    @pytest.mark.parametrize("mutate", MUTATIONS)
    @pytest.mark.parametrize("seed", range(3))
    def test_a_plan_that_breaks_a_rule_changes_nothing(
        self, session: Session, mutate: Mutation, seed: int
    ) -> None:
        town = make_busy_town(session, seed)
        plan, broken = carry_out(session, town, mutate, seed)
        count = session.scalar(select(func.count()).select_from(Assignment))
        assert (plan.status is PlanStatus.REFUSED) == broken
        if broken:
            assert count == 0
            assert plan.message is not None


class TestApplied:
    @pytest.mark.parametrize("seed", range(8))
    def test_what_is_applied_breaks_no_rule(self, session: Session, seed: int) -> None:
        town = make_busy_town(session, 100 + seed)
        plan, broken = carry_out(session, town, lambda found, _: found, seed)
        assert not broken
        assert plan.status is PlanStatus.APPLIED
        moved = [key for group in plan.groups for key in group["moved"]]
        for visit_id, rows in assignments_by_visit(session, moved).items():
            for row in rows:
                assert violations(session, visit_id, row.technician_id, row.starts_at) == []
