"""A problem that exists keeps what binds several shifts of one technician."""

import pytest

from optimizer.check import check
from optimizer.limits import Limits
from optimizer.problem import Hours
from optimizer.shift import Committed
from optimizer.solve import solve
from tests.factories.optimizer import HOUR, make_job, make_problem, make_shift

MONDAY = make_shift(id="mon", overtime_seconds=HOUR, max_work_seconds=4 * HOUR)


def tuesday(**over: object):
    return make_shift(**{"id": "tue", "start": 28 * HOUR, "end": 36 * HOUR} | over)


class TestProblem:
    def test_refuses_a_shift_without_its_rest(self) -> None:
        make_problem([MONDAY, tuesday(rest_seconds=11 * HOUR)])
        with pytest.raises(ValueError, match="Shift tue begins without its rest after shift mon"):
            make_problem([MONDAY, tuesday(rest_seconds=11 * HOUR + 1)])

    @pytest.mark.parametrize("most", [3 * HOUR, None])
    def test_refuses_shifts_that_may_exceed_the_hours(self, most: int | None) -> None:
        limit = Hours("anna", 0, 48 * HOUR, 6 * HOUR)
        shifts = [MONDAY, tuesday(max_work_seconds=2 * HOUR)]
        make_problem(shifts, hours=(limit,))
        with pytest.raises(ValueError, match="The shifts of technician anna may exceed"):
            make_problem([MONDAY, tuesday(max_work_seconds=most)], hours=(limit,))

    def test_counts_shifts_that_start_in_time_alone(self) -> None:
        limit = Hours("anna", 0, 24 * HOUR, 4 * HOUR)
        assert make_problem([MONDAY, tuesday()], hours=(limit,)).hours == (limit,)

    def test_a_plan_rests_even_after_facts_that_have_overrun(self) -> None:
        late = Committed("late", 9 * HOUR, 20 * HOUR)
        shifts = [make_shift(id="mon", committed=(late,)), tuesday(rest_seconds=11 * HOUR)]
        problem = make_problem(shifts, [make_job("late"), make_job("next")])
        plan = solve(problem, Limits(iterations=2))
        assert check(problem, plan) == []
        rested = plan.route_by_shift["mon"].end + 11 * HOUR
        assert plan.route_by_shift["tue"].departure >= rested > 28 * HOUR

    def test_a_plan_keeps_the_work_of_a_shift_within_its_bound(self) -> None:
        jobs = [make_job(name) for name in "abc"]
        problem = make_problem([make_shift(max_work_seconds=2 * HOUR + 20 * 60)], jobs)
        plan = solve(problem, Limits(iterations=5))
        assert (len(plan.routes[0].stops), len(plan.unassigned)) == (2, 1)
