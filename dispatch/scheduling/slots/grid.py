"""Which arrival windows exist, and how good the feasible ones are; plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR, HOURS = 6, 22, 2
SURE = timedelta(minutes=30)
"""Planned arrival lies so long before the end of a window, where nothing else was learned."""
LEAD = timedelta(minutes=30)
"""Nothing is promised that begins sooner."""
ON_THE_WAY_SECONDS = 600
"""A detour up to this fits the route."""
MOST_DAYS = 31


class Grade(StrEnum):
    BEST = "best"
    GOOD = "good"
    OK = "ok"


class Merit(StrEnum):
    FITS_ROUTE = "fits_route"
    CHEAPEST = "cheapest"
    PREFERRED_TECHNICIAN = "preferred_technician"
    GREENEST = "greenest"


@dataclass(frozen=True)
class Span:
    """An arrival window as it can be told to a customer."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Candidate:
    """A crew that could keep a window, and what that would cost and emit more than now."""

    technician_ids: tuple[UUID, ...]
    starts_at: datetime
    travel_seconds: int
    cost_cents: int
    co2_grams: int


@dataclass(frozen=True)
class Window:
    """A window that can be kept now, the best crew for it, and why it is good."""

    start: datetime
    end: datetime
    technician_id: UUID
    cost_cents: int
    grade: Grade
    reasons: tuple[Merit, ...]
    candidates: tuple[Candidate, ...]

    @property
    def co2_grams(self) -> int:
        """What the additional way emits; below 0 where it is shorter than the one planned now."""
        return self.candidates[0].co2_grams


def spans(first: date, days: int, time_zone: str, now: datetime, hours: int = HOURS) -> list[Span]:
    """The windows of these local days that can still be promised, in order of time."""
    soonest = now + LEAD + SURE
    all_days = (first + timedelta(days=number) for number in range(min(days, MOST_DAYS)))
    return [
        span for day in all_days for span in _spans_of(day, time_zone, hours) if span.end > soonest
    ]


@lru_cache(maxsize=1024)
def _spans_of(day: date, time_zone: str, hours: int) -> tuple[Span, ...]:
    zone = ZoneInfo(time_zone)
    found: list[Span] = []
    for hour in range(FIRST_HOUR, LAST_HOUR, hours):
        start = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
        end = datetime.combine(day, time(hour + hours), tzinfo=zone).astimezone(UTC)
        if start < end:
            found.append(Span(start, end))
    return tuple(found)


def graded(found: Sequence[Window], preferred: Iterable[UUID]) -> list[Window]:
    """With grade and reasons, the windows compared with each other."""
    if not found:
        return []
    wanted = set(preferred)
    prices = sorted(window.cost_cents for window in found)
    cheapest, middle = prices[0], prices[len(prices) // 2]
    greenest = min(window.co2_grams for window in found)
    return [_graded(window, wanted, cheapest, middle, greenest) for window in found]


def _graded(
    window: Window, preferred: set[UUID], cheapest: int, middle: int, greenest: int
) -> Window:
    reasons: list[Merit] = []
    if window.candidates[0].travel_seconds <= ON_THE_WAY_SECONDS:
        reasons.append(Merit.FITS_ROUTE)
    if window.cost_cents == cheapest:
        reasons.append(Merit.CHEAPEST)
    if preferred.intersection(window.candidates[0].technician_ids):
        reasons.append(Merit.PREFERRED_TECHNICIAN)
    if window.co2_grams == greenest:
        reasons.append(Merit.GREENEST)
    if Merit.CHEAPEST in reasons or Merit.PREFERRED_TECHNICIAN in reasons:
        grade = Grade.BEST
    else:
        grade = Grade.GOOD if window.cost_cents <= middle else Grade.OK
    return replace(window, grade=grade, reasons=tuple(reasons))
