"""Counting minutes over opening hours, holidays, pauses and changes to summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.sla.business_time import OpeningHours, due_at, is_holiday

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = OpeningHours.read(
    "Europe/Berlin", [[["08:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []], "DE-BE"
)
ALWAYS = OpeningHours.read("Europe/Berlin", [[["00:00", "24:00"]]] * 7, None)


moments = st.integers(0, 3 * 366 * 1440).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


class TestDueAt:
    def test_counts_day_and_night_without_a_calendar(self) -> None:
        assert due_at(berlin(2026, 3, 7, 23), 120, None) == berlin(2026, 3, 8, 1)

    def test_counts_within_one_day(self) -> None:
        assert due_at(berlin(2026, 3, 2, 9), 120, OFFICE) == berlin(2026, 3, 2, 11)

    def test_leaves_out_the_midday_break(self) -> None:
        assert due_at(berlin(2026, 3, 2, 11), 120, OFFICE) == berlin(2026, 3, 2, 14)

    def test_starts_at_opening_when_reported_at_night(self) -> None:
        assert due_at(berlin(2026, 3, 2, 3), 60, OFFICE) == berlin(2026, 3, 2, 9)

    def test_goes_on_after_the_weekend(self) -> None:
        assert due_at(berlin(2026, 3, 6, 17), 120, OFFICE) == berlin(2026, 3, 9, 9)

    def test_ends_at_closing_rather_than_at_the_next_opening(self) -> None:
        assert due_at(berlin(2026, 3, 6, 17), 60, OFFICE) == berlin(2026, 3, 6, 18)

    def test_leaves_out_the_holidays_of_the_region(self) -> None:
        # 8 March is a holiday in Berlin only; in 2027 it is a Monday
        assert due_at(berlin(2027, 3, 5, 17), 120, OFFICE) == berlin(2027, 3, 9, 9)
        bavaria = OpeningHours("Europe/Berlin", OFFICE.weekly, "DE-BY")
        assert due_at(berlin(2027, 3, 5, 17), 120, bavaria) == berlin(2027, 3, 8, 9)

    def test_leaves_out_pauses(self) -> None:
        pauses = [(berlin(2026, 3, 2, 9, 30), berlin(2026, 3, 2, 10, 30))]
        assert due_at(berlin(2026, 3, 2, 9), 60, OFFICE, pauses) == berlin(2026, 3, 2, 11)

    def test_counts_overlapping_pauses_once(self) -> None:
        pauses = [
            (berlin(2026, 3, 2, 9, 30), berlin(2026, 3, 2, 10, 30)),
            (berlin(2026, 3, 2, 10), berlin(2026, 3, 2, 11)),
        ]
        assert due_at(berlin(2026, 3, 2, 9), 60, None, pauses) == berlin(2026, 3, 2, 11, 30)

    def test_costs_nothing_when_a_pause_lies_outside_opening_hours(self) -> None:
        pauses = [(berlin(2026, 3, 6, 19), berlin(2026, 3, 8, 12))]
        assert due_at(berlin(2026, 3, 6, 17), 120, OFFICE, pauses) == berlin(2026, 3, 9, 9)

    def test_is_an_hour_later_on_the_wall_when_summer_time_begins(self) -> None:
        assert due_at(berlin(2026, 3, 29, 1), 120, ALWAYS) == berlin(2026, 3, 29, 4)

    def test_is_an_hour_earlier_on_the_wall_when_summer_time_ends(self) -> None:
        assert due_at(berlin(2026, 10, 25, 1), 180, ALWAYS) == berlin(2026, 10, 25, 3)

    def test_has_23_hours_on_the_day_summer_time_begins(self) -> None:
        assert due_at(berlin(2026, 3, 29), 23 * 60, ALWAYS) == berlin(2026, 3, 30)

    def test_has_25_hours_on_the_day_summer_time_ends(self) -> None:
        assert due_at(berlin(2026, 10, 25), 25 * 60, ALWAYS) == berlin(2026, 10, 26)

    def test_opens_at_the_jump_when_the_opening_time_is_skipped(self) -> None:
        early = OpeningHours.read("Europe/Berlin", [[["02:30", "04:00"]]] * 7, None)
        assert due_at(berlin(2026, 3, 29), 30, early) == berlin(2026, 3, 29, 3, 30)

    def test_opens_at_the_first_of_two_equal_wall_times(self) -> None:
        early = OpeningHours.read("Europe/Berlin", [[["02:30", "04:00"]]] * 7, None)
        assert due_at(berlin(2026, 10, 25), 30, early) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)

    def test_refuses_a_calendar_that_is_open_too_rarely(self) -> None:
        rare = OpeningHours.read("UTC", [[["00:00", "00:01"]], [], [], [], [], [], []], None)
        with pytest.raises(ValueError, match="too rarely"):
            due_at(berlin(2026, 3, 2), 1000, rare)

    @given(
        moments,
        st.integers(1, 5000),
        st.integers(1, 5000),
    )
    def test_adds_up(self, begin: datetime, first: int, second: int) -> None:
        middle = due_at(begin, first, OFFICE)
        assert due_at(middle, second, OFFICE) == due_at(begin, first + second, OFFICE)

    @given(
        moments,
        st.integers(1, 3000),
        st.integers(0, 3000),
        st.integers(1, 3000),
    )
    def test_never_comes_earlier_through_a_pause(
        self, begin: datetime, minutes: int, after: int, length: int
    ) -> None:
        pause = (begin + timedelta(minutes=after), begin + timedelta(minutes=after + length))
        plain = due_at(begin, minutes, OFFICE)
        paused = due_at(begin, minutes, OFFICE, [pause])
        assert paused >= plain
        assert (paused == plain) or pause[0] < plain


class TestOpeningHours:
    @pytest.mark.parametrize(
        "weekly",
        [
            [[]] * 7,
            [[["08:00", "18:00"]]] * 6,
            [[["18:00", "08:00"]]] * 7,
            [[["08:00", "12:00"], ["11:00", "13:00"]]] * 7,
            [[["08:00", "25:00"]]] * 7,
        ],
    )
    def test_refuses_weeks_that_make_no_sense(self, weekly: list[list[list[str]]]) -> None:
        with pytest.raises(ValueError):
            OpeningHours.read("Europe/Berlin", weekly, None)

    def test_refuses_a_region_without_known_holidays(self) -> None:
        with pytest.raises(ValueError, match="no public holidays"):
            OpeningHours.read("Europe/Berlin", [[["08:00", "18:00"]]] * 7, "XX-YY")


class TestIsHoliday:
    def test_knows_the_subdivision(self) -> None:
        womens_day = datetime(2027, 3, 8, tzinfo=UTC).date()
        assert is_holiday("DE-BE", womens_day)
        assert not is_holiday("DE-BY", womens_day)
