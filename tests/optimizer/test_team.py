"""Several chains at once: the same plan each time, no violation, parts that cover everything."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.annealing import master, team
from optimizer.annealing.chain import Guide
from optimizer.annealing.cutting import cut
from optimizer.annealing.master import RoutePool, choose
from optimizer.annealing.tables import facts_of
from optimizer.annealing.team import CUT_FROM_JOBS, CUTS
from optimizer.check import check
from optimizer.codec import dumps, plan_to_json
from optimizer.job import Pin, Window
from optimizer.limits import Limits
from optimizer.packed import Packed
from optimizer.plan import Plan
from optimizer.problem import Problem, Travel
from optimizer.shift import Committed
from optimizer.solve import solve
from optimizer.state import State
from tests.factories.optimizer import HOUR, make_job, make_shift
from tests.optimizer.strategies import problems


def town(jobs: int, shifts: int, seed: int) -> Problem:
    """Jobs of half an hour with windows of two hours, homes and jobs on a square."""
    dice = np.random.default_rng(seed)
    places = dice.uniform(0, 1800, (jobs + shifts, 2))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)).astype(np.int32)
    opens = dice.integers(8, 15, jobs) * HOUR
    return Problem(
        0,
        tuple(make_shift(f"s{n}", start_place=jobs + n, end_place=jobs + n) for n in range(shifts)),
        tuple(
            make_job(
                f"j{n}",
                place=n,
                duration_seconds=1800,
                windows=(Window(int(opens[n]), int(opens[n]) + 2 * HOUR),),
            )
            for n in range(jobs)
        ),
        Travel(apart),
    )


def text(plan: Plan) -> bytes:
    return dumps(plan_to_json(plan))


@pytest.mark.parametrize("jobs", [40, CUT_FROM_JOBS])
@pytest.mark.parametrize("chains", [2, 3])
def test_is_the_same_each_time_and_breaks_nothing(jobs: int, chains: int) -> None:
    problem = town(jobs, jobs // 10, seed=jobs)
    limits = Limits(iterations=400, chains=chains)
    plan = solve(problem, limits, seed=3)
    assert check(problem, plan) == []
    assert plan.iterations == chains * 400
    assert text(solve(problem, limits, seed=3)) == text(plan)
    assert text(solve(problem, Limits(schedule=plan.schedule), seed=3)) == text(plan)


def test_chains_take_turns_at_small_parts_of_a_large_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(team, "PART_JOBS", 50)
    problem = town(CUT_FROM_JOBS, 30, seed=9)
    plan = solve(problem, Limits(iterations=960, chains=2), seed=3)
    assert len(plan.schedule) == CUTS * 3
    assert plan.iterations == 2 * 960
    assert check(problem, plan) == []
    again = solve(problem, Limits(schedule=plan.schedule), seed=3)
    assert text(again) == text(plan)


@pytest.mark.parametrize("jobs", [40, CUT_FROM_JOBS])
def test_replays_a_timed_plan_of_two_chains(jobs: int) -> None:
    problem = town(jobs, jobs // 10, seed=jobs)
    timed = solve(problem, Limits(seconds=1.0, chains=2), seed=5)
    assert text(solve(problem, Limits(schedule=timed.schedule), seed=5)) == text(timed)


@pytest.mark.parametrize("limit", [Limits(iterations=400), Limits(seconds=1.0)])
def test_one_chain_merges_where_only_trips_count_and_can_be_replayed(limit: Limits) -> None:
    problem = town(40, 8, seed=2)
    plan = solve(problem, limit, seed=3)
    assert plan.unassigned == ()
    assert [one.merge_effort > 0 for one in plan.schedule] == [True, True, True, False]
    assert check(problem, plan) == []
    assert text(solve(problem, Limits(schedule=plan.schedule), seed=3)) == text(plan)


def test_merges_leave_facts_and_pins_where_they_are() -> None:
    """Ten shifts that differ in nothing, but that two have begun and one job is pinned."""
    plain = town(40, 10, seed=4)
    shifts = [replace(shift, start_place=40, end_place=40) for shift in plain.shifts]
    for n in (0, 1):
        shifts[n] = replace(shifts[n], committed=(Committed(f"j{n}", 8 * HOUR, 9 * HOUR),))
    jobs = list(plain.jobs)
    jobs[5] = replace(jobs[5], pin=Pin(shifts[7].technician_id))
    problem = replace(plain, shifts=tuple(shifts), jobs=tuple(jobs))
    plan = solve(problem, Limits(iterations=2000), seed=1)
    assert len(plan.schedule) == 4
    assert check(problem, plan) == []
    by_shift = plan.route_by_shift
    assert [by_shift[f"s{n}-day"].stops[0].job_id for n in (0, 1)] == ["j0", "j1"]
    assert "j5" in [stop.job_id for stop in by_shift["s7-day"].stops]


def test_merges_nothing_once_cancelled() -> None:
    plan = solve(town(40, 8, seed=2), Limits(seconds=30.0), seed=3, cancelled=lambda: True)
    assert [one.merge_effort for one in plan.schedule] == [0.0] * 4


@pytest.mark.parametrize("limit", [Limits(seconds=30.0, chains=2), Limits(iterations=9, chains=2)])
def test_parts_are_not_searched_once_cancelled(
    limit: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team, "PART_JOBS", 10)
    problem = town(CUT_FROM_JOBS, 30, seed=2)
    told: list[float] = []
    plan = solve(
        problem, limit, seed=3, cancelled=lambda: True, progress=lambda _, cents: told.append(cents)
    )
    assert plan.iterations == 0
    assert len(told) == 15  # each turn of the greedy plan, and no round after it
    assert check(problem, plan) == []
    assert text(solve(problem, Limits(schedule=plan.schedule), seed=3)) == text(plan)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems(), st.integers(0, 9))
def test_chains_break_no_rule_of_any_problem(problem: Problem, seed: int) -> None:
    plan = solve(problem, Limits(iterations=20, chains=2), seed=seed)
    assert check(problem, plan) == []


@pytest.mark.parametrize("parts", [2, 3, 5])
def test_parts_hold_every_shift_and_job_once(parts: int) -> None:
    problem = town(60, 12, seed=1)
    plan = solve(problem, Limits(iterations=50), seed=1)
    packed = Packed(problem)
    state = State.of_plan(packed, plan)
    movable = np.arange(len(problem.jobs))
    facts = facts_of(state)
    guide = Guide(facts)
    guide.look_for_shifts(facts)
    found = cut(facts, state.routes, movable, guide.near_shifts, parts, random.Random(7))
    assert len(found) == parts
    shifts = sorted(v for part in found for v in part.shifts.tolist())
    assert shifts == list(range(len(problem.shifts)))
    assert sorted(j for part in found for j in part.jobs.tolist()) == movable.tolist()
    for part in found:
        served = [job for v in part.shifts.tolist() for job in state.routes[v]]
        assert set(served) <= set(part.jobs.tolist())


def test_towns_as_far_from_both_poles_are_not_mixed() -> None:
    """Four towns around one crossing, the shifts of each scattered over the list."""
    town_of = np.arange(24) % 4
    apart = np.where(town_of[:, None] == town_of[None], 60, 1200).astype(np.int32)
    np.fill_diagonal(apart, 0)
    shifts = tuple(make_shift(f"s{n}", start_place=n, end_place=n) for n in range(24))
    facts = facts_of(State(Packed(Problem(0, shifts, (make_job(),), Travel(apart)))))
    near = np.zeros((1, 3), dtype=np.int64)
    routes: list[list[int]] = [[] for _ in shifts]
    for seed in range(20):
        parts = cut(facts, routes, np.arange(1), near, 4, random.Random(seed))
        assert [len(set(town_of[part.shifts])) for part in parts] == [1, 1, 1, 1]


class TestMerge:
    unserved = np.array([100.0, 100.0, 100.0])

    def pool(self) -> RoutePool:
        pool = RoutePool([0, 1])
        pool.add_routes([[0, 1], [2]], [50.0, 30.0])
        pool.add_routes([[0], [1, 2]], [10.0, 35.0])
        return pool

    def test_takes_the_cheapest_routes_that_share_no_job(self) -> None:
        assert choose(self.pool(), [[0, 1], [2]], self.unserved, 1.0) == [[0], [1, 2]]

    def test_mixes_what_two_chains_found(self) -> None:
        pool = self.pool()
        pool.add_routes([[0, 2], [1]], [12.0, 90.0])
        pool.add_routes([[2, 0], [1]], [11.0, 5.0])
        assert choose(pool, [[0], [1, 2]], self.unserved, 1.0) == [[2, 0], [1]]

    def test_what_one_shift_did_another_of_its_kind_can_do(self) -> None:
        pool = RoutePool([0, 0])
        pool.add_routes([[0], [1, 2]], [10.0, 90.0])
        pool.add_routes([[0, 1], [2]], [20.0, 90.0])
        pool.add_routes([[2], [0, 1]], [5.0, 95.0])
        found = choose(pool, [[0], [1, 2]], self.unserved, 1.0)
        assert found is not None
        assert sorted(found) == [[0, 1], [2]]

    def test_forgets_neither_the_plan_nor_an_idle_shift(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(master, "MOST_COLUMNS", 2)
        pool = RoutePool([0, 1, 2])
        pool.add_routes([[0, 1], [2], []], [50.0, 30.0, 0.0])
        pool.add_routes([[0], [1, 2], []], [10.0, 35.0, 0.0])
        pool.add_routes([[1], [0, 2], []], [90.0, 90.0, 0.0])
        incumbent = [[0, 1], [2], []]
        assert choose(pool, incumbent, self.unserved, 1.0) is None
        pool.add_routes([[1, 0], [2], []], [49.0, 30.0, 0.0])
        pool.add_routes([[0], [1, 2], []], [9.0, 35.0, 0.0])
        assert choose(pool, incumbent, self.unserved, 1.0) == [[0], [1, 2], []]

    def test_says_when_nothing_is_cheaper(self) -> None:
        assert choose(self.pool(), [[0], [1, 2]], self.unserved, 1.0) is None
