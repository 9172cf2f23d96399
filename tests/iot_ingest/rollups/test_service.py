"""Summaries against plain recomputation, whatever comes late, twice or out of order."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from iot_ingest.charts.queries import series
from iot_ingest.readings import service as readings
from iot_ingest.readings.models import Reading
from iot_ingest.readings.quality import GoodReading
from iot_ingest.rollups import service
from iot_ingest.rollups.levels import Level, beginning, level_of
from iot_ingest.rollups.models import HourSummary, MinuteSummary, touched_minutes
from kernel import clock
from tests.client import ApiClient
from tests.factories.iot_ingest import make_device
from tests.principals import dispatcher

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
METRICS = ("temperature", "pressure")

Value = tuple[UUID, GoodReading]


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def plain(rows: Iterable[Any], bucket: timedelta) -> dict[Any, tuple[float, ...]]:
    found = defaultdict(list)
    for row in rows:
        found[row.device_id, row.metric, beginning(row.ts, bucket)].append((row.ts, row.value))
    summed = {}
    for key, pairs in found.items():
        values = [value for _, value in sorted(pairs)]
        summed[key] = (len(values), fmean(values), min(values), max(values), values[-1])
    return summed


def kept(session: Session, table: Any) -> dict[Any, tuple[float, ...]]:
    rows = session.scalars(select(table).execution_options(populate_existing=True))
    return {
        (r.device_id, r.metric, r.ts): (r.readings, r.mean, r.lowest, r.highest, r.last)
        for r in rows
    }


def assert_summed_up(session: Session) -> None:
    rows = session.scalars(select(Reading).where(Reading.ts < NOON)).all()
    for table, bucket in ((MinuteSummary, MINUTE), (HourSummary, HOUR)):
        expected, found = plain(rows, bucket), kept(session, table)
        assert found.keys() == expected.keys()
        for key, values in expected.items():
            assert found[key] == pytest.approx(values, rel=1e-9, abs=1e-9), (table, key)


def store(session: Session, device_id: UUID, *pairs: tuple[datetime, float]) -> None:
    readings.store(session, [(device_id, GoodReading("temperature", *pair)) for pair in pairs])


def roll_up(session: Session) -> int:
    done = 0
    while worked_off := service.roll_up(session):
        done += worked_off
    return done


batches = st.lists(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from(METRICS),
            st.integers(-3 * 3600, 9 * 60),  # seconds from noon: also what is not over yet
            st.floats(-1e6, 1e6, allow_subnormal=False),
        ),
        min_size=1,
        max_size=25,
    ),
    min_size=1,
    max_size=5,
)


class TestRollUp:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(batches, st.lists(st.booleans(), min_size=5, max_size=5))
    def test_equals_plain_recomputation_in_any_order(
        self, session: Session, sent: list[Any], pauses: list[bool]
    ) -> None:
        for table in (Reading, MinuteSummary, HourSummary, touched_minutes):
            session.execute(delete(table))
        devices = [UUID(int=1), UUID(int=2)]
        for batch, is_paused in zip(sent, pauses, strict=False):
            made = [
                (devices[device], GoodReading(metric, NOON + timedelta(seconds=at), value))
                for device, metric, at, value in batch
            ]
            readings.store(session, made)
            readings.store(session, made[:3])  # some come twice
            if is_paused:
                roll_up(session)
        roll_up(session)
        assert_summed_up(session)

    def test_computes_only_what_was_touched(self, session: Session) -> None:
        device = make_device(session)
        store(session, device.id, (NOON - HOUR, 1.0), (NOON - 2 * HOUR, 2.0))
        assert roll_up(session) == 2
        session.execute(text("UPDATE readings_by_minute SET mean = -5 WHERE mean = 1"))
        store(session, device.id, (NOON - 2 * HOUR + timedelta(seconds=5), 4.0))
        store(session, device.id, (NOON - HOUR, 1.0))  # it is there already
        assert roll_up(session) == 1
        means = [row.mean for row in session.scalars(select(MinuteSummary).order_by("ts"))]
        assert means == [3.0, -5.0]
        assert roll_up(session) == 0

    def test_a_minute_waits_until_it_is_over(self, session: Session) -> None:
        device = make_device(session)
        store(session, device.id, (NOON - timedelta(seconds=1), 1.0), (NOON, 2.0))
        assert roll_up(session) == 1
        assert session.scalar(select(func.count()).select_from(touched_minutes)) == 1
        clock.freeze(session, NOON + MINUTE)
        assert roll_up(session) == 1
        assert [row.last for row in session.scalars(select(HourSummary).order_by("ts"))] == [1, 2]

    def test_works_off_a_heap_piece_by_piece(self, session: Session) -> None:
        device = make_device(session)
        store(session, device.id, *((NOON - n * MINUTE, float(n)) for n in range(1, 151)))
        assert [service.roll_up(session, most=60) for _ in range(4)] == [60, 60, 30, 0]
        assert_summed_up(session)


class TestSeries:
    @pytest.mark.parametrize("is_summed_up", [True, False])
    @pytest.mark.parametrize(
        ("span", "level"),
        [(HOUR, Level.READINGS), (2 * DAY, Level.MINUTES), (60 * DAY, Level.HOURS)],
    )
    def test_is_the_same_from_every_level(
        self, session: Session, span: timedelta, level: Level, is_summed_up: bool
    ) -> None:
        device = make_device(session)
        store(session, device.id, *((NOON - n * span / 97, float(n * n % 31)) for n in range(90)))
        if is_summed_up:
            roll_up(session)
            store(session, device.id, (NOON - span / 2, 77.0))  # late, and not summed up yet
        else:
            store(session, device.id, (NOON - span / 2, 77.0))
        found, points = series(session, device.asset_id, "temperature", NOON - span, NOON)
        _, stride = level_of(span, span)
        start = NOON - span
        if level is not Level.READINGS:
            start = beginning(start, {Level.MINUTES: MINUTE, Level.HOURS: HOUR}[level])
        expected = defaultdict(list)
        for row in session.scalars(select(Reading)):
            expected[start + (row.ts - start) // stride * stride].append(row.value)
        assert found is level
        assert {point.ts: point.value for point in points} == pytest.approx(
            {ts: fmean(values) for ts, values in expected.items()}
        )
        assert max(point.highest for point in points) == 77.0

    def test_long_ago_only_summaries_are_left(self, session: Session) -> None:
        device = make_device(session)
        store(session, device.id, (NOON - 200 * DAY, 1.0))
        roll_up(session)
        session.execute(delete(Reading))
        since = NOON - 200 * DAY - HOUR
        found, points = series(session, device.asset_id, "temperature", since, since + 2 * HOUR)
        assert (found, [point.value for point in points]) == (Level.MINUTES, [1.0])

    def test_the_api_says_which(self, session: Session, client: Callable[..., ApiClient]) -> None:
        device = make_device(session)
        store(session, device.id, (NOON - HOUR, 1.0))
        url = f"/api/assets/{device.asset_id}/readings?metric=temperature&hours="
        staff = client(dispatcher())
        levels = [staff.get(f"{url}{hours}").json()["level"] for hours in (3, 48, 24 * 365)]
        assert levels == ["readings", "minutes", "hours"]


class TestLevelOf:
    @given(st.timedeltas(timedelta(seconds=1), 3000 * DAY), st.timedeltas(timedelta(0), 3000 * DAY))
    def test_gives_few_points_of_whole_buckets(self, span: timedelta, age: timedelta) -> None:
        level, stride = level_of(span, age)
        assert span / stride <= 500 + 1e-6
        if level is not Level.READINGS:
            assert not stride % {Level.MINUTES: MINUTE, Level.HOURS: HOUR}[level]
