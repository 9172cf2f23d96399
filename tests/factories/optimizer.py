"""Small problems and plans for the optimizer, with times in seconds from midnight."""

from typing import Any

from optimizer.job import Job
from optimizer.plan import Plan, Route, Score, Stop, Unassigned
from optimizer.problem import Problem, Travel, Weights
from optimizer.shift import Shift

HOUR = 3600
MINUTE = 60


def make_shift(name: str = "anna", **over: Any) -> Shift:
    """8:00 to 16:00 from and back to place 0."""
    values: dict[str, Any] = {
        "id": f"{name}-day",
        "technician_id": name,
        "start": 8 * HOUR,
        "end": 16 * HOUR,
        "start_place": 0,
        "end_place": 0,
    }
    return Shift(**values | over)


def make_job(name: str = "boiler", **over: Any) -> Job:
    """An hour at place 1."""
    values: dict[str, Any] = {
        "id": name,
        "place": 1,
        "duration_seconds": HOUR,
        "unserved_cents": 10_000,
    }
    return Job(**values | over)


def make_line_travel(places: int = 4, minutes: int = 10) -> Travel:
    """Places on a line, so many minutes apart."""
    spots = range(places)
    return Travel([[abs(a - b) * minutes * MINUTE for b in spots] for a in spots])


def make_problem(
    shifts: list[Shift] | None = None, jobs: list[Job] | None = None, **over: Any
) -> Problem:
    values: dict[str, Any] = {
        "epoch": 1_790_000_000,
        "shifts": tuple([make_shift()] if shifts is None else shifts),
        "jobs": tuple([make_job()] if jobs is None else jobs),
        "travel": make_line_travel(),
        "weights": Weights(),
    }
    return Problem(**values | over)


def make_route(shift: Shift, problem: Problem, *starts: tuple[str, int], **over: Any) -> Route:
    """The stops at these starts, each left for just in time, and home at once."""
    stops: list[Stop] = []
    at = shift.start_place
    for job_id, start in starts:
        job = problem.job_by_id[job_id]
        trip = problem.travel.between(at, job.place)
        work = shift.work_seconds(job.duration_seconds, job.pace_skill)
        stops.append(Stop(job_id, start, start, start + work, trip))
        at = job.place
    home = 0 if shift.end_place is None else problem.travel.between(at, shift.end_place)
    values: dict[str, Any] = {
        "shift_id": shift.id,
        "departure": stops[0].start - stops[0].travel_seconds,
        "stops": tuple(stops),
        "end": stops[-1].end + home,
        "return_travel_seconds": home,
    }
    return Route(**values | over)


def make_plan(*routes: Route, left: tuple[str, ...] = ()) -> Plan:
    unassigned = tuple(Unassigned(job_id) for job_id in left)
    return Plan(routes=routes, unassigned=unassigned, score=Score())
