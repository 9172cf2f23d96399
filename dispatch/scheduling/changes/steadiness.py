"""Keeping the times of a plan where they were: nobody is told of changes for nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from optimizer.check import check
from optimizer.plan import Plan, Route, Stop
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Shift


def keep_times(problem: Problem, plan: Plan, before: Mapping[tuple[str, str], int]) -> Plan:
    """The plan with every start back where it was for the same technician, where that fits.

    `before` gives the start by job and technician. Routes that this would break stay as planned.
    """
    moved = [_keep(problem, route, before) for route in plan.routes]
    steady = replace(plan, routes=tuple(moved))
    broken = {violation.shift_id for violation in check(problem, steady)}
    routes = tuple(
        old if old.shift_id in broken else new for old, new in zip(plan.routes, moved, strict=True)
    )
    kept = replace(plan, routes=routes)
    if problem.bound_ids and len(check(problem, kept)) > len(check(problem, plan)):
        kept = replace(plan, routes=tuple(_unless_bound(problem, plan.routes, routes)))
    return replace(kept, score=score(problem, kept))


def _unless_bound(
    problem: Problem, planned: Iterable[Route], kept: Iterable[Route]
) -> Iterator[Route]:
    """Routes with a stop that others wait for, or that waits for others, stay as planned."""
    for old, new in zip(planned, kept, strict=True):
        is_bound = any(stop.job_id in problem.bound_ids for stop in old.stops)
        yield old if is_bound else new


def _keep(problem: Problem, route: Route, before: Mapping[tuple[str, str], int]) -> Route:
    """Later stops first: each may move as far as the one behind it leaves room."""
    shift = problem.shift_by_id[route.shift_id]
    stops = list(route.stops)
    first = len(shift.committed)
    for number in range(len(stops) - 1, first - 1, -1):
        stop = stops[number]
        wanted = before.get((stop.job_id, shift.technician_id))
        job = problem.job_by_id[stop.job_id]
        if wanted is None or wanted <= stop.start or job.crew_size > 1:
            continue
        if not job.admits_start(wanted):
            continue
        later = wanted - stop.start
        if later > _room(shift, route, stops, number):
            continue
        stops[number] = replace(stop, start=wanted, end=stop.end + later)
        if number + 1 < len(stops):
            after = stops[number + 1]
            stops[number + 1] = replace(after, arrival=after.arrival + later)
    end = max(route.end, stops[-1].end)
    return replace(route, stops=tuple(stops), end=end)


def _room(shift: Shift, route: Route, stops: list[Stop], number: int) -> int:
    """How much later this stop may end: until the next one must start, or the shift end."""
    if number + 1 < len(stops):
        return stops[number + 1].start - stops[number + 1].arrival
    return shift.latest_end - route.end
