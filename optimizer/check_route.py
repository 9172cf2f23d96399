"""Hard rules about one route: time on the way, shift bounds, breaks, and limits of the shift.

Committed stops are facts: rules hold for what comes behind them. A route of committed stops
alone is never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from optimizer.plan import BreakTaken, Route
from optimizer.problem import UNREACHABLE, Problem
from optimizer.shift import Shift
from optimizer.violation import Code, Violation


def _facts_alone(shift: Shift, route: Route) -> bool:
    return len(route.stops) <= len(shift.committed)


def _facts_end(shift: Shift) -> int | None:
    return max((fact.end for fact in shift.committed), default=None)


def starts_within_shift(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """Nobody leaves before the shift starts."""
    if not shift.committed and route.departure < shift.start:
        early = shift.start - route.departure
        sentence = f"Shift {shift.id} sets out {early} seconds before its start."
        yield Violation(Code.BEFORE_SHIFT, sentence, None, shift.id, early)


def ends_within_shift(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """The route ends within the overtime allowed."""
    if route.end > shift.latest_end and not _facts_alone(shift, route):
        late = route.end - shift.latest_end
        sentence = f"Shift {shift.id} ends {late} seconds behind its overtime."
        yield Violation(Code.AFTER_SHIFT, sentence, None, shift.id, late)


def stops_in_order(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """A stop starts after the one before has ended."""
    for position, (stop, after) in enumerate(pairwise(route.stops), start=1):
        if after.arrival < stop.end and position >= len(shift.committed):
            sentence = f"Jobs {stop.job_id} and {after.job_id} overlap."
            over = stop.end - after.arrival
            yield Violation(Code.OVERLAP, sentence, after.job_id, shift.id, over)


def travel_possible(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """Between leaving a place and arriving at the next, breaks aside, there is time for the way."""
    for target, job_id, origin, destination, left, arrival, stated in _trips(problem, shift, route):
        needed = problem.travel.between(origin, destination)
        if needed >= UNREACHABLE:
            sentence = f"There is no way to {target}."
            yield Violation(Code.UNREACHABLE, sentence, job_id, shift.id)
            continue
        if stated != needed:
            sentence = f"The way to {target} takes {needed} seconds, not {stated}."
            yield Violation(Code.TRAVEL_MISSTATED, sentence, job_id, shift.id, abs(stated - needed))
        short = needed - (arrival - left - _paused(route, left, arrival))
        if short > 0:
            sentence = f"{short} seconds are missing on the way to {target}."
            yield Violation(Code.TRAVEL_TOO_SHORT, sentence, job_id, shift.id, short)


def return_stated(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """A shift without end place ends with its last job, and no way home is counted."""
    if shift.end_place is not None:
        return
    if route.return_travel_seconds:
        sentence = f"Shift {shift.id} has no way home."
        amount = route.return_travel_seconds
        yield Violation(Code.TRAVEL_MISSTATED, sentence, None, shift.id, amount)
    if route.end < route.stops[-1].end:
        sentence = f"Shift {shift.id} ends before its last job."
        yield Violation(Code.OVERLAP, sentence, None, shift.id, route.stops[-1].end - route.end)


def breaks_taken(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """Every break is taken once; one whose bounds lie behind the committed stops may be missing."""
    if _facts_alone(shift, route):
        return
    taken = [pause.position for pause in route.breaks]
    facts_end = _facts_end(shift)
    for position, pause in enumerate(shift.breaks):
        past = facts_end is not None and pause.latest_start < facts_end
        if taken.count(position) > 1 or (position not in taken and not past):
            sentence = f"Break {position + 1} of shift {shift.id} is not taken once."
            seconds = pause.duration_seconds
            yield Violation(Code.BREAK_MISSING, sentence, None, shift.id, seconds)
    for position in taken:
        if position >= len(shift.breaks):
            sentence = f"Shift {shift.id} has no break {position + 1}."
            yield Violation(Code.BREAK_MISPLACED, sentence, None, shift.id)


def breaks_in_place(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """Breaks keep their bounds and length, lie within the shift and touch no work."""
    for pause in route.breaks:
        if pause.position < len(shift.breaks) and (why := _misplaced(shift, route, pause)):
            sentence = f"Break {pause.position + 1} of shift {shift.id} {why}."
            yield Violation(Code.BREAK_MISPLACED, sentence, None, shift.id)
    ordered = sorted(route.breaks, key=lambda pause: pause.start)
    for first, second in pairwise(ordered):
        if second.start < first.end:
            sentence = f"Breaks of shift {shift.id} overlap."
            yield Violation(Code.BREAK_MISPLACED, sentence, None, shift.id)


def _misplaced(shift: Shift, route: Route, pause: BreakTaken) -> str | None:
    rule = shift.breaks[pause.position]
    if not rule.earliest_start <= pause.start <= rule.latest_start:
        return "starts outside its bounds"
    if pause.end - pause.start != rule.duration_seconds:
        return "has another length"
    if pause.start < shift.start or pause.end > shift.latest_end:
        return "lies outside the shift"
    facts_end = _facts_end(shift)
    if facts_end is not None and pause.start < facts_end:
        return "lies before the committed stops have ended"
    planned = route.stops[len(shift.committed) :]
    if any(stop.start < pause.end and pause.start < stop.end for stop in planned):
        return "lies within a job"
    return None


def jobs_limited(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """No more stops than the shift takes."""
    most = shift.max_jobs
    if most is not None and len(route.stops) > most and not _facts_alone(shift, route):
        over = len(route.stops) - most
        sentence = f"Shift {shift.id} has {len(route.stops)} jobs, {most} at most."
        yield Violation(Code.MAX_JOBS, sentence, None, shift.id, over)


def load_limited(problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """No more load than the shift has room for."""
    if shift.capacity is None or _facts_alone(shift, route):
        return
    known = (problem.job_by_id.get(stop.job_id) for stop in route.stops)
    load = sum(job.load for job in known if job is not None)
    if load > shift.capacity:
        over = load - shift.capacity
        sentence = f"Shift {shift.id} is loaded with {load}, {shift.capacity} at most."
        yield Violation(Code.CAPACITY, sentence, None, shift.id, over)


def travel_limited(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """No more time on the way than the shift allows."""
    most = shift.max_travel_seconds
    if most is not None and route.travel_seconds > most and not _facts_alone(shift, route):
        over = route.travel_seconds - most
        sentence = f"Shift {shift.id} is {over} seconds too long on the way."
        yield Violation(Code.MAX_TRAVEL, sentence, None, shift.id, over)


def work_limited(_problem: Problem, shift: Shift, route: Route) -> Iterator[Violation]:
    """No more time on the way and at work than the shift allows."""
    most = shift.max_work_seconds
    spent = route.travel_seconds + route.depot_seconds
    spent += sum(stop.end - stop.start for stop in route.stops)
    if most is not None and spent > most and not _facts_alone(shift, route):
        sentence = f"Shift {shift.id} works {spent - most} seconds too long."
        yield Violation(Code.MAX_WORK, sentence, None, shift.id, spent - most)


ROUTE_RULES: tuple[Callable[[Problem, Shift, Route], Iterator[Violation]], ...] = (
    starts_within_shift,
    ends_within_shift,
    stops_in_order,
    travel_possible,
    return_stated,
    breaks_taken,
    breaks_in_place,
    jobs_limited,
    load_limited,
    travel_limited,
    work_limited,
)


def _trips(
    problem: Problem, shift: Shift, route: Route
) -> Iterator[tuple[str, str | None, int, int, int, int, int]]:
    """(where to, its job, from place, to place, left, arrival, stated seconds) per trip behind the
    committed stops; places of unknown jobs and depots are passed over."""
    place, left = shift.start_place, route.departure
    fetching = route.depot_pass
    depot = problem.depot_by_id.get(fetching.depot_id) if fetching else None
    for position in range(len(route.stops) + 1):
        if fetching and depot and position == fetching.position:
            target, stated = f"depot {depot.id}", fetching.travel_seconds
            yield target, None, place, depot.place, left, fetching.start, stated
            place, left = depot.place, fetching.end
        if position == len(route.stops):
            break
        stop = route.stops[position]
        job = problem.job_by_id.get(stop.job_id)
        if job is None:
            continue
        if position >= len(shift.committed):
            target, stated = f"job {stop.job_id}", stop.travel_seconds
            yield target, stop.job_id, place, job.place, left, stop.arrival, stated
        facts_end = _facts_end(shift)
        last_fact = position == len(shift.committed) - 1
        place, left = job.place, facts_end if last_fact and facts_end is not None else stop.end
    if shift.end_place is not None:
        target, stated = "the end of the shift", route.return_travel_seconds
        yield target, None, place, shift.end_place, left, route.end, stated


def _paused(route: Route, start: int, end: int) -> int:
    """Seconds of breaks within the interval."""
    return sum(max(0, min(b.end, end) - max(b.start, start)) for b in route.breaks)
