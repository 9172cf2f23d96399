"""The checker refuses every way of breaking a rule that we know, and says which."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from optimizer.check import check
from optimizer.depot import Depot
from optimizer.job import Pin, Requirement, Window
from optimizer.limits import Limits
from optimizer.plan import BreakTaken, DepotPass, Plan, Route, Stop
from optimizer.problem import Hours, Problem
from optimizer.shift import Break, Committed, Credential, Shift, Skill
from optimizer.solve import solve
from optimizer.supplies import Part
from optimizer.violation import Code
from tests.factories.optimizer import (
    HOUR,
    MINUTE,
    make_job,
    make_plan,
    make_problem,
    make_route,
    make_shift,
)
from tests.optimizer.bond_mutants import ALL_MUTATIONS
from tests.optimizer.strategies import random_problem

PROBLEMS = 80


def codes(problem: Problem, plan: Plan) -> list[Code]:
    return [violation.code for violation in check(problem, plan)]


@pytest.fixture(scope="module")
def outcomes() -> Counter[tuple[str, bool]]:
    """(mutation, caught) over random problems."""
    counted: Counter[tuple[str, bool]] = Counter()
    for seed in range(PROBLEMS):
        problem = random_problem(seed)
        plan = solve(problem, Limits(iterations=3), seed=seed)
        assert check(problem, plan) == []
        for mutate in ALL_MUTATIONS:
            for turn in range(3):
                mutant = mutate(random.Random(seed * 7 + turn), problem, plan)
                if mutant is not None:
                    counted[mutate.__name__, bool(check(*mutant))] += 1
    return counted


class TestMutants:
    @pytest.mark.parametrize("mutation", [mutate.__name__ for mutate in ALL_MUTATIONS])
    def test_catches_every_one(self, outcomes: Counter[tuple[str, bool]], mutation: str) -> None:
        assert outcomes[mutation, True] > 0
        assert outcomes[mutation, False] == 0

    def test_catches_a_few_thousand(self, outcomes: Counter[tuple[str, bool]]) -> None:
        assert sum(outcomes.values()) > 3000


class TestCheck:
    """Given facts, the exact code; the plan is one stop at 9:00 unless said otherwise."""

    def plan_at(self, problem: Problem, start: int = 9 * HOUR, **over: object) -> Plan:
        route = make_route(problem.shifts[0], problem, (problem.jobs[0].id, start), **over)
        return make_plan(route)

    def test_passes_a_valid_plan(self) -> None:
        problem = make_problem()
        assert codes(problem, self.plan_at(problem)) == []

    def test_tells_a_lost_job(self) -> None:
        assert codes(make_problem(), make_plan()) == [Code.LOST_JOB]

    def test_passes_a_job_left_out(self) -> None:
        assert codes(make_problem(), make_plan(left=("boiler",))) == []

    @pytest.mark.parametrize(
        ("job", "shift", "code"),
        [
            (make_job(requirements=(Requirement("gas"),)), make_shift(), Code.SKILL_MISSING),
            (
                make_job(requirements=(Requirement("gas", 3),)),
                make_shift(skills=(Skill("gas", 2),)),
                Code.SKILL_LEVEL,
            ),
            (
                make_job(requirements=(Requirement("gas"),)),
                make_shift(skills=(Skill("gas", 1, valid_until=9 * HOUR + 1),)),
                Code.SKILL_EXPIRED,
            ),
            (make_job(credentials=("pass",)), make_shift(), Code.CREDENTIAL_MISSING),
            (
                make_job(credentials=("pass",)),
                make_shift(credentials=(Credential("pass", 9 * HOUR + 1),)),
                Code.CREDENTIAL_EXPIRED,
            ),
            (make_job(excluded_technicians=("anna",)), make_shift(), Code.TECHNICIAN_EXCLUDED),
            (make_job(required_technicians=("ben",)), make_shift(), Code.TECHNICIAN_NOT_REQUIRED),
            (make_job(windows=(Window(0, 8 * HOUR),)), make_shift(), Code.OUTSIDE_WINDOW),
            (make_job(earliest_useful=10 * HOUR), make_shift(), Code.TOO_EARLY),
            (make_job(pin=Pin(technician_id="ben")), make_shift(), Code.PIN_TECHNICIAN),
            (make_job(pin=Pin(start=10 * HOUR)), make_shift(), Code.PIN_TIME),
            (make_job(pin=Pin(window=Window(0, HOUR))), make_shift(), Code.PIN_TIME),
            (make_job(), make_shift(reach_seconds=60), Code.OUT_OF_REACH),
            (make_job(), make_shift(max_jobs=0), Code.MAX_JOBS),
            (make_job(load=3), make_shift(capacity=2), Code.CAPACITY),
            (make_job(), make_shift(max_travel_seconds=60), Code.MAX_TRAVEL),
            (make_job(), make_shift(max_work_seconds=80 * MINUTE - 1), Code.MAX_WORK),
            (make_job(), make_shift(start=9 * HOUR), Code.BEFORE_SHIFT),
            (make_job(), make_shift(end=9 * HOUR + 1), Code.AFTER_SHIFT),
            (make_job(crew_size=2), make_shift(), Code.CREW_SIZE),
            (make_job(parts=(Part("valve"),)), make_shift(), Code.PART_MISSING),
            (
                make_job(parts=(Part("valve", 2),)),
                make_shift(parts=(Part("valve"),)),
                Code.PART_MISSING,
            ),
            (make_job(tools=("ladder",)), make_shift(), Code.TOOL_MISSING),
        ],
    )
    def test_names_the_rule(self, job, shift: Shift, code: Code) -> None:
        problem = make_problem([shift], [job])
        assert codes(problem, self.plan_at(problem)) == [code]

    def test_allows_overtime_up_to_its_limit(self) -> None:
        shift = make_shift(end=10 * HOUR, overtime_seconds=10 * MINUTE)
        problem = make_problem([shift])
        assert codes(problem, self.plan_at(problem)) == []

    def test_allows_work_and_ways_up_to_their_limit(self) -> None:
        problem = make_problem([make_shift(max_work_seconds=80 * MINUTE)])
        assert codes(problem, self.plan_at(problem)) == []

    @pytest.mark.parametrize(
        ("skill", "seconds"), [("gas", 4_000), ("lifts", 5_000), (None, 5_000)]
    )
    def test_takes_the_speed_with_the_skill_into_account(
        self, skill: str | None, seconds: int
    ) -> None:
        shift = make_shift(speed_pct=72, skills=(Skill("gas", speed_pct=125),))
        problem = make_problem([shift], [make_job(pace_skill=skill)])
        plan = self.plan_at(problem)
        [stop] = plan.routes[0].stops
        assert (stop.end - stop.start, codes(problem, plan)) == (seconds, [])

    @pytest.mark.parametrize(("late", "expected"), [(0, []), (60, [Code.REST])])
    def test_asks_for_rest_between_two_shifts(self, late: int, expected: list[Code]) -> None:
        shifts = [
            make_shift(id="mon", end=12 * HOUR, overtime_seconds=HOUR),
            make_shift(id="tue", start=24 * HOUR, end=30 * HOUR, rest_seconds=11 * HOUR),
        ]
        jobs = [make_job("a"), make_job("b")]
        problem = make_problem(shifts, jobs)
        home = 13 * HOUR + late
        plan = make_plan(
            make_route(shifts[0], problem, ("a", 9 * HOUR), end=home),
            make_route(shifts[1], problem, ("b", 24 * HOUR + 10 * MINUTE)),
        )
        expected = [*expected, *([Code.AFTER_SHIFT] if late else [])]
        found = check(problem, plan)
        assert [violation.code for violation in found] == expected
        assert not late or found[0].amount == 60

    def test_adds_up_the_hours_of_several_shifts(self) -> None:
        shifts = [
            make_shift(id="mon", max_work_seconds=2 * HOUR),
            make_shift(id="tue", start=32 * HOUR, end=40 * HOUR, max_work_seconds=HOUR),
        ]
        jobs = [make_job("a"), make_job("b")]
        limit = Hours("anna", 0, 48 * HOUR, 3 * HOUR)
        problem = make_problem(shifts, jobs, hours=(limit,))
        plan = make_plan(
            make_route(shifts[0], problem, ("a", 9 * HOUR), end=10 * HOUR + 10 * MINUTE),
            make_route(shifts[1], problem, ("b", 33 * HOUR)),
        )
        assert codes(problem, plan) == [Code.MAX_WORK]
        longer = make_plan(
            replace(plan.routes[0], return_travel_seconds=40 * MINUTE), *plan.routes[1:]
        )
        assert Code.HOURS in codes(problem, longer)

    def test_says_how_long_the_way_is_short(self) -> None:
        shift, jobs = make_shift(), [make_job("a"), make_job("b", place=3)]
        problem = make_problem([shift], jobs)
        early = 10 * HOUR + 20 * MINUTE - 90
        plan = make_plan(make_route(shift, problem, ("a", 9 * HOUR), ("b", early)))
        found = check(problem, plan)
        assert [(v.code, v.job_id, v.amount) for v in found] == [(Code.TRAVEL_TOO_SHORT, "b", 90)]

    def test_counts_a_break_against_the_way(self) -> None:
        pause = Break(10 * HOUR, 10 * HOUR, 600)
        shift, jobs = make_shift(breaks=(pause,)), [make_job("a"), make_job("b", place=2)]
        problem = make_problem([shift], jobs)
        taken = (BreakTaken(0, 10 * HOUR, 10 * HOUR + 600),)
        for start, expected in ((1200, []), (1199, [Code.TRAVEL_TOO_SHORT])):
            stops = (("a", 9 * HOUR), ("b", 10 * HOUR + start))
            plan = make_plan(make_route(shift, problem, *stops, breaks=taken))
            assert codes(problem, plan) == expected

    def test_passes_committed_stops_whatever_they_break(self) -> None:
        fact = Committed("boiler", 5 * HOUR, 23 * HOUR)
        job = make_job(requirements=(Requirement("gas"),), windows=(Window(0, 1),))
        problem = make_problem([make_shift(committed=(fact,))], [job])
        plan = solve(problem, Limits(iterations=2))
        assert codes(problem, plan) == []

    @pytest.mark.parametrize(
        ("fetching", "expected"),
        [
            (DepotPass("store", 0, 8 * HOUR + 1800, 8 * HOUR + 2400, 1800), []),
            (DepotPass("store", 1, 10 * HOUR + 1200, 10 * HOUR + 1800, 1200), [Code.PART_MISSING]),
            (DepotPass("store", 0, 8 * HOUR + 1800, 8 * HOUR + 2399, 1800), [Code.DEPOT_MISPLACED]),
            (DepotPass("other", 0, 8 * HOUR + 1800, 8 * HOUR + 2400, 1800), [Code.DEPOT_FORBIDDEN]),
        ],
    )
    def test_wants_the_pass_before_the_job(self, fetching: DepotPass, expected: list[Code]) -> None:
        """The store is at place 3; the job of an hour at place 1 takes what only it has."""
        shift = make_shift(depots=("store",))
        depots = (Depot("store", 3, 600), Depot("other", 3, 600))
        problem = make_problem([shift], [make_job(parts=(Part("valve"),))], depots=depots)
        start, home = 9 * HOUR, 10 * HOUR + 600
        stop = Stop("boiler", start, start, 10 * HOUR, 1200 if fetching.position == 0 else 600)
        if fetching.position == 1:
            home = fetching.end + 1800
        route = Route(shift.id, 8 * HOUR, (stop,), home, 1800 if fetching.position else 600,
                      depot_pass=fetching)  # fmt: skip
        assert codes(problem, make_plan(route)) == expected

    def test_a_fact_uses_parts_too(self) -> None:
        fact = Committed("boiler", 8 * HOUR, 9 * HOUR)
        shift = make_shift(parts=(Part("valve"),), committed=(fact,))
        jobs = [make_job(parts=(Part("valve"),)), make_job("second", parts=(Part("valve"),))]
        problem = make_problem([shift], jobs)
        stops = (("boiler", 8 * HOUR), ("second", 9 * HOUR))
        plan = make_plan(make_route(shift, problem, *stops, departure=8 * HOUR))
        assert codes(problem, plan) == [Code.PART_MISSING]

    def test_tells_one_technician_on_two_seats(self) -> None:
        shifts = [make_shift(id="a"), make_shift(id="b", start=17 * HOUR, end=20 * HOUR)]
        problem = make_problem(shifts, [make_job(crew_size=2)])
        plan = make_plan(*(make_route(s, problem, ("boiler", s.start + HOUR)) for s in shifts))
        assert codes(problem, plan) == [Code.CREW_SAME_TECHNICIAN, Code.CREW_NOT_TOGETHER]

    def test_tells_two_routes_of_one_shift(self) -> None:
        problem = make_problem()
        plan = self.plan_at(problem)
        twice = replace(plan, routes=plan.routes * 2)
        assert Code.DUPLICATE_ROUTE in codes(problem, twice)
