"""A shift that departs late waits at home, not on the way."""

from optimizer.check import check
from optimizer.job import Deadline, Window
from optimizer.limits import Limits
from optimizer.plan import Route
from optimizer.shift import Break
from optimizer.solve import solve
from tests.factories.optimizer import HOUR, MINUTE, make_job, make_problem, make_shift


def route_of(*, departs_late: bool, breaks: tuple[Break, ...] = (), **over: object) -> Route:
    """An early job from 8:00 on and one at 12:00, each an hour, ten minutes apart."""
    jobs = [
        make_job("early", windows=(Window(8 * HOUR, 10 * HOUR),), **over),
        make_job("late", place=2, windows=(Window(12 * HOUR, 13 * HOUR),)),
    ]
    shift = make_shift(departs_late=departs_late, waiting_cents_per_hour=60, breaks=breaks)
    problem = make_problem([shift], jobs)
    plan = solve(problem, Limits(iterations=3))
    assert check(problem, plan) == []
    [route] = plan.routes
    return route


def test_leaves_as_early_as_it_can_without() -> None:
    assert route_of(departs_late=False).departure == 8 * HOUR


def test_leaves_as_late_as_window_and_end_allow() -> None:
    route = route_of(departs_late=True)
    assert route.departure == 10 * HOUR - 10 * MINUTE
    assert [stop.start for stop in route.stops] == [10 * HOUR, 12 * HOUR]
    assert route.end == 13 * HOUR + 20 * MINUTE


def test_keeps_its_breaks() -> None:
    pause = Break(11 * HOUR, 12 * HOUR, 30 * MINUTE)
    route = route_of(departs_late=True, breaks=(pause,))
    assert [stop.start for stop in route.stops] == [10 * HOUR, 12 * HOUR]
    assert route.breaks[0].start == 11 * HOUR


def test_a_price_of_time_keeps_the_earliest_start() -> None:
    due = Deadline(9 * HOUR, 10, 5_000)
    route = route_of(departs_late=True, deadline=due)
    assert route.departure == 8 * HOUR
