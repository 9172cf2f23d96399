"""The working-time rules that a shift would break, one function each; plain Python."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dispatch.technicians.working_time.days import Calendar, Day, Span, work_of
from dispatch.technicians.working_time.rules import Rules


class WorkingTimeCode(StrEnum):
    DAILY_REST = "daily_rest"
    WEEKLY_REST = "weekly_rest"
    DAY_HOURS = "day_hours"
    DAY_SPAN = "day_span"
    WEEK_HOURS = "week_hours"
    AVERAGE_HOURS = "average_hours"
    BREAKS = "breaks"
    OWN_HOURS = "own_hours"


@dataclass(frozen=True)
class BrokenRule:
    """One figure that is not kept, in minutes, with where it stands."""

    code: WorkingTimeCode
    sentence: str
    limit_minutes: int
    found_minutes: int
    source: str


@dataclass(frozen=True)
class Bounds:
    """What binds one person: a law for employees, and the hours agreed with that person."""

    rules: Rules | None
    own_week: timedelta | None = None


@dataclass(frozen=True)
class Case:
    """A day of shifts among all the others of that person."""

    day: Day
    calendar: Calendar
    rules: Rules


def broken_by(span: Span, others: Iterable[Span], bounds: Bounds, zone: str) -> list[BrokenRule]:
    """The rules that this shift breaks beside the others of the same person."""
    calendar = Calendar([span, *others], ZoneInfo(zone))
    day = calendar.day_of(span.starts_at)
    assert day is not None
    found = list(own_hours(day, calendar, bounds.own_week))
    if bounds.rules is not None:
        case = Case(day, calendar, bounds.rules)
        found = [broken for rule in RULES for broken in rule(case)] + found
    return found


def daily_rest(case: Case) -> Iterator[BrokenRule]:
    before, after = case.calendar.before(case.day), case.calendar.after(case.day)
    rests = [case.day.starts_at - before.ends_at] if before else []
    rests += [after.starts_at - case.day.ends_at] if after else []
    least = case.rules.daily_rest
    if rests and min(rests) < least:
        yield _broken(
            WorkingTimeCode.DAILY_REST,
            f"Only {hours(min(rests))} of rest are left between two days; {hours(least)} are due",
            least,
            min(rests),
            case.rules.sources["daily_rest_hours"],
        )


def weekly_rest(case: Case) -> Iterator[BrokenRule]:
    least = case.rules.weekly_rest
    longest = case.calendar.longest_rest(case.day.date, least - case.rules.daily_rest)
    if longest < least:
        yield _broken(
            WorkingTimeCode.WEEKLY_REST,
            f"The week has no {hours(least)} of rest in one piece",
            least,
            longest,
            case.rules.sources["weekly_rest_hours"],
        )


def day_hours(case: Case) -> Iterator[BrokenRule]:
    most = case.rules.day_most
    if most is not None and case.day.work > most:
        yield _broken(
            WorkingTimeCode.DAY_HOURS,
            f"The day has {hours(case.day.work)} of work; {hours(most)} are the most",
            most,
            case.day.work,
            case.rules.sources["day_most_hours"],
        )


def day_span(case: Case) -> Iterator[BrokenRule]:
    most, span = case.rules.span_most, case.day.ends_at - case.day.starts_at
    if most is not None and span > most:
        yield _broken(
            WorkingTimeCode.DAY_SPAN,
            f"The day lasts {hours(span)} from first to last; {hours(most)} are the most",
            most,
            span,
            case.rules.sources["span_most_hours"],
        )


def week_hours(case: Case) -> Iterator[BrokenRule]:
    most, work = case.rules.week_most, work_of(case.calendar.week_of(case.day.date))
    if most is not None and work > most:
        yield _broken(
            WorkingTimeCode.WEEK_HOURS,
            f"The week has {hours(work)} of work; {hours(most)} are the most",
            most,
            work,
            case.rules.sources["week_most_hours"],
        )


def average_hours(case: Case) -> Iterator[BrokenRule]:
    """Over the weeks that end with this one; weeks that nobody planned yet do not count."""
    most, weeks = case.rules.average_most, case.rules.average_weeks
    if most is None:
        return
    average = work_of(case.calendar.week_of(case.day.date, weeks)) / weeks
    if average > most:
        yield _broken(
            WorkingTimeCode.AVERAGE_HOURS,
            f"{weeks} weeks have {hours(average)} of work each on average; {hours(most)} are the"
            " most",
            most,
            average,
            case.rules.sources["average_week"],
        )


def breaks(case: Case) -> Iterator[BrokenRule]:
    needed = case.rules.break_needed(case.day.work)
    if case.day.breaks < needed:
        yield _broken(
            WorkingTimeCode.BREAKS,
            f"{hours(case.day.work)} of work need {_minutes(needed)} minutes of breaks; there are"
            f" {_minutes(case.day.breaks)}",
            needed,
            case.day.breaks,
            case.rules.sources["breaks"],
        )


RULES: tuple[Callable[[Case], Iterable[BrokenRule]], ...] = (
    daily_rest,
    weekly_rest,
    day_hours,
    day_span,
    week_hours,
    average_hours,
    breaks,
)


def own_hours(day: Day, calendar: Calendar, most: timedelta | None) -> Iterator[BrokenRule]:
    work = work_of(calendar.week_of(day.date))
    if most is not None and work > most:
        yield _broken(
            WorkingTimeCode.OWN_HOURS,
            f"The week has {hours(work)} of work; {hours(most)} are agreed",
            most,
            work,
            "agreed with this person",
        )


def hours(length: timedelta) -> str:
    minutes = _minutes(length)
    return f"{minutes // 60}:{minutes % 60:02d} h"


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _broken(
    code: WorkingTimeCode, sentence: str, limit: timedelta, found: timedelta, source: str
) -> BrokenRule:
    return BrokenRule(code, f"{sentence} ({source}).", _minutes(limit), _minutes(found), source)
