"""What a person asks for is put into the plan as asked, so that the check can judge it."""

from optimizer.check import check
from optimizer.limits import Limits
from optimizer.place import place
from optimizer.shift import Break
from optimizer.solve import solve
from optimizer.violation import Code
from tests.factories.optimizer import HOUR, make_job, make_problem, make_shift


class TestPlace:
    def test_puts_the_job_at_its_time(self) -> None:
        problem = make_problem()
        plan = solve(problem, Limits(iterations=0))
        placed = place(problem, plan, problem.jobs[0], 11 * HOUR, {"anna-day"})
        assert placed.seats("boiler")[0][1].start == 11 * HOUR
        assert check(problem, placed) == []

    def test_takes_it_away_from_where_it_was(self) -> None:
        problem = make_problem([make_shift("anna"), make_shift("ben")])
        plan = solve(problem, Limits(iterations=0))
        placed = place(problem, plan, problem.jobs[0], 11 * HOUR, {"ben-day"})
        assert [route.shift_id for route in placed.routes] == ["ben-day"]
        assert check(problem, placed) == []

    def test_moves_a_break_that_is_in_the_way(self) -> None:
        shift = make_shift(breaks=(Break(11 * HOUR, 12 * HOUR, HOUR // 2),))
        problem = make_problem([shift], [make_job("a"), make_job("b")])
        plan = solve(problem, Limits(iterations=0))
        placed = place(problem, plan, problem.jobs[1], 11 * HOUR, {shift.id})
        assert check(problem, placed) == []
        assert placed.routes[0].breaks[0].start == 12 * HOUR

    def test_lets_the_check_tell_an_overlap(self) -> None:
        problem = make_problem(jobs=[make_job("a"), make_job("b", place=2)])
        plan = solve(problem, Limits(iterations=0))
        start = plan.seats("a")[0][1].start + 60
        placed = place(problem, plan, problem.jobs[1], start, {"anna-day"})
        found = {violation.code for violation in check(problem, placed)}
        assert found == {Code.OVERLAP, Code.TRAVEL_TOO_SHORT}

    def test_lets_the_check_tell_a_start_before_the_shift(self) -> None:
        problem = make_problem()
        plan = solve(problem, Limits(iterations=0))
        placed = place(problem, plan, problem.jobs[0], 6 * HOUR, {"anna-day"})
        assert {violation.code for violation in check(problem, placed)} == {Code.BEFORE_SHIFT}
