"""A past day planned again: what is known when, and who does what."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.backtests.day import problem_at, run_day
from dispatch.scheduling.backtests.figures import count, what_happened
from dispatch.scheduling.backtests.history import History, load_history
from dispatch.scheduling.backtests.world import World
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.moves.service import move
from dispatch.scheduling.policies.queries import Policies, policies_in_force
from dispatch.scheduling.staffing.service import assign
from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.service import report_absence
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.service import cancel
from kernel import clock
from optimizer.limits import Limits
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.solve import solve as solve_here
from tests.factories.scheduling import (
    MONDAY,
    Town,
    add_technician,
    make_planned,
    make_town,
    make_waiting,
    use_rules,
)
from tests.factories.technicians import make_technician

V = VisitStatus
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ZONE = "Europe/Berlin"
EVE = MONDAY - 12 * HOUR
"""When the shifts are entered: the evening before."""


def solve(problem: Problem, previous: Plan) -> Plan:
    return solve_here(problem, Limits(iterations=50), 1, previous)


def town_of(session: Session, technicians: int = 2) -> Town:
    town = make_town(session, technicians=0)
    clock.freeze(session, EVE)
    for _ in range(technicians):
        add_technician(session, town)
    return town


def history_of(session: Session, town: Town) -> History:
    session.flush()
    session.expire_all()
    start, end = day_bounds(MONDAY.date(), ZONE)
    return load_history(session, town.territory.id, ZONE, start, end)


def ordered_at(session: Session, town: Town, at: datetime, **over: object) -> Visit:
    clock.freeze(session, at)
    visit = make_waiting(session, town, **over)
    session.flush()
    return visit


def known_jobs(world: World, policies: Policies, now: datetime) -> set[str]:
    world.advance(now)
    return {job.id for job in problem_at(world, policies, now).problem.jobs}


def carry_out(session: Session, visit: Visit, at: datetime, took: timedelta) -> None:
    for to, when in (
        (V.DISPATCHED, at - 20 * MINUTE),
        (V.EN_ROUTE, at - 10 * MINUTE),
        (V.ON_SITE, at),
        (V.IN_PROGRESS, at),
        (V.COMPLETED, at + took),
    ):
        clock.freeze(session, when)
        move(session, visit.id, to)
        session.flush()


class TestKnowledge:
    def test_an_order_created_at_11_is_unknown_at_10_59(self, session: Session) -> None:
        town = town_of(session)
        eleven = MONDAY + 3 * HOUR
        early = ordered_at(session, town, MONDAY)
        late = ordered_at(session, town, eleven)
        policies = policies_in_force(session)
        world = World(history_of(session, town))
        assert known_jobs(world, policies, eleven - MINUTE) == {str(early.id)}
        assert known_jobs(world, policies, eleven) == {str(early.id), str(late.id)}

    def test_what_is_changed_later_is_as_it_was(self, session: Session) -> None:
        town = town_of(session)
        visit = ordered_at(session, town, MONDAY, duration_minutes=60, p80_minutes=90)
        clock.freeze(session, MONDAY + 2 * HOUR)
        visit.duration_minutes = 90
        session.flush()
        policies = policies_in_force(session)
        world = World(history_of(session, town))

        def seconds(now: datetime) -> list[int]:
            world.advance(now)
            return [job.duration_seconds for job in problem_at(world, policies, now).problem.jobs]

        assert seconds(MONDAY + HOUR) == [3600]
        assert seconds(MONDAY + 2 * HOUR) == [5400]

    def test_an_absence_is_unknown_before_it_is_reported(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        ordered_at(session, town, MONDAY)
        clock.freeze(session, MONDAY + 2 * HOUR)
        until = MONDAY + 9 * HOUR
        report_absence(session, town.first.id, MONDAY + 2 * HOUR, until, AbsenceKind.ILLNESS)
        policies = policies_in_force(session)
        world = World(history_of(session, town))

        def shifts_today(now: datetime) -> int:
            world.advance(now)
            shifts = problem_at(world, policies, now).problem.shifts
            return sum(shift.start < 9 * 3600 for shift in shifts)

        assert shifts_today(MONDAY + HOUR) == 1
        assert shifts_today(MONDAY + 2 * HOUR) == 0

    def test_how_long_work_takes_is_unknown_until_it_is_done(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        session.flush()
        carry_out(session, visit, MONDAY + HOUR, 3 * HOUR)
        policies = policies_in_force(session)
        world = World(history_of(session, town))
        now = MONDAY + HOUR + 30 * MINUTE
        world.advance(now)
        [committed] = problem_at(world, policies, now).problem.shifts[0].committed
        assert committed.end == 25 * 60
        later = MONDAY + HOUR + 150 * MINUTE
        world.advance(later)
        [committed] = problem_at(world, policies, later).problem.shifts[0].committed
        assert committed.end == 0


class TestRunDay:
    def test_serves_what_comes_in_and_counts_it(self, session: Session) -> None:
        town = town_of(session)
        visits = [
            ordered_at(session, town, MONDAY + n * HOUR, due_at=MONDAY + (n + 5) * HOUR)
            for n in range(3)
        ]
        world = run_day(history_of(session, town), policies_in_force(session), solve)
        assert {item.visit_id for item in world.done} == {visit.id for visit in visits}
        for item, visit in zip(sorted(world.done, key=lambda d: d.starts_at), visits, strict=True):
            assert item.starts_at >= visit.created_at
        figures = count(world, world.done)
        assert (figures.visits, figures.due, figures.due_met, figures.unserved) == (3, 3, 3, 0)
        assert figures.work_seconds == 3 * 3600

    def test_leaves_out_what_was_cancelled_before_anybody_came(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        first = ordered_at(session, town, MONDAY - HOUR)
        second = ordered_at(session, town, MONDAY - HOUR, priority=1)
        clock.freeze(session, MONDAY - 30 * MINUTE)
        cancel(session, second.work_order_id, "changed their mind")
        world = run_day(history_of(session, town), policies_in_force(session), solve)
        assert [item.visit_id for item in world.done] == [first.id]

    def test_takes_as_long_as_it_really_took(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        clock.freeze(session, MONDAY - HOUR)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        carry_out(session, visit, MONDAY + HOUR, 95 * MINUTE)
        history = history_of(session, town)
        world = run_day(history, policies_in_force(session), solve)
        [done] = world.done
        assert done.ends_at - done.starts_at == 95 * MINUTE
        real = count(world, what_happened(history))
        assert (real.visits, real.work_seconds) == (1, 95 * 60)

    def test_gives_freelancers_what_they_took_and_counts_their_ways(self, session: Session) -> None:
        """Else a course with fewer of them would seem to drive more."""
        town = town_of(session, technicians=1)
        free = make_technician(session, town.territory, employment=Employment.FREELANCE)
        noon = MONDAY + 4 * HOUR
        visit = ordered_at(session, town, MONDAY, east=0.1, earliest_at=noon)
        clock.freeze(session, MONDAY + HOUR)
        assign(session, visit.id, [free.id], noon, source="offer")
        carry_out(session, visit, noon, HOUR)
        history = history_of(session, town)
        world = run_day(history, policies_in_force(session), solve)
        played, real = count(world, world.done), count(world, what_happened(history))
        assert played == real
        assert played.by_freelancers == 1
        assert played.travel_seconds > 0

    def test_keeps_a_promise_a_little_early(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        visit, _ = make_planned(session, town, town.first, MONDAY + HOUR)
        end = MONDAY + 3 * HOUR
        promise = Booking(
            visit_id=visit.id, customer_id=visit.customer_id, status=BookingStatus.CONFIRMED,
            arrival_start=MONDAY + HOUR + 10 * MINUTE, arrival_end=end,
        )  # fmt: skip
        session.add(promise)
        carry_out(session, visit, MONDAY + HOUR, HOUR)
        history = history_of(session, town)
        world = run_day(history, policies_in_force(session), solve)
        real = count(world, what_happened(history))
        assert (real.promised, real.promises_kept) == (1, 1)

    def test_is_the_same_each_time(self, session: Session) -> None:
        town = town_of(session, technicians=3)
        for n in range(8):
            ordered_at(session, town, MONDAY + n * 20 * MINUTE, east=0.02 * (n % 4))
        history, policies = history_of(session, town), policies_in_force(session)
        first, second = (run_day(history, policies, solve).done for _ in range(2))
        assert first == second

    def test_follows_the_policy(self, session: Session) -> None:
        town = town_of(session, technicians=1)
        for n in range(10):
            ordered_at(session, town, MONDAY - HOUR, priority=3, east=0.01 * n)
        history = history_of(session, town)
        usual = run_day(history, policies_in_force(session), solve)
        use_rules(session, town.territory, unserved_cents=(0, 0, 0, 0, 0))
        careless = run_day(history, policies_in_force(session), solve)
        assert len(careless.done) < len(usual.done)

    def test_changes_nothing(self, session: Session) -> None:
        town = town_of(session)
        visit = ordered_at(session, town, MONDAY)
        run_day(history_of(session, town), policies_in_force(session), solve)
        session.flush()
        session.expire_all()
        assert visit.status is V.UNSCHEDULED
