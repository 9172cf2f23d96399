"""A schedule of starts made a whole plan: ways, breaks and the way home, and who is left out."""

from __future__ import annotations

from dataclasses import replace

from optimizer.explaining.pieces import compact, standing
from optimizer.job import Job
from optimizer.packed import Packed
from optimizer.place import at_its_times
from optimizer.plan import Plan, Route, Unassigned
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Shift


def settle(problem: Problem, plan: Plan) -> Plan:
    """The plan with every start as it is, feasible or not, and everything else told anew."""
    routes = tuple(_settled(problem, route) for route in plan.routes)
    there = {stop.job_id for route in routes for stop in route.stops}
    left = tuple(Unassigned(job.id) for job in problem.jobs if job.id not in there)
    settled = replace(plan, routes=routes, unassigned=left)
    return replace(settled, score=score(problem, settled))


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
    return at_its_times(Packed(compact(piece)), 0, stops, replace(route, breaks=()))


def _work_seconds(shift: Shift, job: Job) -> int:
    return shift.work_seconds(job.duration_seconds, job.pace_skill)
