"""VROOM at its highest exploration level, on one thread, stopped at the limit.

Durations and costs are matrices by profile (pair of rates); skills are expanded by level; weights
are priorities, which VROOM puts before all cost.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import vroom

from benchmarks.plan.instance import Instance, Technician
from benchmarks.plan.solvers.costs import (
    UNITS_PER_CENT,
    arc_costs,
    rates_of,
    with_own_places,
)
from benchmarks.plan.solvers.process import Answer, Solve, Task, serve

EXPLORATION = 5
HIGHEST_PRIORITY = 100
LEVELS = 10


def prepare(task: Task) -> Solve:
    instance = with_own_places(task.instance)
    model = vroom.Input()
    for number, rates in enumerate(_profiles(instance)):
        model.set_durations_matrix(str(number), instance.travel)
        model.set_costs_matrix(str(number), arc_costs(instance, rates))
    _add_people(model, instance)
    _add_jobs(model, instance)

    def run() -> Answer:
        solution = model.solve(
            exploration_level=EXPLORATION, nb_threads=1, timeout=timedelta(seconds=task.seconds)
        )
        return _read(solution.to_dict(), len(instance.technicians))

    return run


def _profiles(instance: Instance) -> list[tuple[int, int]]:
    return sorted({rates_of(one) for one in instance.technicians})


def _skill_numbers(instance: Instance) -> dict[str, int]:
    names = sorted({job.skill for job in instance.jobs if job.skill is not None})
    return {name: number * LEVELS for number, name in enumerate(names)}


def _held(one: Technician, numbers: dict[str, int]) -> set[int]:
    """Every level up to the one that is held."""
    return {
        numbers[name] + below
        for name, level in one.skills
        if name in numbers
        for below in range(1, level + 1)
    }


def _add_people(model: Any, instance: Instance) -> None:
    numbers, profiles = _skill_numbers(instance), _profiles(instance)
    loaded = any(job.load for job in instance.jobs)
    load = sum(job.load for job in instance.jobs)
    for v, one in enumerate(instance.technicians):
        capacity = [load if one.capacity is None else one.capacity] if loaded else ()
        model.add_vehicle(
            vroom.Vehicle(
                v,
                start=one.start_place,
                end=one.end_place,
                profile=str(profiles.index(rates_of(one))),
                capacity=capacity,
                skills=_held(one, numbers),
                time_window=(one.start, one.end),
                breaks=[
                    vroom.Break(
                        b,
                        time_windows=[(pause.earliest_start, pause.latest_start)],
                        service=pause.duration_seconds,
                    )
                    for b, pause in enumerate(one.breaks)
                ],
                costs=vroom.VehicleCosts(fixed=one.fixed_cents * UNITS_PER_CENT),
            )
        )


def _add_jobs(model: Any, instance: Instance) -> None:
    numbers = _skill_numbers(instance)
    loaded = any(job.load for job in instance.jobs)
    for j, job in enumerate(instance.jobs):
        model.add_job(
            vroom.Job(
                j,
                location=job.place,
                default_service=job.duration_seconds,
                delivery=[job.load] if loaded else (),
                skills=set() if job.skill is None else {numbers[job.skill] + job.level},
                priority=0 if instance.all_required else min(job.weight, HIGHEST_PRIORITY),
                time_windows=[(job.earliest, job.latest)],
            )
        )


def _read(solution: dict[str, Any], technicians: int) -> Answer:
    orders: list[list[int]] = [[] for _ in range(technicians)]
    for route in solution["routes"]:
        orders[route["vehicle"]] = [step["id"] for step in route["steps"] if step["type"] == "job"]
    return Answer(orders, reported=solution["summary"]["cost"])


if __name__ == "__main__":
    serve(prepare)
