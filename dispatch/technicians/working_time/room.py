"""How much of a shift may be planned under the working-time rules; plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.technicians.working_time.checking import Bounds, Case, weekly_rest
from dispatch.technicians.working_time.days import Calendar, Day, Span, work_of
from dispatch.technicians.working_time.rules import Rules


@dataclass(frozen=True)
class Pause:
    """A break of `minutes` that starts between `earliest` and `latest`."""

    earliest: datetime
    latest: datetime
    minutes: int


@dataclass(frozen=True)
class Room:
    """Work may begin at `earliest` and must be over at `latest`, with this break beside the
    shift's own; `law` says whose rule made it less than the shift and its overtime."""

    earliest: datetime
    latest: datetime
    pause: Pause | None = None
    law: str | None = None
    rest: timedelta = timedelta()
    """Due between the day before and this one."""


def room_of(
    span: Span, overtime: timedelta, others: Iterable[Span], bounds: Bounds, zone: str
) -> Room:
    """The shift and its overtime as far as the rules let them; one that somebody answers for
    keeps its own hours, and only its overtime is cut. Of the hours agreed for a week only
    overtime is cut here; `weeks` shares them out."""
    calendar = Calendar([span, *others], ZoneInfo(zone))
    day = calendar.day_of(span.starts_at)
    assert day is not None
    whole = Room(span.starts_at, span.ends_at + overtime)
    found = whole
    if bounds.rules is not None:
        found = _by_law(whole, span, Case(day, calendar, bounds.rules))
    if bounds.own_week is not None:
        left = bounds.own_week - work_of(calendar.week_of(day.date))
        found = _until(found, span.ends_at + max(left, timedelta()))
    rest = bounds.rules.daily_rest if bounds.rules else timedelta()
    if span.is_excused:
        found, rest = Room(span.starts_at, max(found.latest, span.ends_at)), timedelta()
    if span == day.spans[0] and calendar.before(day) is not None:
        found = replace(found, rest=rest)
    if (found.earliest, found.latest) == (whole.earliest, whole.latest):
        return found
    return replace(found, law=bounds.rules.law if bounds.rules else "")


def _by_law(whole: Room, span: Span, case: Case) -> Room:
    day, calendar, rules = case.day, case.calendar, case.rules
    if day == calendar.week_of(day.date)[-1] and any(weekly_rest(case)):
        return _until(whole, span.starts_at)
    before, after = calendar.before(day), calendar.after(day)
    found, given = _with_breaks(whole, span, day, rules)
    if before is not None:
        earliest = max(span.starts_at, before.ends_at + rules.daily_rest)
        found = replace(found, earliest=earliest)
    if after is not None:
        found = _until(found, max(span.ends_at, after.starts_at - rules.daily_rest))
    if rules.span_most is not None:
        found = _until(found, day.starts_at + rules.span_most)
    for most in (rules.day_most, rules.work_with(given)):
        if most is not None:
            pause = given - day.breaks
            found = _until(found, span.ends_at + pause + (most - day.work))
    if rules.week_most is not None:
        left = rules.week_most - work_of(calendar.week_of(day.date))
        found = _until(found, span.ends_at + left)
    return found


def _with_breaks(room: Room, span: Span, day: Day, rules: Rules) -> tuple[Room, timedelta]:
    """With the break that the shift lacks, and how long breaks are then."""
    missing = rules.break_needed(day.work) - day.breaks
    if missing <= timedelta() or span.is_excused or span != day.spans[-1]:
        return room, day.breaks
    first = min(duty.after for duty in rules.breaks)
    latest = max(span.starts_at, min(span.starts_at + first, span.ends_at - missing))
    minutes = int(missing.total_seconds() // 60)
    pause = Pause(max(span.starts_at, latest - first / 2), latest, minutes)
    return replace(room, pause=pause), day.breaks + missing


def _until(room: Room, at: datetime) -> Room:
    return replace(room, latest=max(room.earliest, min(room.latest, at)))
