"""When a predicted failure makes work due, and what waiting costs."""

from datetime import UTC, datetime, timedelta

import pytest

from iot_ingest.playbooks.lifecycle import (
    DAY,
    TRAVEL,
    deadlines,
    delay_cost_cents,
    failure_within,
    is_worth_moving,
    is_worth_repricing,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestDeadlines:
    @pytest.mark.parametrize(
        ("q10", "lead", "due"),
        [
            (None, 0, 48 * HOUR),
            (100 * HOUR, 0, 48 * HOUR),
            (20 * HOUR, 0, 20 * HOUR - TRAVEL),
            (20 * HOUR, 6, 14 * HOUR - TRAVEL),
            (HOUR / 2, 0, HOUR),
            (-HOUR, 0, HOUR),
        ],
    )
    def test_is_before_the_failure_after_the_floor_and_within_the_response(
        self, q10: timedelta | None, lead: int, due: timedelta
    ) -> None:
        told = deadlines(
            NOW,
            latest=NOW + 48 * HOUR,
            floor=HOUR,
            parts_lead=lead * HOUR,
            q10=None if q10 is None else NOW + q10,
        )
        assert told.due == NOW + due
        assert NOW <= told.earliest <= told.due

    def test_parts_come_their_lead_after_they_were_asked_for(self) -> None:
        told = deadlines(
            NOW,
            latest=NOW + 48 * HOUR,
            floor=HOUR,
            parts_lead=6 * HOUR,
            q10=None,
            asked_at=NOW - 4 * HOUR,
        )
        assert told.earliest == NOW + 2 * HOUR


class TestIsWorthMoving:
    @pytest.mark.parametrize(
        ("present", "wanted", "worth"),
        [(5, 5.9, False), (5, 6, True), (50, 54, False), (50, 44, True), (-3, -9, False)],
    )
    def test_takes_an_hour_and_a_tenth_of_what_was_left(
        self, present: float, wanted: float, worth: bool
    ) -> None:
        assert is_worth_moving(NOW, NOW + present * HOUR, NOW + wanted * HOUR) is worth

    def test_takes_a_unit_of_money_and_a_tenth(self) -> None:
        assert [is_worth_repricing(5_000, to) for to in (5_400, 5_500)] == [False, True]
        assert [is_worth_repricing(0, to) for to in (99, 100)] == [False, True]


class TestFailureWithin:
    def test_is_a_tenth_at_the_quantile_and_rises_with_wear(self) -> None:
        assert failure_within(5 * DAY, 5 * DAY) == pytest.approx(0.1)
        assert failure_within(10 * DAY, 5 * DAY) == pytest.approx(1 - 0.9**4)
        assert failure_within(DAY, timedelta(0)) == 1.0
        assert failure_within(DAY, None) is None

    def test_follows_a_curve_where_there_is_one(self) -> None:
        curve = {"hours": [12, 24, 48], "probability": [0.1, 0.3, 0.5]}
        assert failure_within(18 * HOUR, None, curve) == pytest.approx(0.2)
        assert failure_within(9 * DAY, None, curve) == 0.5


class TestDelayCost:
    def test_adds_the_failure_that_may_come_that_day(self) -> None:
        assert delay_cost_cents(1_000, 50_000, 0.1) == 6_000
        assert delay_cost_cents(1_000, 50_000, None) == 1_000
