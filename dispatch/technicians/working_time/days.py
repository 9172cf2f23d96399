"""Shifts as working days and weeks of one person; plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """One shift: its time, the breaks in it, and whether somebody answers for broken rules."""

    starts_at: datetime
    ends_at: datetime
    breaks: timedelta = timedelta()
    shift_id: UUID | None = None
    is_excused: bool = False

    @property
    def work(self) -> timedelta:
        return self.ends_at - self.starts_at - self.breaks


@dataclass(frozen=True)
class Day:
    """What somebody works from one local day on, in order of time."""

    date: date
    spans: tuple[Span, ...]

    @property
    def starts_at(self) -> datetime:
        return self.spans[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(span.ends_at for span in self.spans)

    @property
    def work(self) -> timedelta:
        return sum((span.work for span in self.spans), timedelta())

    @property
    def breaks(self) -> timedelta:
        """Time off between the first and the last hour."""
        return self.ends_at - self.starts_at - self.work


class Calendar:
    """The days of one person in order; a shift over midnight belongs to the day it begins on."""

    def __init__(self, spans: Iterable[Span], zone: ZoneInfo) -> None:
        self.zone = zone
        ordered = sorted(spans, key=lambda span: (span.starts_at, span.ends_at))
        grouped = groupby(ordered, key=lambda span: self.date_of(span.starts_at))
        self.days = [Day(day, tuple(own)) for day, own in grouped]

    def date_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return local.astimezone(UTC)

    def day_of(self, at: datetime) -> Day | None:
        wanted = self.date_of(at)
        return next((day for day in self.days if day.date == wanted), None)

    def before(self, day: Day) -> Day | None:
        earlier = [other for other in self.days if other.date < day.date]
        return earlier[-1] if earlier else None

    def after(self, day: Day) -> Day | None:
        return next((other for other in self.days if other.date > day.date), None)

    def week_of(self, day: date, weeks: int = 1) -> list[Day]:
        """The days of that calendar week, or of so many that end with it."""
        monday = day - timedelta(days=day.weekday())
        first, end = monday - WEEK * (weeks - 1), monday + WEEK
        return [other for other in self.days if first <= other.date < end]

    def longest_rest(self, day: date, inside: timedelta) -> timedelta:
        """The longest time off of which at least `inside` lies in that calendar week."""
        monday = day - timedelta(days=day.weekday())
        start, end = self.midnight(monday), self.midnight(monday + WEEK)
        longest = timedelta()
        for free_from, free_until in self._gaps(start - WEEK, end + WEEK):
            if min(free_until, end) - max(free_from, start) >= inside:
                longest = max(longest, free_until - free_from)
        return longest

    def _gaps(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        near = [day for day in self.days if day.ends_at > start and day.starts_at < end]
        edges = [start, *(at for day in near for at in (day.starts_at, day.ends_at)), end]
        return [
            (edges[n], edges[n + 1]) for n in range(0, len(edges), 2) if edges[n] < edges[n + 1]
        ]


def work_of(days: Sequence[Day]) -> timedelta:
    return sum((day.work for day in days), timedelta())
