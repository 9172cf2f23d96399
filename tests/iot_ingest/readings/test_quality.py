"""The quality gate, reason by reason."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.readings.messages import RawReading
from iot_ingest.readings.quality import Drop, GoodReading, judge

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IN_TIME = "2026-03-01T11:59:00Z"


def verdict(
    metric: object = "temperature", ts: object = IN_TIME, value: object = 1.0
) -> GoodReading | Drop:
    return judge(RawReading(metric, ts, value), NOW)


class TestJudge:
    @pytest.mark.parametrize(
        ("ts", "expected"),
        [
            ("2026-03-01T11:00:00Z", NOW - timedelta(hours=1)),
            ("2026-03-01T12:00:00+01:00", NOW - timedelta(hours=1)),
            (1772362800, NOW - timedelta(hours=1)),
            (1772362800000, NOW - timedelta(hours=1)),
            (1772362800.5, NOW - timedelta(hours=1) + timedelta(seconds=0.5)),
            (None, NOW),
        ],
    )
    def test_reads_the_times_devices_send(self, ts: object, expected: datetime) -> None:
        assert verdict(ts=ts) == GoodReading("temperature", expected, 1.0)

    def test_what_is_nearer_to_zero_than_anything_measured_is_zero(self) -> None:
        assert verdict(ts=None, value=-5e-324) == GoodReading("temperature", NOW, 0.0)

    @pytest.mark.parametrize("ts", ["", "noon", "2026-03-01T12:00:00", True, [], 1e300, "2026"])
    def test_drops_what_is_no_moment(self, ts: object) -> None:
        assert verdict(ts=ts) is Drop.BAD_TIME

    @pytest.mark.parametrize(
        "value", [float("nan"), float("inf"), "12", "", None, True, [1], {}, 10**400]
    )
    def test_drops_what_is_no_number(self, value: object) -> None:
        assert verdict(value=value) is Drop.NOT_A_NUMBER

    @pytest.mark.parametrize("metric", ["", "Temp", "a b", 3, None, "x" * 64, "1a", "a\n"])
    def test_drops_what_is_no_metric(self, metric: object) -> None:
        assert verdict(metric=metric) is Drop.BAD_METRIC

    def test_allows_a_clock_ten_minutes_fast_and_no_more(self) -> None:
        assert isinstance(verdict(ts="2026-03-01T12:10:00Z"), GoodReading)
        assert verdict(ts="2026-03-01T12:10:01Z") is Drop.IN_THE_FUTURE

    def test_takes_what_waited_a_fortnight_and_nothing_older(self) -> None:
        assert isinstance(verdict(ts="2026-02-15T12:00:00Z"), GoodReading)
        assert verdict(ts="2026-02-15T11:59:59Z") is Drop.TOO_OLD

    @given(
        st.one_of(st.text(), st.none(), st.integers()),
        st.one_of(st.text(), st.none(), st.integers(), st.floats(), st.booleans()),
        st.one_of(st.text(), st.none(), st.integers(), st.floats()),
    )
    def test_always_has_an_answer(self, metric: object, ts: object, value: object) -> None:
        assert isinstance(verdict(metric, ts, value), GoodReading | Drop)
