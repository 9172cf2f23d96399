"""Instances as problems of the optimizer, and orders of jobs as plans that it can check."""

from __future__ import annotations

from benchmarks.plan.instance import DEPOT, Instance, Job, Technician
from benchmarks.plan.schedule import Timed, earliest
from optimizer import job as jobs
from optimizer import shift as shifts
from optimizer.depot import Depot
from optimizer.plan import BreakTaken, Plan, Route, Score, Stop, Unassigned
from optimizer.problem import Problem, Travel
from optimizer.supplies import Part

EPOCH = 1_790_000_000
STORE = "depot"

Orders = list[list[int]]
"""By technician, the positions of jobs in their order, and `DEPOT` where it is passed."""


def to_problem(instance: Instance) -> Problem:
    return Problem(
        epoch=EPOCH,
        shifts=tuple(_shift(instance, one) for one in instance.technicians),
        jobs=tuple(_job(instance, one) for one in instance.jobs),
        travel=Travel(instance.travel),
        depots=() if instance.depot is None else (Depot(STORE, instance.depot),),
    )


def _shift(instance: Instance, one: Technician) -> shifts.Shift:
    return shifts.Shift(
        id=f"t{one.id}",
        technician_id=f"t{one.id}",
        start=one.start,
        end=one.end,
        start_place=one.start_place,
        end_place=one.end_place,
        breaks=tuple(
            shifts.Break(pause.earliest_start, pause.latest_start, pause.duration_seconds)
            for pause in one.breaks
        ),
        skills=tuple(shifts.Skill(name, level) for name, level in one.skills),
        travel_cents_per_hour=one.travel_cents_per_hour,
        work_cents_per_hour=one.work_cents_per_hour,
        fixed_cents=one.fixed_cents,
        capacity=one.capacity,
        waiting_cents_per_hour=one.waiting_cents_per_hour,
        departs_late=one.departs_late,
        parts=tuple(Part(*part) for part in one.parts),
        tools=one.tools,
        depots=() if instance.depot is None else (STORE,),
    )


def _job(instance: Instance, one: Job) -> jobs.Job:
    return jobs.Job(
        id=f"j{one.id}",
        place=one.place,
        duration_seconds=one.duration_seconds,
        unserved_cents=one.weight * instance.cents_per_weight,
        windows=(jobs.Window(one.earliest, one.latest),),
        requirements=() if one.skill is None else (jobs.Requirement(one.skill, one.level),),
        load=one.load,
        parts=tuple(Part(*part) for part in one.parts),
        tools=one.tools,
    )


def orders_of(instance: Instance, plan: Plan) -> Orders:
    position = {f"j{job.id}": number for number, job in enumerate(instance.jobs)}
    routes = plan.route_by_shift
    orders: Orders = []
    for one in instance.technicians:
        route = routes.get(f"t{one.id}")
        orders.append([position[stop.job_id] for stop in route.stops] if route else [])
        if route and route.depot_pass:
            orders[-1].insert(route.depot_pass.position, DEPOT)
    return orders


def to_plan(instance: Instance, orders: Orders) -> Plan | None:
    """The orders at their earliest times; None when one of them cannot be kept."""
    routes: list[Route] = []
    served: set[int] = set()
    for technician, order in zip(instance.technicians, orders, strict=True):
        if not order:
            continue
        timed = earliest(instance, technician, order)
        if timed is None:
            return None
        routes.append(_route(instance, technician, order, timed))
        served.update(order)
    left = (job for number, job in enumerate(instance.jobs) if number not in served)
    return Plan(tuple(routes), tuple(Unassigned(f"j{job.id}") for job in left), Score())


def _route(instance: Instance, technician: Technician, order: list[int], timed: Timed) -> Route:
    stops: list[Stop] = []
    at = technician.start_place
    for number, start in zip(order, timed.starts, strict=True):
        job = instance.jobs[number]
        trip = int(instance.travel[at, job.place])
        stops.append(Stop(f"j{job.id}", start, start, start + job.duration_seconds, trip))
        at = job.place
    return Route(
        shift_id=f"t{technician.id}",
        departure=technician.start,
        stops=tuple(stops),
        end=timed.end,
        return_travel_seconds=int(instance.travel[at, technician.end_place]),
        breaks=tuple(BreakTaken(b, start, end) for b, (start, end) in enumerate(timed.breaks)),
    )
