"""The compiled search times and prices routes as the plain code does, on any problem."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.annealing.chain import Chain, Guide
from optimizer.annealing.gaps import try_gap
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
from optimizer.packed import Packed
from optimizer.pricing import price_route
from optimizer.problem import Problem
from optimizer.state import State
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
    return dice.sample(free, min(len(free), dice.randint(0, 4)))


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
            if job in route or s not in packed.able[job] or not packed.windows[job]:
                continue
            if len(route) >= packed.shifts[s].max_jobs - len(packed.shifts[s].committed):
                continue
            for k in range(len(route) + 1):
                with_it = [*route[:k], job, *route[k:]]
                price = price_route(packed, s, with_it, {})
                load = sum(packed.jobs[j].load for j in with_it)
                fits = price is not None or load > packed.shifts[s].capacity
                cents = try_gap(*facts.all, *plan.all, s, k, job, FORBIDDEN)
                assert (cents < FORBIDDEN) == (time_route(packed, s, with_it, {}) is not None)
                if price is not None and before is not None and fits:
                    exact = not plan.routes[s, IS_TIMED]
                    assert not exact or abs(cents - (price - before)) < 1e-4


def test_a_chain_refuses_routes_that_cannot_be_done() -> None:
    problem = make_problem([make_shift(end=9 * HOUR)], [make_job("a"), make_job("b")])
    state = State(Packed(problem))
    facts = facts_of(state)
    chain = Chain(state, facts, Guide(facts), [0, 1], 1)
    with pytest.raises(ValueError, match="Route 0"):
        chain.restart([[0, 1]])
