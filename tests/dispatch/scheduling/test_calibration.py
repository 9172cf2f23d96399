"""Factors of travel times, learned from trips that were driven."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.calibration.fitting import FEWEST, Trip, fit
from dispatch.scheduling.calibration.queries import trips_since
from dispatch.scheduling.calibration.service import calibrate
from dispatch.scheduling.trips.queries import place_of
from dispatch.travel.lifecycle import Hours, hours_of
from dispatch.travel.queries import find_factor
from dispatch.travel.service import configure_factor, refresh
from dispatch.travel.times import travel_times
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.geo import Point
from tests.client import ApiClient
from tests.factories.scheduling import MONDAY, Town, make_planned, make_town
from tests.factories.territories import BERLIN
from tests.principals import dispatcher, principal

MakeClient = Callable[..., ApiClient]
MINUTE = timedelta(minutes=1)
HOME = Point(*BERLIN)


def drive(session: Session, town: Town, at: datetime, factor: float, number: int) -> Visit:
    """One visit on its own day; the trip from home took `factor` times the estimate."""
    visit, row = make_planned(
        session, town, town.first, at, source="dispatcher", east=0.02 + number % 7 / 100
    )
    seconds = travel_times().without_factors().between(HOME, place_of(session, visit))
    visit.en_route_at = at - timedelta(seconds=seconds * factor)
    visit.on_site_at = visit.started_at = at
    visit.finished_at = at + timedelta(hours=1)
    row.status = AssignmentStatus.ACTIVE
    session.flush()
    row.status = AssignmentStatus.DONE
    session.flush()
    return visit


class TestFit:
    def test_says_nothing_of_few_trips(self) -> None:
        assert fit([Trip(600, 600)] * (FEWEST - 1)) is None

    def test_is_drawn_towards_what_is_expected(self) -> None:
        found = fit([Trip(1200, 600)] * FEWEST)
        assert found is not None
        assert 1.5 < found.factor < 2
        many = fit([Trip(1200, 600)] * 2000)
        assert many is not None
        assert many.factor == pytest.approx(2, abs=0.02)

    def test_interval_narrows_with_trips(self) -> None:
        mixed = [Trip(500, 600), Trip(900, 600)]
        few, many = fit(mixed * 20), fit(mixed * 500)
        assert few is not None
        assert many is not None
        assert few.low < few.factor < few.high
        assert many.high - many.low < few.high - few.low

    def test_leaves_out_what_was_not_only_driving(self) -> None:
        found = fit([Trip(600, 600)] * 40 + [Trip(4 * 3600, 600), Trip(9000, 600), Trip(5, 600)])
        assert found is not None
        assert (found.factor, found.trips) == (1.0, 40)


class TestHours:
    def test_tell_rush_hours_apart(self) -> None:
        named = {
            (0, 5): Hours.NIGHT,
            (0, 7): Hours.MORNING,
            (0, 12): Hours.DAY,
            (0, 16): Hours.AFTERNOON,
            (0, 19): Hours.NIGHT,
            (5, 12): Hours.WEEKEND,
        }
        for (day, hour), hours in named.items():
            assert hours_of(datetime(2026, 3, 2 + day, hour)) is hours


class TestCalibrate:
    @pytest.fixture
    def town(self, session: Session) -> Town:
        return make_town(session, technicians=1, days=0, hours=12)

    def drive_many(self, session: Session, town: Town, factor: float) -> None:
        for number in range(40):
            at = MONDAY - timedelta(days=80) + timedelta(days=2 * number) - 30 * MINUTE
            drive(session, town, at, factor, number)

    def test_learns_how_much_longer_trips_take(self, session: Session, town: Town) -> None:
        plain = travel_times().between(HOME, Point(52.5, 13.5))
        self.drive_many(session, town, 1.6)
        rows = {row.hours: row for row in calibrate(session)}
        whole = rows[Hours.ALL]
        assert whole.trips == 40
        assert 1.3 < whole.factor < 1.6
        assert Hours.DAY not in rows
        assert travel_times().between(HOME, Point(52.5, 13.5)) > 1.3 * plain

    def test_learns_again_from_the_same_trips(self, session: Session, town: Town) -> None:
        self.drive_many(session, town, 1.6)
        first = {row.hours: row.learned for row in calibrate(session)}
        assert {row.hours: row.learned for row in calibrate(session)} == first

    def test_needs_enough_trips(self, session: Session, town: Town) -> None:
        drive(session, town, MONDAY - timedelta(days=2), 2, 1)
        assert calibrate(session) == []

    def test_knows_that_the_next_trip_starts_at_the_last_visit(
        self, session: Session, town: Town
    ) -> None:
        first = drive(session, town, MONDAY, 1, 1)
        second = drive(session, town, MONDAY + timedelta(hours=2), 1, 5)
        origins = [trip.origin for trip in trips_since(session, MONDAY - timedelta(days=1))]
        assert origins == [HOME, place_of(session, first)]
        assert second.en_route_at is not None


class TestConfigured:
    def test_wins_until_taken_back(self, session: Session) -> None:
        town = make_town(session)
        plain = travel_times().between(HOME, Point(52.5, 13.5))
        configure_factor(session, town.territory.id, Hours.ALL, 2.0)
        assert travel_times().between(HOME, Point(52.5, 13.5)) >= 2 * plain - 60
        configure_factor(session, town.territory.id, Hours.ALL, None)
        assert travel_times().between(HOME, Point(52.5, 13.5)) == plain

    def test_of_some_hours_counts_for_expected_arrivals_only(self, session: Session) -> None:
        town = make_town(session)
        target = Point(52.5, 13.5)
        plain = travel_times().between(HOME, target)
        configure_factor(session, town.territory.id, Hours.MORNING, 2.0)
        assert travel_times().between(HOME, target) == plain
        assert travel_times().between(HOME, target, at=MONDAY) >= 2 * plain - 60
        assert travel_times().between(HOME, target, at=MONDAY + timedelta(hours=4)) == plain

    def test_reach_stays_a_distance(self, session: Session) -> None:
        town = make_town(session)
        near = travel_times().reach_seconds(20, HOME)
        configure_factor(session, town.territory.id, Hours.ALL, 1.5)
        assert travel_times().reach_seconds(20, HOME) == pytest.approx(1.5 * near, abs=120)

    def test_through_http(self, session: Session, client: MakeClient) -> None:
        town = make_town(session)
        url = f"/api/territories/{town.territory.id}/travel-factors"
        office = client(dispatcher())
        assert office.put(f"{url}/morning", json={"factor": 1.4}).json()["factor"] == 1.4
        assert office.put(f"{url}/morning", json={"factor": 9}).status_code == 422
        body = client(principal("call_agent")).get("/api/travel").json()
        assert (body["source"], body["degraded"]) == ("straight", False)
        assert [row["hours"] for row in body["factors"]] == ["morning"]
        row = find_factor(session, town.territory.id, "straight", Hours.MORNING)
        assert row is not None
        assert row.configured == 1.4

    def test_is_read_anew_after_a_minute(self, session: Session) -> None:
        town = make_town(session)
        refresh(session)
        configure_factor(session, town.territory.id, Hours.ALL, 2.0)
        clock.freeze(session, MONDAY)
        refresh(session)
        assert not travel_times().factors.are_one
