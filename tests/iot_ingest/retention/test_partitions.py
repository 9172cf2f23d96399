"""Names and bounds of the days and months that readings are kept in."""

from datetime import UTC, date, datetime

from iot_ingest.retention.partitions import READINGS, Part, Partitioned

MONTHS = Partitioned("sums", Part.MONTH, 40)


class TestNames:
    def test_a_name_tells_its_first_day(self) -> None:
        assert READINGS.name_of(date(2026, 3, 2)) == "readings_d20260302"
        assert READINGS.first_day_of("readings_d20260302") == date(2026, 3, 2)
        assert MONTHS.name_of(date(2026, 3, 2)) == "sums_m202603"
        assert MONTHS.first_day_of("sums_m202603") == date(2026, 3, 1)

    def test_the_default_partition_has_no_day(self) -> None:
        assert READINGS.first_day_of("readings_default") is None
        assert READINGS.first_day_of("readings_by_minute_default") is None


class TestBounds:
    def test_a_part_is_half_open_in_utc(self) -> None:
        start, end = READINGS.bounds(date(2026, 3, 1))
        assert (start, end) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
        start, end = MONTHS.bounds(date(2026, 12, 9))
        assert (start, end) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


class TestDays:
    def test_needs_yesterday_and_a_week_ahead(self) -> None:
        days = READINGS.days_needed(date(2026, 3, 1))
        assert (days[0], days[1], days[-1]) == (
            date(2026, 2, 28),
            date(2026, 3, 1),
            date(2026, 3, 8),
        )
        assert MONTHS.days_needed(date(2026, 3, 1)) == [date(2026, 2, 1), date(2026, 3, 1)]
        assert MONTHS.days_needed(date(2026, 3, 15)) == [date(2026, 3, 1)]

    def test_drops_only_what_is_past_its_time_to_the_last_day(self) -> None:
        cut = Partitioned("readings", Part.DAY, 10)
        names = ["readings_default", "readings_d20260101", "readings_d20260102"]
        assert cut.names_to_drop(names, date(2026, 1, 12)) == ["readings_d20260101"]
        names = ["sums_default", "sums_m202601", "sums_m202602"]
        assert MONTHS.names_to_drop(names, date(2026, 3, 13)) == ["sums_m202601"]
        assert MONTHS.names_to_drop(names, date(2026, 3, 12)) == []
