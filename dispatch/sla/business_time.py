"""When a clock that counts only opening hours runs out; pure functions of their arguments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

Interval = tuple[datetime, datetime]
LONGEST_DAYS = 3 * 366
"""A calendar that gathers too few minutes in three years is a mistake."""


@dataclass(frozen=True)
class OpeningHours:
    """Weekly hours in one zone, Monday first, as minutes of the local day; closed on holidays."""

    time_zone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    region: str | None = None

    def __post_init__(self) -> None:
        ZoneInfo(self.time_zone)
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")
        for day in self.weekly:
            ends = 0
            for start, end in day:
                if not ends <= start < end <= 24 * 60:
                    raise ValueError("opening hours of a day must follow each other")
                ends = end
        if not any(self.weekly):
            raise ValueError("a calendar must be open at least once a week")
        if self.region is not None:
            is_holiday(self.region, date(2000, 1, 1))

    @classmethod
    def read(
        cls, time_zone: str, weekly: Sequence[Sequence[Sequence[str]]], region: str | None
    ) -> "OpeningHours":
        """From "HH:MM" texts. Raises ValueError (ZoneInfoNotFoundError is a KeyError)."""
        days = tuple(
            tuple((_minute_of_day(start), _minute_of_day(end)) for start, end in day)
            for day in weekly
        )
        return cls(time_zone, days, region)

    def intervals(self, start: datetime) -> Iterator[Interval]:
        """Open times from `start` on, in UTC and in order."""
        zone = ZoneInfo(self.time_zone)
        day = start.astimezone(zone).date()
        for offset in range(LONGEST_DAYS):
            today = day + timedelta(days=offset)
            if self.region is not None and is_holiday(self.region, today):
                continue
            for opens, closes in self.weekly[today.weekday()]:
                begin = max(_instant(today, opens, zone), start)
                end = _instant(today, closes, zone)
                if begin < end:
                    yield begin, end


def due_at(
    start: datetime,
    minutes: int,
    calendar: OpeningHours | None,
    pauses: Iterable[Interval] = (),
) -> datetime:
    """The instant at which `minutes` of counted time have passed since `start`.

    Counted is real elapsed time (an hour lost or doubled by summer time is neither) inside the
    opening hours, or day and night without a calendar, and outside the closed `pauses`.
    Raises ValueError when the calendar never gathers that much.
    """
    left = timedelta(minutes=minutes)
    breaks = _merged(pauses)
    for begin, end in _open_times(start.astimezone(UTC), calendar):
        for free_begin, free_end in _without(begin, end, breaks):
            if free_end - free_begin >= left:
                return free_begin + left
            left -= free_end - free_begin
    raise ValueError("the calendar is open too rarely for this many minutes")


def is_holiday(region: str, day: date) -> bool:
    """`region` is a country or "COUNTRY-SUBDIVISION". Raises ValueError when unknown."""
    return day in _holidays(region)


@lru_cache(maxsize=256)
def _holidays(region: str) -> holidays.HolidayBase:
    country, _, subdivision = region.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        raise ValueError(f"no public holidays are known for {region}") from None


def _open_times(start: datetime, calendar: OpeningHours | None) -> Iterator[Interval]:
    if calendar is None:
        yield start, datetime.max.replace(tzinfo=UTC)
    else:
        yield from calendar.intervals(start)


def _without(begin: datetime, end: datetime, breaks: Sequence[Interval]) -> Iterator[Interval]:
    for pause_begin, pause_end in breaks:
        if pause_end <= begin or pause_begin >= end:
            continue
        if pause_begin > begin:
            yield begin, pause_begin
        begin = pause_end
        if begin >= end:
            return
    yield begin, end


def _merged(pauses: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begin, end in sorted(pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif begin < end:
            merged.append((begin, end))
    return merged


def _minute_of_day(text: str) -> int:
    hours, _, minutes = text.partition(":")
    value = int(hours) * 60 + int(minutes or 0)
    if not 0 <= value <= 24 * 60:
        raise ValueError(f"{text} is not a time of day")
    return value


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A wall-clock time in UTC; one that summer time skips is the instant of the jump."""
    if minute == 24 * 60:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    before = local.astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return before
    # Inside the gap fold 0 counts on from before the jump, fold 1 back from after it.
    return _jump(before, local.replace(fold=1).astimezone(UTC), zone)


def _jump(late: datetime, early: datetime, zone: ZoneInfo) -> datetime:
    """The instant between `early` and `late` at which the zone's offset changes, to the minute."""
    low, high = min(early, late), max(early, late)
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(second=0, microsecond=0)
