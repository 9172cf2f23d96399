"""Every plan of solve can be carried out, is priced right, and comes back the same."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from optimizer.check import check
from optimizer.codec import dumps, plan_to_json
from optimizer.depot import Depot
from optimizer.insertions import insertions
from optimizer.job import Pin, Promise, Requirement, Window
from optimizer.limits import Limits
from optimizer.plan import Plan, ReasonCode
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Break, Committed, Skill
from optimizer.solve import solve
from optimizer.supplies import Part
from tests.factories.optimizer import HOUR, MINUTE, make_job, make_problem, make_shift
from tests.optimizer.strategies import problems

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class TestSolve:
    @QUICK
    @given(problems())
    def test_makes_plans_without_violations(self, problem: Problem) -> None:
        plan = solve(problem, Limits(iterations=15), seed=1)
        assert check(problem, plan) == []
        assert plan.score == score(problem, plan)

    @settings(QUICK, max_examples=15)
    @given(problems())
    def test_or_tools_makes_plans_without_violations(self, problem: Problem) -> None:
        plan = solve(problem, Limits(seconds=0.3), engine="routing")
        assert check(problem, plan) == []

    def test_plans_by_or_tools_where_there_is_no_numba(self) -> None:
        code = """
import sys
sys.modules["numba"] = None
from optimizer.limits import Limits
from optimizer.solve import solve
from tests.factories.optimizer import make_problem
plan = solve(make_problem(), Limits(seconds=0.3))
print(plan.engine, plan.routes[0].stops[0].job_id)
"""
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout.split() == ["routing", "boiler"], run.stderr

    @settings(QUICK, max_examples=20)
    @given(problems())
    def test_is_never_dearer_with_more_iterations(self, problem: Problem) -> None:
        few, many = (solve(problem, Limits(iterations=n), seed=3) for n in (0, 30))
        rounding = len(problem.jobs) + len(problem.shifts)
        assert many.score.total_cents <= few.score.total_cents + rounding

    @settings(QUICK, max_examples=15)
    @given(problems())
    def test_gives_the_same_bytes_for_the_same_seed(self, problem: Problem) -> None:
        first, second = (
            dumps(plan_to_json(solve(problem, Limits(iterations=12), seed=7))) for _ in range(2)
        )
        assert first == second

    @settings(QUICK, max_examples=20)
    @given(problems())
    def test_goes_on_from_a_previous_plan(self, problem: Problem) -> None:
        before = solve(problem, Limits(iterations=10), seed=1)
        after = solve(problem, Limits(iterations=0), seed=1, previous=before)
        rounding = len(problem.jobs) + len(problem.shifts)
        assert check(problem, after) == []
        assert after.score.total_cents <= before.score.total_cents + rounding

    def test_replays_a_timed_plan_from_its_schedule(self) -> None:
        problem = make_problem(
            [make_shift("anna"), make_shift("ben")],
            [make_job(f"j{n}", place=n % 4) for n in range(12)],
        )
        timed = solve(problem, Limits(seconds=0.2), seed=5)
        replayed = solve(problem, Limits(schedule=timed.schedule), seed=5)
        assert dumps(plan_to_json(timed)) == dumps(plan_to_json(replayed))

    def test_ends_when_it_is_cancelled(self) -> None:
        told: list[float] = []
        jobs = [make_job(f"j{n}", place=n % 4) for n in range(12)]
        problem = make_problem([make_shift("anna"), make_shift("ben")], jobs)
        plan = solve(
            problem,
            Limits(seconds=600),
            cancelled=lambda: len(told) >= 30,
            progress=lambda _, cents: told.append(cents),
        )
        assert check(problem, plan) == []
        assert len(told) == 30
        assert told == sorted(told, reverse=True)

    def test_returns_a_plan_when_the_limit_is_too_short(self) -> None:
        plan = solve(make_problem(), Limits(seconds=1e-9))
        assert [stop.job_id for stop in plan.routes[0].stops] == ["boiler"]

    def test_plans_nothing_without_shifts(self) -> None:
        plan = solve(make_problem(shifts=[]), Limits(iterations=5))
        assert plan.routes == ()
        assert plan.unassigned[0].reasons[0].code == ReasonCode.NO_SHIFTS

    def test_plans_nothing_without_jobs(self) -> None:
        assert solve(make_problem(jobs=[]), Limits(iterations=5)).routes == ()


class TestChoices:
    """One rule each, with one right answer."""

    def plan(self, problem: Problem) -> dict[str, list[str]]:
        plan = solve(problem, Limits(iterations=30), seed=1)
        assert check(problem, plan) == []
        return {route.shift_id: [stop.job_id for stop in route.stops] for route in plan.routes}

    def test_takes_who_has_the_level(self) -> None:
        shifts = [
            make_shift("anna", skills=(Skill("gas", 1),)),
            make_shift("ben", skills=(Skill("gas", 3),)),
        ]
        job = make_job(requirements=(Requirement("gas", 2),))
        assert self.plan(make_problem(shifts, [job])) == {"ben-day": ["boiler"]}

    def test_leaves_out_the_cheaper_job(self) -> None:
        shift = make_shift(end=8 * HOUR + 90 * MINUTE)
        jobs = [make_job("cheap", unserved_cents=100), make_job("dear", unserved_cents=900)]
        assert self.plan(make_problem([shift], jobs)) == {"anna-day": ["dear"]}

    def test_takes_the_promised_technician(self) -> None:
        shifts = [make_shift("anna"), make_shift("ben", travel_cents_per_hour=100)]
        job = make_job(promise=Promise(("ben",), technician_cents=5000))
        assert self.plan(make_problem(shifts, [job])) == {"ben-day": ["boiler"]}

    def test_keeps_a_pin_against_the_price(self) -> None:
        shifts = [make_shift("anna"), make_shift("ben", travel_cents_per_hour=9000)]
        job = make_job(pin=Pin(technician_id="ben"))
        assert self.plan(make_problem(shifts, [job])) == {"ben-day": ["boiler"]}

    def test_works_around_an_absence(self) -> None:
        absent = Break(9 * HOUR, 9 * HOUR, 5 * HOUR)
        job = make_job(windows=(Window(9 * HOUR, 13 * HOUR),))
        problem = make_problem([make_shift(breaks=(absent,))], [job])
        plan = solve(problem, Limits(iterations=5))
        assert plan.unassigned[0].reasons[0].code == ReasonCode.OUTSIDE_SHIFT

    def test_starts_a_crew_together(self) -> None:
        shifts = [make_shift("anna"), make_shift("ben", start_place=3)]
        jobs = [make_job("lift", crew_size=2), make_job("small", place=2)]
        plan = solve(make_problem(shifts, jobs), Limits(iterations=30))
        seats = plan.seats("lift")
        assert check(make_problem(shifts, jobs), plan) == []
        assert len(seats) == 2
        assert len({stop.start for _, stop in seats}) == 1

    def test_goes_on_behind_committed_stops(self) -> None:
        done = Committed("done", 9 * HOUR, 10 * HOUR + 120, 600)
        jobs = [make_job("done"), make_job("next", place=2)]
        problem = make_problem([make_shift(committed=(done,))], jobs)
        plan = solve(problem, Limits(iterations=5))
        first, second = plan.routes[0].stops
        assert (first.start, first.end) == (9 * HOUR, 10 * HOUR + 120)
        assert second.start == 10 * HOUR + 120 + 10 * MINUTE


class TestReasons:
    @pytest.mark.parametrize(
        ("job", "code"),
        [
            (make_job(requirements=(Requirement("gas"),)), ReasonCode.SKILL_MISSING),
            (make_job(credentials=("pass",)), ReasonCode.CREDENTIAL_MISSING),
            (make_job(parts=(Part("valve"),)), ReasonCode.PART_MISSING),
            (make_job(tools=("ladder",)), ReasonCode.TOOL_MISSING),
            (make_job(excluded_technicians=("anna",)), ReasonCode.EXCLUDED),
            (make_job(required_technicians=("ben",)), ReasonCode.NOT_REQUIRED),
            (make_job(pin=Pin(technician_id="ben")), ReasonCode.PINNED_ELSEWHERE),
            (make_job(windows=(Window(0, HOUR),)), ReasonCode.OUTSIDE_SHIFT),
            (make_job(crew_size=2), ReasonCode.CREW_TOO_SMALL),
            (make_job(unserved_cents=0), ReasonCode.TOO_EXPENSIVE),
        ],
    )
    def test_names_the_group(self, job, code) -> None:
        shift = make_shift(travel_cents_per_hour=100)
        plan = solve(make_problem([shift], [job]), Limits(iterations=3))
        reason = plan.unassigned[0].reasons[0]
        assert (reason.code, reason.technician_ids) == (code, ("anna",))

    def test_tells_no_room_from_no_time(self) -> None:
        shift = make_shift(end=8 * HOUR + 90 * MINUTE)
        jobs = [make_job("first", unserved_cents=99_000), make_job("second")]
        plan = solve(make_problem([shift], jobs), Limits(iterations=3))
        assert plan.unassigned[0].reasons[0].code == ReasonCode.NO_ROOM

    def test_says_when_it_is_too_far(self) -> None:
        plan = solve(make_problem([make_shift(reach_seconds=60)]), Limits(iterations=3))
        assert plan.unassigned[0].reasons[0].code == ReasonCode.OUT_OF_REACH


class TestDepots:
    """The store lies ten minutes behind the last job; two jobs take a valve, the shift has one."""

    def plan(self, **over: Any) -> Plan:
        shift = make_shift(parts=(Part("valve"),), travel_cents_per_hour=600, **over)
        jobs = [make_job(str(n), place=n, parts=(Part("valve"),)) for n in (1, 2)]
        problem = make_problem([shift], jobs, depots=(Depot("store", 3, 300),))
        plan = solve(problem, Limits(iterations=200))
        assert check(problem, plan) == []
        return plan

    def test_leaves_out_what_it_has_no_part_for(self) -> None:
        [left] = self.plan().unassigned
        assert left.reasons[0].code == ReasonCode.NO_ROOM

    def test_passes_the_depot_for_the_second(self) -> None:
        plan = self.plan(depots=("store",))
        [route] = plan.routes
        assert route.depot_pass is not None
        assert route.depot_pass.end - route.depot_pass.start == 300
        assert plan.unassigned == ()
        assert route.travel_seconds == 6 * 600

    def test_starts_from_its_own_plan(self) -> None:
        before = self.plan(depots=("store",))
        shift = make_shift(parts=(Part("valve"),), travel_cents_per_hour=600, depots=("store",))
        jobs = [make_job(str(n), place=n, parts=(Part("valve"),)) for n in (1, 2)]
        problem = make_problem([shift], jobs, depots=(Depot("store", 3, 300),))
        again = solve(problem, Limits(iterations=0), previous=before)
        assert again.routes == before.routes

    def test_an_insertion_fetches_what_it_needs(self) -> None:
        shift = make_shift(travel_cents_per_hour=600, depots=("store",))
        problem = make_problem([shift], [make_job()], depots=(Depot("store", 3, 300),))
        plan = solve(problem, Limits(iterations=20))
        new = make_job("new", tools=("ladder",))
        [best, *_] = insertions(problem, plan, new)
        assert best.terms["travel"] == 4 * 100
