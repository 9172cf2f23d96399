"""PyVRP: optional jobs as prizes, a profile per pair of rates and set of jobs that can be done.

It knows no breaks. What a technician may not do costs more than any prize in that profile.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Solution, VehicleType
from pyvrp.solve import solve

from benchmarks.plan.instance import Instance
from benchmarks.plan.solvers.costs import (
    UNITS_PER_CENT,
    arc_costs,
    rates_of,
    with_own_places,
)
from benchmarks.plan.solvers.process import Answer, Solve, Task, serve


@dataclass
class Until:
    """A stopping criterion by the clock that also counts the construction of the start."""

    deadline: float

    def __call__(self, _best: float) -> bool:
        return time.perf_counter() >= self.deadline

    def fraction_remaining(self) -> float | None:
        return None


def prepare(task: Task) -> Solve:
    if task.instance.has_breaks:
        raise SystemExit("PyVRP knows no breaks.")
    instance = with_own_places(task.instance)
    groups = _groups(instance)
    data = _data(instance, groups)

    def run() -> Answer:
        until = Until(time.perf_counter() + task.seconds)
        result = solve(data, until, seed=task.seed, collect_stats=False)
        cost = result.cost() if result.is_feasible() else None
        lost = 0 if cost is None else result.best.uncollected_prizes()
        orders = _orders(result.best, groups, instance)
        return Answer(orders, reported=None if cost is None else cost - lost)

    return run


def _groups(instance: Instance) -> list[list[int]]:
    """Technicians that differ in nothing but their number are one vehicle type."""
    groups: dict[object, list[int]] = {}
    for v, one in enumerate(instance.technicians):
        key = (replace(one, id=0, skills=()), instance.able[:, v].tobytes())
        groups.setdefault(key, []).append(v)
    return list(groups.values())


def _data(instance: Instance, groups: list[list[int]]) -> ProblemData:
    jobs = instance.jobs
    homes = list(range(len(jobs), len(instance.travel)))
    profiles: dict[object, int] = {}
    distances: list[np.ndarray[tuple[int, int], np.dtype[np.int64]]] = []
    vehicles: list[VehicleType] = []
    for group in groups:
        one, able = instance.technicians[group[0]], instance.able[:, group[0]]
        key = (rates_of(one), able.tobytes())
        if key not in profiles:
            profiles[key] = len(distances)
            costs = arc_costs(instance, rates_of(one))
            costs[:, np.flatnonzero(~able)] = _forbidden(instance)
            np.fill_diagonal(costs, 0)
            distances.append(costs)
        vehicles.append(
            VehicleType(
                num_available=len(group),
                capacity=[] if one.capacity is None else [one.capacity],
                start_depot=homes.index(one.start_place),
                end_depot=homes.index(one.end_place),
                tw_early=one.start,
                tw_late=one.end,
                fixed_cost=one.fixed_cents * UNITS_PER_CENT,
                profile=profiles[key],
            )
        )
    return ProblemData(
        [Location(0, 0) for _ in range(len(instance.travel))],
        _clients(instance),
        [Depot(home) for home in homes],
        vehicles,
        distances,
        [instance.travel] * len(distances),
    )


def _clients(instance: Instance) -> list[Client]:
    loaded = any(one.capacity is not None for one in instance.technicians)
    price = instance.cents_per_weight * UNITS_PER_CENT
    return [
        Client(
            location=job.place,
            delivery=[job.load] if loaded else [],
            service_duration=job.duration_seconds,
            tw_early=job.earliest,
            tw_late=job.latest,
            prize=0 if instance.all_required else job.weight * price,
            required=instance.all_required,
        )
        for job in instance.jobs
    ]


def _forbidden(instance: Instance) -> int:
    dearest = max((job.weight for job in instance.jobs), default=1)
    return 3 * dearest * instance.cents_per_weight * UNITS_PER_CENT


def _orders(best: Solution, groups: list[list[int]], instance: Instance) -> list[list[int]]:
    orders: list[list[int]] = [[] for _ in instance.technicians]
    left = [list(group) for group in groups]
    for route in best.routes():
        v = left[route.vehicle_type()].pop(0)
        orders[v] = [visit.idx for visit in route if visit.is_client()]
    return orders


if __name__ == "__main__":
    serve(prepare)
