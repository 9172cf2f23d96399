"""The judge's prices are exact, and what breaks a rule is no solution."""

import pytest

from benchmarks.plan.generator import make
from benchmarks.plan.judge import judge, objective
from benchmarks.plan.problem import orders_of, to_plan, to_problem
from benchmarks.plan.schedule import earliest
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.solve import solve
from tests.benchmarks.plan_instances import HOUR, LUNCH, make_job, make_line, make_technician


class TestObjective:
    def test_prices_way_work_fixed_cost_and_what_is_left_out(self) -> None:
        instance = make_line(make_job(1), make_job(2), make_job(3, weight=10))
        # 40 minutes at 36.00, two hours at 18.00, 5.00 fixed, 10 points of weight
        assert objective(instance, [[0, 1]]) == 24.0 + 36.0 + 5.0 + 10 * 200

    def test_nobody_used_costs_what_is_left_out(self) -> None:
        assert objective(make_line(make_job(1)), [[]]) == 800.0

    def test_counts_the_way_alone_where_all_is_required(self) -> None:
        instance = make_line(make_job(2), all_required=True, units_per_second=10)
        assert objective(instance, [[0]]) == 240.0


class TestJudge:
    def test_accepts_a_route_that_can_be_kept(self) -> None:
        verdict = judge(make_line(make_job(1)), [[0]])
        assert verdict.is_feasible
        assert verdict.unserved == 0

    @pytest.mark.parametrize(
        "broken",
        [
            {"latest": 100},
            {"skill": "lifts", "level": 3},
            {"skill": "gas"},
            {"duration_seconds": 11 * HOUR},
        ],
    )
    def test_refuses_a_job_that_cannot_be_done(self, broken: dict[str, object]) -> None:
        assert not judge(make_line(make_job(1, **broken)), [[0]]).is_feasible

    def test_refuses_too_much_load(self) -> None:
        instance = make_line(
            make_job(1, load=3), make_job(2, load=3), technician=make_technician(capacity=5)
        )
        assert judge(instance, [[0]]).is_feasible
        assert not judge(instance, [[0, 1]]).is_feasible

    def test_refuses_a_job_that_is_done_twice(self) -> None:
        assert not judge(make_line(make_job(1)), [[0, 0]]).is_feasible

    def test_refuses_to_leave_out_what_is_required(self) -> None:
        assert not judge(make_line(make_job(1), make_job(2), all_required=True), [[0]]).is_feasible

    def test_refuses_where_another_judge_disagrees(self) -> None:
        verdict = judge(make_line(make_job(1)), [[0]], evaluate=lambda *_: 1.0)
        assert "says 1.0" in verdict.why

    def test_refuses_a_plan_that_is_not_what_its_times_say(self) -> None:
        instance = make_line(make_job(1), make_job(2))
        plan = to_plan(make_line(make_job(1), make_job(2, latest=9 * HOUR)), [[0, 1]])
        tight = make_line(make_job(1), make_job(2, latest=HOUR))
        assert judge(instance, [[0, 1]], plan).is_feasible
        assert not judge(tight, [[0, 1]], plan).is_feasible


class TestEarliest:
    def test_takes_the_break_on_the_way(self) -> None:
        technician = make_technician(breaks=(LUNCH,))
        instance = make_line(make_job(12), technician=technician)
        timed = earliest(instance, technician, [0])
        assert timed is not None
        # two hours of driving stand before the break only when it may not start earlier
        assert timed.starts == (2 * HOUR,)
        assert timed.breaks == ((3 * HOUR, 4 * HOUR),)
        assert timed.end == 6 * HOUR

    def test_finds_no_time_when_the_break_falls_into_work(self) -> None:
        technician = make_technician(breaks=(LUNCH,))
        instance = make_line(
            make_job(1, earliest=HOUR, latest=HOUR, duration_seconds=4 * HOUR),
            technician=technician,
        )
        assert earliest(instance, technician, [0]) is None

    def test_keeps_several_breaks(self) -> None:
        later = LUNCH.__class__(5 * HOUR, 6 * HOUR, HOUR)
        technician = make_technician(breaks=(LUNCH, later))
        instance = make_line(make_job(1), make_job(2), technician=technician)
        plan = to_plan(instance, [[0, 1]])
        assert plan is not None
        assert check(to_problem(instance), plan) == []

    @pytest.mark.parametrize("region", ["city", "radial", "rural"])
    def test_agrees_with_the_checker_on_plans_of_the_solver(self, region: str) -> None:
        instance = make(region, 6, 40, seed=3)
        plan = solve(to_problem(instance), Limits(iterations=300))
        orders = orders_of(instance, plan)
        ours, again = judge(instance, orders, plan), judge(instance, orders)
        assert ours.is_feasible
        assert again.objective == ours.objective
        assert ours.objective == pytest.approx(plan.score.total_cents / 100, abs=1)
