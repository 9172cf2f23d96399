"""A plan with one job put where a person wants it, right or wrong: for `check` to judge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from optimizer.fetching import supplied
from optimizer.itinerary import route_of
from optimizer.job import Job
from optimizer.packed import Packed
from optimizer.plan import DepotPass, Plan, Route, Stop
from optimizer.problem import Problem
from optimizer.score import score
from optimizer.shift import Shift


def place(problem: Problem, plan: Plan, job: Job, start: int, shift_ids: Collection[str]) -> Plan:
    """The plan with that job (of the problem) started then by those shifts, and nowhere else.

    Everything else keeps its time. Breaks move where they still fit; where nothing fits, the
    stops stand as asked and `check` tells what is wrong.
    """
    routes = {
        route.shift_id: route for route in (_without(r, job.id) for r in plan.routes) if route
    }
    packed = Packed(problem)
    touched = {r.shift_id for r in plan.routes if any(s.job_id == job.id for s in r.stops)}
    for index, shift in enumerate(problem.shifts):
        stops = list(routes[shift.id].stops) if shift.id in routes else []
        if shift.id in shift_ids:
            work = shift.work_seconds(job.duration_seconds, job.pace_skill)
            stops.append(Stop(job.id, start, start, start + work, 0))
            stops.sort(key=lambda stop: stop.start)
        elif shift.id not in touched:
            continue
        if stops:
            old = routes.get(shift.id)
            routes[shift.id] = at_its_times(packed, index, stops, old)
    placed = replace(
        plan,
        routes=tuple(routes[shift.id] for shift in problem.shifts if shift.id in routes),
        unassigned=tuple(left for left in plan.unassigned if left.job_id != job.id),
    )
    return replace(placed, score=score(problem, placed))


def at_its_times(packed: Packed, s: int, stops: list[Stop], old: Route | None = None) -> Route:
    """The shift's route with exactly these starts: ways stated, breaks placed where they fit."""
    timed = _timed(packed, s, stops)
    return timed or _as_asked(packed, packed.problem.shifts[s], stops, old)


def _without(route: Route, job_id: str) -> Route | None:
    stops = tuple(stop for stop in route.stops if stop.job_id != job_id)
    return replace(route, stops=stops) if stops else None


def _timed(packed: Packed, s: int, stops: list[Stop]) -> Route | None:
    """The route at exactly these starts with breaks placed anew; None when that is impossible."""
    committed = len(packed.shifts[s].committed)
    jobs = [packed.job_index[stop.job_id] for stop in stops[committed:]]
    fixed = {job: stop.start for job, stop in zip(jobs, stops[committed:], strict=True)}
    try:
        return route_of(packed, s, supplied(packed, s, jobs, fixed), fixed)
    except ValueError:
        return None


def _as_asked(packed: Packed, shift: Shift, stops: list[Stop], old: Route | None) -> Route:
    """Stops at their times with the ways between them stated, however little time there is."""
    problem = packed.problem
    trip = problem.travel.between
    at, free, timed = shift.start_place, None, list[Stop]()
    fetching = old.depot_pass if old else None
    for position, stop in enumerate(stops):
        if fetching is not None and position == _behind(shift, stops, fetching):
            place = problem.depot_by_id[fetching.depot_id].place
            fetching = replace(fetching, position=position, travel_seconds=trip(at, place))
            at, free = place, fetching.end
        job_place = packed.place[packed.job_index[stop.job_id]]
        if position >= len(shift.committed):
            way = trip(at, job_place)
            arrival = stop.start if free is None else min(stop.start, free + way)
            stop = replace(stop, arrival=arrival, travel_seconds=way)
        timed.append(stop)
        at, free = job_place, stop.end
    home = 0 if shift.end_place is None else trip(at, shift.end_place)
    departure = timed[0].arrival - timed[0].travel_seconds
    if fetching is not None and fetching.position == 0:
        departure = fetching.start - fetching.travel_seconds
    return Route(
        shift_id=shift.id,
        departure=departure,
        stops=tuple(timed),
        end=max(departure, timed[-1].end + home),
        return_travel_seconds=home,
        breaks=old.breaks if old else (),
        depot_pass=fetching,
    )


def _behind(shift: Shift, stops: list[Stop], fetching: DepotPass) -> int:
    """How many stops start before the pass of a depot, facts in any case; one stays behind it."""
    before = sum(stop.start < fetching.start for stop in stops)
    return min(max(before, len(shift.committed)), len(stops) - 1)
