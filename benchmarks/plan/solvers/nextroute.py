"""nextroute on one thread, stopped at the limit.

It prices the way alike for everybody, so it is given the mean rate; it knows no breaks. Levels of
skills become attributes, and weights the penalties of stops that are left out. Its windows lie on
whole minutes, so each unit of an instance's time is given to it as a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import fmean
from typing import Any

import nextroute

from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance, Job, Technician
from benchmarks.plan.solvers.process import Answer, Solve, Task, serve

REQUIRED_PENALTY = 10**9
MINUTE = 60
MOST_SECONDS = 10**9
"""The horizon of its model."""
SOMEWHERE = {"lon": 1.0, "lat": 1.0}
"""Ways are read from the matrix."""
LOAD = "load"


def prepare(task: Task) -> Solve:
    if task.instance.has_breaks:
        raise SystemExit("nextroute knows no breaks.")
    given = nextroute.schema.Input.from_dict(_input(task.instance))
    options = nextroute.Options(
        SOLVE_DURATION=task.seconds,
        SOLVE_PARALLELRUNS=1,
        MODEL_OBJECTIVES_TRAVELDURATION=cents_per_unit(task.instance) / MINUTE,
        MODEL_OBJECTIVES_VEHICLESDURATION=0.0,
        MODEL_PROPERTIES_MAXIMUMTIMEHORIZON=MOST_SECONDS,
        FORMAT_DISABLE_PROGRESSION=True,
    )

    def run() -> Answer:
        return _read(nextroute.solve(given, options).to_dict(), task.instance)

    return run


def cents_per_unit(instance: Instance) -> float:
    """The mean price of a unit of time on the way."""
    rates = [one.travel_cents_per_hour for one in instance.technicians]
    return fmean(rates) / SECONDS_PER_HOUR


def _input(instance: Instance) -> dict[str, Any]:
    ends = [place for one in instance.technicians for place in (one.start_place, one.end_place)]
    order = [*(job.place for job in instance.jobs), *ends]
    ways = [[int(instance.travel[a, b]) * MINUTE for b in order] for a in order]
    loaded = any(job.load for job in instance.jobs)
    return {
        "stops": [_stop(number, job, instance, loaded) for number, job in enumerate(instance.jobs)],
        "vehicles": [
            _vehicle(number, one, instance, loaded)
            for number, one in enumerate(instance.technicians)
        ],
        "duration_matrix": ways,
    }


def _stop(number: int, job: Job, instance: Instance, loaded: bool) -> dict[str, Any]:
    penalty = REQUIRED_PENALTY if instance.all_required else job.weight * instance.cents_per_weight
    stop: dict[str, Any] = {
        "id": str(number),
        "location": SOMEWHERE,
        "duration": job.duration_seconds * MINUTE,
        "start_time_window": [_moment(job.earliest), _moment(job.latest)],
        "unplanned_penalty": penalty,
    }
    if job.skill is not None:
        stop["compatibility_attributes"] = [f"{job.skill} {job.level}"]
    if loaded:
        stop["quantity"] = {LOAD: -job.load}
    return stop


def _vehicle(number: int, one: Technician, instance: Instance, loaded: bool) -> dict[str, Any]:
    vehicle: dict[str, Any] = {
        "id": str(number),
        "start_location": SOMEWHERE,
        "end_location": SOMEWHERE,
        "start_time": _moment(one.start),
        "end_time": _moment(one.end),
        "activation_penalty": one.fixed_cents,
        "compatibility_attributes": sorted(_attributes(one)),
    }
    if loaded:
        load = sum(job.load for job in instance.jobs)
        vehicle["capacity"] = {LOAD: load if one.capacity is None else one.capacity}
    return vehicle


def _attributes(one: Technician) -> Iterator[str]:
    """Every level up to the one that is held."""
    for name, level in one.skills:
        for below in range(1, level + 1):
            yield f"{name} {below}"


def _moment(unit: int) -> str:
    return datetime.fromtimestamp(unit * MINUTE, UTC).isoformat()


def _read(output: dict[str, Any], instance: Instance) -> Answer:
    orders: list[list[int]] = [[] for _ in instance.technicians]
    [solution] = output["solutions"]
    for vehicle in solution["vehicles"]:
        stops = [stop["stop"]["id"] for stop in vehicle["route"]]
        orders[int(vehicle["id"])] = [int(stop) for stop in stops if stop.isdecimal()]
    return Answer(orders, reported=solution["objective"]["value"])


if __name__ == "__main__":
    serve(prepare)
