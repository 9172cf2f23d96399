"""Whole-number prices for solvers that want them: the way and the work in one matrix by rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.plan.instance import SECONDS_PER_HOUR, Instance, Technician

UNITS_PER_CENT = 60
"""Rates that are whole multiples of 60 cents an hour are exact."""

Costs = NDArray[np.int64]
Rates = tuple[int, int]


def rates_of(technician: Technician) -> Rates:
    return technician.travel_cents_per_hour, technician.work_cents_per_hour


def arc_costs(instance: Instance, rates: Rates) -> Costs:
    """From place to place the way, and the work of the job that is reached by it.

    Jobs need places of their own for that: see `with_own_places`.
    """
    travel, work = rates
    units = UNITS_PER_CENT / SECONDS_PER_HOUR
    costs: Costs = np.rint(instance.travel * (travel * units)).astype(np.int64)
    for job in instance.jobs:
        costs[:, job.place] += round(job.duration_seconds * work * units)
    return costs


def with_own_places(instance: Instance) -> Instance:
    """The same instance with one place for each job and for each technician's start and end."""
    order = [job.place for job in instance.jobs]
    order += sorted(
        {place for one in instance.technicians for place in (one.start_place, one.end_place)}
    )
    base = {place: len(instance.jobs) + n for n, place in enumerate(order[len(instance.jobs) :])}
    jobs = tuple(replace(job, place=number) for number, job in enumerate(instance.jobs))
    technicians = tuple(
        replace(one, start_place=base[one.start_place], end_place=base[one.end_place])
        for one in instance.technicians
    )
    travel = np.ascontiguousarray(instance.travel[np.ix_(order, order)])
    return replace(instance, technicians=technicians, jobs=jobs, travel=travel)


def priced(instance: Instance, orders: list[list[int]]) -> int:
    """What the matrices charge for the orders: the same number as the peer's own cost."""
    total = 0
    by_rates = {rates: arc_costs(instance, rates) for rates in map(rates_of, instance.technicians)}
    for one, order in zip(instance.technicians, orders, strict=True):
        if order:
            places = [one.start_place, *(instance.jobs[number].place for number in order)]
            legs = zip(places, [*places[1:], one.end_place], strict=True)
            costs = by_rates[rates_of(one)]
            total += sum(int(costs[a, b]) for a, b in legs) + one.fixed_cents * UNITS_PER_CENT
    return total
