"""A problem cut down to what a disruption touches: the jobs, who has them, and who is near."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dispatch.scheduling.problems.bonds import bonds_of, within
from optimizer.job import Job, Pin, Window
from optimizer.plan import Plan
from optimizer.problem import Problem, Travel, Weights
from optimizer.shift import Shift

NEAREST = 6
"""Routes that may take each job: enough for one of them to have room on a full day."""
NEAREST_TO_DISPLACED = 2
"""And routes that may take each job which has to make room."""
MOST_SHIFTS = 40


DISRUPTION_PCT = 300
"""A repair is for what went wrong: whatever else changes has to be worth three times its price."""
STEADY_SECONDS = 30 * 60
"""So much earlier than planned a visit may come without anybody being surprised."""


def for_repair(
    problem: Problem,
    previous: Plan,
    job_ids: Collection[str],
    technician_ids: Collection[str] = (),
) -> tuple[Problem, Plan]:
    """`narrowed`, with every other change dear and nobody visited before the time planned."""
    part, standing = narrowed(problem, previous, job_ids, technician_ids)
    starts = {stop.job_id: stop.start for route in standing.routes for stop in route.stops}
    jobs = tuple(
        job if job.id in job_ids or job.id not in starts else _steady(job, starts[job.id], part)
        for job in part.jobs
    )
    return replace(part, jobs=jobs, weights=_dear(part.weights)), standing


def for_technician(problem: Problem, previous: Plan, technician_id: str) -> tuple[Problem, Plan]:
    """The shifts of one technician, with what is on them and what waits and could be done there.

    Other changes are as dear and as small as in a repair; work of a crew keeps its time.
    """
    kept = {shift.id for shift in problem.shifts if shift.technician_id == technician_id}
    own = [problem.shift_by_id[key] for key in kept]
    placed = {stop.job_id for route in previous.routes for stop in route.stops}
    waiting = {
        job.id
        for job in problem.jobs
        if job.id not in placed and job.crew_size == 1 and any(_may(shift, job) for shift in own)
    }
    part, standing = _part(problem, previous, kept, waiting)
    starts = {stop.job_id: stop.start for route in standing.routes for stop in route.stops}
    jobs = tuple(
        job if job.id not in starts else _kept(job, starts[job.id], technician_id, part)
        for job in part.jobs
    )
    return replace(part, jobs=jobs, weights=_dear(part.weights)), standing


def _kept(job: Job, start: int, technician_id: str, problem: Problem) -> Job:
    """About when it was planned; for a crew, exactly then."""
    if job.crew_size > 1:
        return replace(job, crew_size=1, windows=(), pin=Pin(technician_id, start=start))
    return _steady(job, start, problem)


def _dear(weights: Weights) -> Weights:
    dear = weights.broken_promises * DISRUPTION_PCT // 100
    return replace(weights, broken_promises=dear)


def _steady(job: Job, start: int, problem: Problem) -> Job:
    """Not much earlier than planned, and much later only at a price."""
    earliest = start - STEADY_SECONDS
    whole = (Window(min(0, earliest), max(problem.horizon_end, start)),)
    windows = tuple(
        Window(max(window.start, earliest), window.end)
        for window in job.windows or whole
        if window.end >= earliest
    )
    promise = job.promise
    if promise is not None and promise.window is None:
        around = Window(earliest, start + STEADY_SECONDS)
        cents = promise.technician_cents // 2
        promise = replace(promise, window=around, window_cents=cents)
    return replace(job, windows=windows or job.windows, promise=promise)


def narrowed(
    problem: Problem,
    previous: Plan,
    job_ids: Collection[str],
    technician_ids: Collection[str] = (),
) -> tuple[Problem, Plan]:
    """The part in which these jobs, and the routes of these technicians, can be put right.

    Whoever is not in it keeps everything; jobs without a place that nobody asked about stay out.
    """
    near = _Near(problem, previous)
    wanted = [job for job in problem.jobs if job.id in job_ids]
    wanted += [
        problem.job_by_id[stop.job_id]
        for route in previous.routes
        if problem.shift_by_id[route.shift_id].technician_id in technician_ids
        for stop in route.stops
        if stop.job_id not in problem.committed_ids and stop.job_id not in job_ids
    ]
    kept = {shift.id for shift in problem.shifts if shift.technician_id in technician_ids}
    kept |= {route.shift_id for job in wanted for route, _ in previous.seats(job.id)}
    kept = _filled(kept, [near.shifts_for(job, NEAREST) for job in wanted])
    passed = [
        problem.job_by_id[stop.job_id]
        for route in previous.routes
        if route.shift_id in kept
        for stop in route.stops
        if stop.job_id not in problem.committed_ids and stop.job_id not in job_ids
    ]
    kept = _filled(kept, [near.shifts_for(job, NEAREST_TO_DISPLACED) for job in passed])
    kept = _with_crews(problem, previous, kept)
    return _part(problem, previous, kept, {job.id for job in wanted})


class _Near:
    """Which shifts pass near a job."""

    def __init__(self, problem: Problem, previous: Plan) -> None:
        self._problem = problem
        self._places: dict[str, NDArray[np.intp]] = {}
        for shift in problem.shifts:
            route = previous.route_by_shift.get(shift.id)
            stops = route.stops if route else ()
            passed = [shift.start_place, *(problem.job_by_id[s.job_id].place for s in stops)]
            self._places[shift.id] = np.array(passed, dtype=np.intp)

    def shifts_for(self, job: Job, most: int) -> list[str]:
        """Those who may do the job, nearest first."""
        way = self._problem.travel.seconds[:, job.place]
        able = [shift for shift in self._problem.shifts if _may(shift, job)]
        able.sort(key=lambda shift: (int(way[self._places[shift.id]].min()), shift.id))
        return [shift.id for shift in able[: most * job.crew_size]]


def _may(shift: Shift, job: Job) -> bool:
    """Roughly: skill, person and hours; the search looks at the rest."""
    who = shift.technician_id
    if who in job.excluded_technicians:
        return False
    if job.required_technicians and who not in job.required_technicians:
        return False
    if job.pin is not None and job.crew_size == 1 and job.pin.technician_id not in (None, who):
        return False
    levels = {skill.name: skill.level for skill in shift.skills}
    if any(levels.get(need.skill, 0) < need.level for need in job.requirements):
        return False
    return not job.windows or any(
        window.start < shift.latest_end and window.end >= shift.start for window in job.windows
    )


def _filled(kept: set[str], ranked: Sequence[Sequence[str]]) -> set[str]:
    """With the nearest of every job, then the second nearest, while there is room."""
    found = set(kept)
    for place in range(max(map(len, ranked), default=0)):
        for shift_ids in ranked:
            if place < len(shift_ids) and len(found) < MOST_SHIFTS:
                found.add(shift_ids[place])
    return found


def _with_crews(problem: Problem, previous: Plan, kept: set[str]) -> set[str]:
    """With the shifts of everybody who shares a crew with somebody in it."""
    crews = [
        {route.shift_id for route, _ in previous.seats(job.id)}
        for job in problem.jobs
        if job.crew_size > 1
    ]
    while True:
        more = {key for crew in crews if crew & kept for key in crew - kept}
        if not more:
            return kept
        kept = kept | more


def _part(
    problem: Problem, previous: Plan, kept: set[str], job_ids: set[str]
) -> tuple[Problem, Plan]:
    shifts = [shift for shift in problem.shifts if shift.id in kept]
    routes = tuple(route for route in previous.routes if route.shift_id in kept)
    there = {stop.job_id for route in routes for stop in route.stops}
    there |= {stop.job_id for shift in shifts for stop in shift.committed}
    jobs = within(problem, previous, (job for job in problem.jobs if job.id in there | job_ids))
    ids = {job.id for job in jobs}
    used = sorted(
        {place for shift in shifts for place in (shift.start_place, shift.end_place or 0)}
        | {job.place for job in jobs}
        | {depot.place for depot in problem.depots}
    )
    number = {place: index for index, place in enumerate(used)}
    part = replace(
        problem,
        shifts=tuple(
            replace(
                shift,
                start_place=number[shift.start_place],
                end_place=None if shift.end_place is None else number[shift.end_place],
            )
            for shift in shifts
        ),
        jobs=tuple(replace(job, place=number[job.place]) for job in jobs),
        travel=Travel(problem.travel.seconds[np.ix_(used, used)]),
        depots=tuple(replace(depot, place=number[depot.place]) for depot in problem.depots),
        precedences=bonds_of(problem, jobs),
        share_caps=tuple(filter(None, (cap.within(ids) for cap in problem.share_caps))),
    )
    return part, replace(previous, routes=routes, unassigned=())
