"""A schedule of starts made a whole plan: ways, breaks and the way home, and who is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from optimizer.explaining.pieces import standing
from optimizer.job import Job
from optimizer.packed import Packed
from optimizer.place import at_its_times
from optimizer.plan import Plan, Route, Unassigned
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Shift


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan of starts, and what it was made."""

    problem: Problem
    given: Plan
    plan: Plan


def settle(problem: Problem, plan: Plan, before: Settled | None = None) -> Plan:
    """The plan with every start as it is, feasible or not, and everything else told anew.

    Routes that were settled `before` and of which nothing has changed are taken over.
    """
    known = {} if before is None else _unchanged(problem, plan, before)
    routes = tuple(known.get(route.shift_id) or _settled(problem, route) for route in plan.routes)
    there = {stop.job_id for route in routes for stop in route.stops}
    left = tuple(Unassigned(job.id) for job in problem.jobs if job.id not in there)
    settled = replace(plan, routes=routes, unassigned=left)
    return replace(settled, score=score(problem, settled))


def _unchanged(problem: Problem, plan: Plan, before: Settled) -> dict[str, Route]:
    """By shift. Places are numbers, so all of it is new where they were numbered otherwise."""
    old = before.problem
    if (problem.epoch, problem.depots) != (old.epoch, old.depots) or problem.travel != old.travel:
        return {}
    given, made = before.given.route_by_shift, before.plan.route_by_shift
    return {
        route.shift_id: made[route.shift_id]
        for route in plan.routes
        if given.get(route.shift_id) == route
        and problem.shift_by_id[route.shift_id] == old.shift_by_id[route.shift_id]
        and all(
            problem.job_by_id[stop.job_id] == old.job_by_id.get(stop.job_id) for stop in route.stops
        )
    }


def _settled(problem: Problem, route: Route) -> Route:
    shift, known = problem.shift_by_id[route.shift_id], problem.job_by_id
    jobs = tuple(standing(known[stop.job_id], stop.start) for stop in route.stops)
    piece = Problem(problem.epoch, (shift,), jobs, problem.travel, depots=problem.depots)
    facts = len(shift.committed)
    stops = [
        *route.stops[:facts],
        *(
            replace(stop, end=stop.start + _work_seconds(shift, known[stop.job_id]))
            for stop in route.stops[facts:]
        ),
    ]
    return at_its_times(Packed(piece), 0, stops, replace(route, breaks=()))


def _work_seconds(shift: Shift, job: Job) -> int:
    return shift.work_seconds(job.duration_seconds, job.pace_skill)
