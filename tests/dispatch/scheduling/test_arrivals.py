"""Arrivals against plan and promise, and promises as wide as they have to be."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.arrivals import service
from dispatch.scheduling.arrivals.learning import (
    FEWEST,
    Errors,
    Position,
    corrected_quantile,
    errors,
    position_of,
    promise,
    share,
)
from dispatch.scheduling.arrivals.queries import Promises, list_errors, promises_since
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.problems.build import build_for_plan
from dispatch.scheduling.problems.queries import load_demand, load_staff
from dispatch.scheduling.slots.queries import windows
from dispatch.travel.lifecycle import Hours
from dispatch.work_orders.lifecycle import VisitStatus
from kernel import clock
from tests.client import ApiClient
from tests.factories.scheduling import MONDAY, Town, make_planned, make_town, make_waiting
from tests.principals import call_agent

MakeClient = Callable[..., ApiClient]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def arrive(session: Session, town: Town, at: datetime, late: float, promised: bool = False) -> None:
    """An arrival so many minutes later than planned, in a window of two hours if promised."""
    visit, row = make_planned(session, town, town.first, at, source="dispatcher")
    if promised:
        session.add(
            Booking(
                visit_id=visit.id,
                customer_id=visit.customer_id,
                arrival_start=at - HOUR,
                arrival_end=at + HOUR,
            )
        )
    visit.on_site_at = at + late * MINUTE
    for status in (VisitStatus.DISPATCHED, VisitStatus.EN_ROUTE, VisitStatus.ON_SITE):
        visit.status = status
        session.flush()
    row.status = AssignmentStatus.ACTIVE
    session.flush()
    row.status = AssignmentStatus.DONE
    session.flush()


class TestErrors:
    def test_need_enough_arrivals(self) -> None:
        assert errors([5.0] * (FEWEST - 1)) is None

    def test_are_quantiles(self) -> None:
        found = errors([float(n) for n in range(-10, 91)])
        assert found == Errors(p5=-5, p50=40, p95=85, arrivals=101)


class TestCorrection:
    def test_reaches_further_where_promises_were_broken(self) -> None:
        assert corrected_quantile(90, 100) > 0.95
        assert corrected_quantile(100, 100) < 0.95
        assert corrected_quantile(955, 1000) == pytest.approx(0.95)

    def test_stays_within_bounds_and_needs_enough(self) -> None:
        assert corrected_quantile(0, 1000) == 0.99
        assert corrected_quantile(0, 10) == 0.95


class TestPromise:
    def test_is_as_usual_where_nothing_is_known(self) -> None:
        assert (promise(None).margin, promise(None).hours) == (30 * MINUTE, 2)

    def test_widens_with_the_errors(self) -> None:
        narrow = promise(Errors(-3, 0, 12, 100))
        assert (narrow.margin, narrow.hours) == (12 * MINUTE, 1)
        wide = promise(Errors(-20, 10, 75, 100))
        assert (wide.margin, wide.hours) == (75 * MINUTE, 4)

    def test_has_bounds(self) -> None:
        assert promise(Errors(0, 0, 0, 100)).margin == 10 * MINUTE
        assert promise(Errors(0, 100, 500, 100)).margin == 90 * MINUTE


class TestShare:
    def test_has_an_interval(self) -> None:
        found = share(95, 100)
        assert found is not None
        assert found.low < found.pct == 95.0 < found.high
        wider, narrower = share(19, 20), share(1900, 2000)
        assert wider is not None
        assert narrower is not None
        assert narrower.high - narrower.low < wider.high - wider.low
        assert share(0, 0) is None


def test_lateness_is_told_apart_along_the_route() -> None:
    places = [position_of(number) for number in (1, 2, 4, 5)]
    assert places == [Position.FIRST, Position.MIDDLE, Position.MIDDLE, Position.LATE]


class TestLearn:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        return make_town(session, technicians=1, days=3)

    def fill(self, session: Session, town: Town, late: Callable[[int], float]) -> None:
        for number in range(60):
            at = MONDAY - DAY * (1 + number // 2) + 2 * HOUR * (number % 2)
            arrive(session, town, at, late(number), promised=True)

    def test_promises_follow_what_happened(self, session: Session, town: Town) -> None:
        visit = make_waiting(session, town)
        usual = windows(session, visit.id, date(2026, 3, 2), 1)
        assert {w.end - w.start for w in usual} == {2 * HOUR}
        self.fill(session, town, lambda number: number % 5)
        service.learn(session)
        told = Promises(session, town.territory.id)
        assert told.usual.margin == 10 * MINUTE
        found = windows(session, visit.id, date(2026, 3, 2), 1)
        assert {w.end - w.start for w in found} == {HOUR}

    def test_late_arrivals_make_windows_wide(self, session: Session, town: Town) -> None:
        self.fill(session, town, lambda number: 70 if number % 3 == 0 else 5)
        service.learn(session)
        told = Promises(session, town.territory.id).usual
        assert told.margin == 70 * MINUTE
        assert told.hours == 2
        visit = make_waiting(session, town)
        for window in windows(session, visit.id, date(2026, 3, 2), 1):
            assert window.candidates[0].starts_at <= window.end - told.margin

    def test_tells_hours_and_places_in_the_route_apart(self, session: Session, town: Town) -> None:
        self.fill(session, town, lambda number: 20 if number % 2 else 0)
        assert service.learn(session) > 2
        assert service.learn(session) == len(list_errors(session))
        by_place = {
            row.position: row.usual_minutes
            for row in list_errors(session)
            if row.hours is Hours.ALL
        }
        assert by_place[Position.FIRST] == 0
        assert by_place[Position.MIDDLE] == 20

    def test_is_shown_with_an_interval(
        self, session: Session, town: Town, client: MakeClient
    ) -> None:
        office = client(call_agent())
        nothing = office.get("/api/insights/arrivals").json()
        assert (nothing["promised"], nothing["kept_pct"]) == (0, None)
        self.fill(session, town, lambda number: 90 if number < 3 else 5)
        service.learn(session)
        body = office.get("/api/insights/arrivals", params={"days": 60}).json()
        assert (body["promised"], body["kept"], body["late"], body["early"]) == (60, 57, 3, 0)
        assert body["low_pct"] < body["kept_pct"] == 95.0 < body["high_pct"]
        assert (body["goal_low_pct"], body["goal_high_pct"]) == (94, 97)
        assert body["errors"][0]["margin_minutes"] >= 5


class TestPromisesSince:
    def test_nobody_came_in_time_counts_as_late(self, session: Session) -> None:
        town = make_town(session)
        at = MONDAY + HOUR
        visit, _ = make_planned(session, town, town.first, at, source="dispatcher")
        booking = Booking(
            visit_id=visit.id,
            customer_id=visit.customer_id,
            arrival_start=at - HOUR,
            arrival_end=at + HOUR,
        )
        session.add(booking)
        clock.freeze(session, at + HOUR)
        assert promises_since(session, MONDAY - DAY) == []
        clock.freeze(session, at + HOUR + MINUTE)
        (missed,) = promises_since(session, MONDAY - DAY)
        assert (missed.is_kept, missed.is_late) == (False, True)
        booking.status = BookingStatus.CANCELLED
        session.flush()
        assert promises_since(session, MONDAY - DAY) == []


class TestPlanned:
    def test_so_early_that_the_promise_is_kept(self, session: Session) -> None:
        """Within the window, and not in the minutes at its end that others came late by."""
        town = make_town(session)
        visit, _ = make_planned(session, town, town.first, MONDAY + 4 * HOUR + HOUR / 2)
        booking = Booking(
            visit_id=visit.id,
            customer_id=visit.customer_id,
            arrival_start=MONDAY + 3 * HOUR,
            arrival_end=MONDAY + 5 * HOUR,
        )
        session.add(booking)
        session.flush()
        session.expire_all()
        ids, span = [town.territory.id], (MONDAY, MONDAY + DAY)
        built = build_for_plan(
            load_staff(session, ids, *span), load_demand(session, ids, *span), *span
        )
        job = built.problem.job_by_id[str(visit.id)]
        margin = Promises(session, town.territory.id).usual.margin
        assert margin > timedelta(0)
        assert job.soft_window is not None
        asked = [job.windows[0].start, job.windows[0].end]
        assert asked == [built.epoch.seconds(at) for at in (MONDAY + 3 * HOUR, MONDAY + 5 * HOUR)]
        assert job.soft_window.start == asked[0]
        assert job.soft_window.end == built.epoch.seconds(MONDAY + 5 * HOUR - margin)
