"""How the hours that one week allows are shared out among its shifts; plain Python."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.technicians.working_time.checking import Bounds
from dispatch.technicians.working_time.days import WEEK, Calendar, Span


@dataclass(frozen=True)
class WeekHours:
    """A calendar week of one person: at most `most` on the way and at work in the shifts that
    have a share of it; one that somebody answers for has none and is not bound."""

    starts_at: datetime
    ends_at: datetime
    most: timedelta
    shares: Mapping[UUID, timedelta]


def weeks_of(
    spans: Iterable[Span], bounds_on: Callable[[date], Bounds], zone: str
) -> list[WeekHours]:
    """Each week that the law or what was agreed bounds, in order of time."""
    calendar = Calendar(spans, ZoneInfo(zone))
    mondays = sorted({day.date - timedelta(days=day.date.weekday()) for day in calendar.days})
    found = []
    for monday in mondays:
        most = _most(bounds_on(monday))
        own = [span for day in calendar.week_of(monday) for span in day.spans]
        if most is not None and own:
            starts_at = calendar.midnight(monday)
            ends_at = calendar.midnight(monday + WEEK)
            found.append(_shared(own, most, starts_at, ends_at))
    return found


def _most(bounds: Bounds) -> timedelta | None:
    law = bounds.rules.week_most if bounds.rules else None
    limits = [limit for limit in (law, bounds.own_week) if limit is not None]
    return min(limits, default=None)


def _shared(
    spans: Iterable[Span], most: timedelta, starts_at: datetime, ends_at: datetime
) -> WeekHours:
    """By how long the shifts are; those that somebody answers for come off first."""
    own = list(spans)
    excused = sum((span.work for span in own if span.is_excused), timedelta())
    bound = [span for span in own if not span.is_excused]
    left, total = max(most - excused, timedelta()), sum((s.work for s in bound), timedelta())
    shares = {
        span.shift_id: left * (span.work / total)
        for span in bound
        if span.shift_id is not None and total
    }
    return WeekHours(starts_at, ends_at, left, shares)
