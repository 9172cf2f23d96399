"""Names and bounds of the days that readings are kept in."""

from datetime import UTC, date, datetime

from iot_ingest.retention.partitions import bounds, day_of, days_needed, days_to_drop, name_of


class TestNames:
    def test_a_name_tells_its_day(self) -> None:
        assert name_of(date(2026, 3, 1)) == "readings_d20260301"
        assert day_of("readings_d20260301") == date(2026, 3, 1)

    def test_the_default_partition_has_no_day(self) -> None:
        assert day_of("readings_default") is None


class TestBounds:
    def test_a_day_is_half_open_in_utc(self) -> None:
        start, end = bounds(date(2026, 3, 1))
        assert (start, end) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))


class TestDays:
    def test_needs_yesterday_and_the_days_ahead(self) -> None:
        days = days_needed(date(2026, 3, 1), 2)
        assert days == [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]

    def test_drops_only_days_past_their_time(self) -> None:
        names = ["readings_default", "readings_d20260101", "readings_d20260102"]
        assert days_to_drop(names, date(2026, 1, 12), 10) == ["readings_d20260101"]
