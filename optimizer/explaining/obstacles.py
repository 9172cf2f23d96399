"""Why not earlier: what allows a job where it is no earlier start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from optimizer.explaining.facts import Obstacle, ObstacleCode
from optimizer.job import Job
from optimizer.plan import BreakTaken, Plan, Route, Stop
from optimizer.problem import Problem
from optimizer.shift import Shift

Bound = tuple[ObstacleCode, int, str | None, int, str]
"""Code, the first start it allows, the stop before, the seconds it takes, and the words for it."""


def obstacles(problem: Problem, plan: Plan, job: Job) -> tuple[Obstacle, ...]:
    """What bounds the start from below, the latest bound first; of a crew, for who comes last."""
    seats = plan.seats(job.id)
    if not seats:
        return ()
    start = min(stop.start for _, stop in seats)
    if job.id in problem.committed_ids:
        sentence = f"Job {job.id} is under way or done."
        return (Obstacle(ObstacleCode.COMMITTED, sentence, start, True),)
    bounds = list(_of_job(job, start))
    ways = [list(_of_way(problem, route, job, stop)) for route, stop in seats]
    last = max(range(len(ways)), key=lambda n: max(until for _, until, *_ in ways[n]))
    bounds += ways[last]
    if len(ways) > 1:
        who = problem.shift_by_id[seats[last][0].shift_id].technician_id
        until = max(until for _, until, *_ in ways[last])
        bounds.append((ObstacleCode.CREW, until, None, 0, f"Technician {who} is free last"))
    found = [
        Obstacle(code, f"{words}.", until, until >= start, before, seconds)
        for code, until, before, seconds, words in bounds
    ]
    if not any(obstacle.is_binding for obstacle in found):
        sentence = f"Nothing keeps job {job.id} from starting earlier."
        found.append(Obstacle(ObstacleCode.NOTHING, sentence, start, False))
    return tuple(sorted(found, key=lambda one: (-one.until, list(ObstacleCode).index(one.code))))


def _of_job(job: Job, start: int) -> Iterator[Bound]:
    pin = job.pin
    if pin is not None and pin.start is not None:
        yield ObstacleCode.PINNED_TIME, pin.start, None, 0, f"Job {job.id} is pinned to its time"
    elif pin is not None and pin.window is not None:
        words = f"Job {job.id} is pinned to a window"
        yield ObstacleCode.PINNED_TIME, pin.window.start, None, 0, words
    for window in job.windows:
        if window.contains(start):
            words = f"The window of job {job.id} opens then"
            yield ObstacleCode.WINDOW, window.start, None, 0, words
    if job.earliest_useful is not None:
        words = f"Job {job.id} is of no use earlier"
        yield ObstacleCode.TOO_EARLY, job.earliest_useful, None, 0, words


def _of_way(problem: Problem, route: Route, job: Job, stop: Stop) -> Iterator[Bound]:
    """The stop before (or the start of the shift) with the way, and breaks in between."""
    shift = problem.shift_by_id[route.shift_id]
    earlier = list(takewhile(lambda one: one is not stop, route.stops))
    trip = problem.travel.between
    fetching = route.depot_pass
    if fetching is not None and fetching.position == len(earlier):
        depot = problem.depot_by_id[fetching.depot_id]
        free, way = fetching.end, trip(depot.place, job.place)
        words = f"Depot {depot.id} is left {way} seconds on the way before"
        yield ObstacleCode.DEPOT, free + way, None, way, words
    elif earlier:
        before = problem.job_by_id[earlier[-1].job_id]
        free = max(one.end for one in earlier[-1:])
        way = trip(before.place, job.place)
        words = f"Job {before.id} ends {way} seconds on the way before"
        yield ObstacleCode.STOP_BEFORE, free + way, before.id, way, words
    else:
        free, way = shift.start, trip(shift.start_place, job.place)
        words = f"Shift {shift.id} starts {way} seconds on the way before"
        yield ObstacleCode.SHIFT_START, free + way, None, way, words
    yield from _of_breaks(shift, _between(route, free, stop.start), free + way)


def _of_breaks(shift: Shift, taken: list[BreakTaken], arrival: int) -> Iterator[Bound]:
    for pause in taken:
        rule = shift.breaks[pause.position]
        arrival = max(arrival, rule.earliest_start) + rule.duration_seconds
        words = f"Break {pause.position + 1} of shift {shift.id} lies before it"
        yield ObstacleCode.BREAK, arrival, None, rule.duration_seconds, words


def _between(route: Route, free: int, start: int) -> list[BreakTaken]:
    return sorted(
        (pause for pause in route.breaks if free <= pause.start and pause.end <= start),
        key=lambda pause: pause.start,
    )
