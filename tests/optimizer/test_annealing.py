"""The compiled search times and prices routes as the plain code does, on any problem."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.annealing.chain import Chain, Guide
from optimizer.annealing.gaps import try_gap
from optimizer.annealing.passes import try_with_pass
from optimizer.annealing.tables import (
    COST,
    FORBIDDEN,
    IS_TIMED,
    JOB,
    LENGTH,
    facts_of,
    routes_of_size,
)
from optimizer.annealing.times import refresh
from optimizer.job import Requirement, Window
from optimizer.packed import Packed
from optimizer.pricing import price_route
from optimizer.problem import Problem
from optimizer.shift import Skill
from optimizer.state import State
from optimizer.supply import is_supplied, jobs_of
from optimizer.timing import time_route
from tests.factories.optimizer import HOUR, make_job, make_problem, make_shift
from tests.optimizer.strategies import problems

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def some_route(dice: random.Random, packed: Packed, s: int) -> list[int]:
    able = [j for j in range(len(packed.jobs)) if s in packed.able[j] and packed.windows[j]]
    committed = packed.shifts[s].committed
    free = [j for j in able if j not in committed and packed.jobs[j].crew_size == 1]
    free = [j for j in free if j not in packed.passes]
    route = dice.sample(free, min(len(free), dice.randint(0, 4)))
    passes = [j for j in packed.passes if s in packed.able[j]]
    if passes and route and dice.random() < 0.7:
        route.insert(dice.randrange(len(route)), dice.choice(passes))
    return route


@MANY
@given(problems(), st.integers(0, 1000))
def test_prices_each_route_as_the_plain_code(problem: Problem, seed: int) -> None:
    dice = random.Random(seed)
    packed = Packed(problem)
    facts = facts_of(State(packed))
    plan = routes_of_size(facts, len(packed.jobs))
    for s in range(len(packed.shifts)):
        route = some_route(dice, packed, s)
        plan.routes[s, LENGTH] = len(route)
        plan.stops[s, 1 : len(route) + 1, JOB] = route
        possible = refresh(*facts.all, *plan.all, s)
        price = price_route(packed, s, route, {})
        assert possible == (price is not None)
        if price is not None:
            assert abs(plan.cents[s, COST] - price) < 1e-4


@MANY
@given(problems(), st.integers(0, 1000))
def test_finds_a_place_exactly_where_the_plain_code_does(problem: Problem, seed: int) -> None:
    dice = random.Random(seed)
    packed = Packed(problem)
    facts = facts_of(State(packed))
    plan = routes_of_size(facts, len(packed.jobs) + 1)
    for s in range(len(packed.shifts)):
        route = some_route(dice, packed, s)
        plan.routes[s, LENGTH] = len(route)
        plan.stops[s, 1 : len(route) + 1, JOB] = route
        if not refresh(*facts.all, *plan.all, s):
            continue
        before = price_route(packed, s, route, {})
        for job in range(len(packed.jobs)):
            if job in packed.passes or job in route:
                continue
            if s not in packed.able[job] or not packed.windows[job]:
                continue
            if len(jobs_of(packed, route)) >= packed.shifts[s].max_jobs - len(
                packed.shifts[s].committed
            ):
                continue
            for k in range(len(route) + 1):
                with_it = [*route[:k], job, *route[k:]]
                price = price_route(packed, s, with_it, {})
                load = sum(packed.jobs[j].load for j in with_it)
                fits = price is not None or load > packed.shifts[s].capacity
                cents = try_gap(*facts.all, *plan.all, s, k, job, FORBIDDEN)
                possible = time_route(packed, s, with_it, {}) is not None
                assert (cents < FORBIDDEN) == (possible and has_all(packed, s, route, k, job))
                if price is not None and before is not None and fits:
                    # an unused shift does not say yet that it will be timed
                    rates = packed.shifts[s].overtime_rate + packed.shifts[s].waiting_rate
                    exact = not plan.routes[s, IS_TIMED] and (bool(route) or not rates)
                    assert not exact or abs(cents - (price - before)) < 1e-4


def has_all(packed: Packed, s: int, route: list[int], k: int, job: int) -> bool:
    """Whether the job finds its supplies there and leaves enough for the rest of the route."""
    return is_supplied(packed, s, [*route[:k], job, *route[k:]])


def without_prices_of_time(problem: Problem) -> Problem:
    return replace(
        problem,
        shifts=tuple(
            replace(shift, waiting_cents_per_hour=0, overtime_cents_per_hour=0)
            for shift in problem.shifts
        ),
        jobs=tuple(
            replace(
                job,
                deadline=None,
                soft_window=None,
                delay_cents_per_day=0,
                promise=None,
                risk=None,
            )
            for job in problem.jobs
        ),
    )


def cheapest_with_pass(
    packed: Packed, s: int, route: list[int], job: int, until: int
) -> float | None:
    """With the pass before stop `until` at the latest, and the job behind it, but no later."""
    prices = [
        price_route(packed, s, wanted, {})
        for stop in packed.passes
        for row in range(until)
        for k in range(row, len(route) + 1 if until > len(route) else until + 1)
        for wanted in [[*route[:row], stop, *route[row:k], job, *route[k:]]]
    ]
    return min((price for price in prices if price is not None), default=None)


@MANY
@given(problems(), st.integers(0, 1000))
def test_adds_the_cheapest_pass_as_the_plain_code(problem: Problem, seed: int) -> None:
    dice = random.Random(seed)
    packed = Packed(without_prices_of_time(problem))
    facts = facts_of(State(packed))
    plan = routes_of_size(facts, len(packed.jobs) + 1)
    for s in range(len(packed.shifts)):
        route = some_route(dice, packed, s)
        alone = jobs_of(packed, route)
        passed = next((row for row, job in enumerate(route) if job in packed.passes), None)
        until = len(route) + 1 if passed is None else passed
        plan.routes[s, LENGTH] = len(route)
        plan.stops[s, 1 : len(route) + 1, JOB] = route
        now = price_route(packed, s, route, {})
        if not refresh(*facts.all, *plan.all, s) or now is None:
            continue
        store = plan.store.tolist()
        for job in range(len(problem.jobs)):
            if job in route or s not in packed.able[job] or not packed.windows[job]:
                continue
            cents, _, stop, _ = try_with_pass(facts.all, plan.all, s, job, FORBIDDEN)
            assert plan.stops[s, 1 : len(route) + 1, JOB].tolist() == route
            assert plan.store.tolist() == store
            assert abs(plan.cents[s, COST] - now) < 1e-4
            if is_supplied(packed, s, [job, *route]):
                assert stop < 0
                continue
            best = cheapest_with_pass(packed, s, alone, job, until)
            assert (stop >= 0) == (best is not None)
            assert best is None or abs(cents - (best - now)) < 1e-4


@MANY
@given(st.integers(0, 2**32))
def test_estimates_waiting_exactly_with_one_window_and_no_breaks(seed: int) -> None:
    dice = random.Random(seed)
    shift = make_shift(
        waiting_cents_per_hour=900,
        travel_cents_per_hour=dice.choice((900, 300)),
        departs_late=dice.random() < 0.7,
        end=20 * HOUR,
    )
    jobs = [
        make_job(
            str(n),
            place=dice.randrange(4),
            windows=(Window(open_, open_ + dice.randint(0, 3) * HOUR),),
        )
        for n in range(6)
        for open_ in [dice.randint(8, 16) * HOUR]
    ]
    packed = Packed(make_problem([shift], jobs))
    facts = facts_of(State(packed))
    plan = routes_of_size(facts, 8)
    route = dice.sample(range(6), dice.randint(0, 3))
    before = price_route(packed, 0, route, {})
    plan.routes[0, LENGTH] = len(route)
    plan.stops[0, 1 : len(route) + 1, JOB] = route
    assert refresh(*facts.all, *plan.all, 0) == (before is not None)
    if before is None:
        return
    for job in set(range(6)) - set(route):
        for k in range(len(route) + 1):
            price = price_route(packed, 0, [*route[:k], job, *route[k:]], {})
            cents = try_gap(*facts.all, *plan.all, 0, k, job, FORBIDDEN)
            assert (price is None) == (cents >= FORBIDDEN)
            assert price is None or abs(cents - (price - before)) < 1e-4


def test_near_shifts_are_the_able_ones_nearest_first() -> None:
    gas = (Skill("gas"),)
    shifts = [
        make_shift("far", skills=gas, start_place=3, end_place=3),
        make_shift("unable", start_place=1, end_place=1),
        make_shift("near", skills=gas, start_place=0, end_place=0),
        make_shift("nearest", skills=gas, start_place=1, end_place=1),
    ]
    job = make_job(place=1, requirements=(Requirement("gas"),))
    facts = facts_of(State(Packed(make_problem(shifts, [job]))))
    guide = Guide(facts)
    guide.look_for_shifts(facts)
    assert guide.near_shifts.tolist() == [[3, 2, 0, -1]]


def test_a_chain_refuses_routes_that_cannot_be_done() -> None:
    problem = make_problem([make_shift(end=9 * HOUR)], [make_job("a"), make_job("b")])
    state = State(Packed(problem))
    facts = facts_of(state)
    chain = Chain(state, facts, Guide(facts), [0, 1], 1)
    with pytest.raises(ValueError, match="Route 0"):
        chain.restart([[0, 1]])
