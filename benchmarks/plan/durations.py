"""The time away from home in real numbers, from the order of stops alone.

Every rule is looked at again, without the solver's times: windows and the end of the shift, skills,
tools and parts on board, one pass of the depot. Departure is as late as the route allows.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

from benchmarks.plan.instance import DEPOT, Instance, Technician

TOLERANCE = 1e-6


class BrokenRuleError(Exception):
    """An order that real numbers do not allow, and why."""


def total(instance: Instance, orders: list[list[int]]) -> float:
    """Return less departure over all technicians used. Raises `BrokenRuleError`."""
    people = zip(instance.technicians, orders, strict=True)
    return sum(_duration(instance, one, order) for one, order in people if order)


def _duration(instance: Instance, one: Technician, order: list[int]) -> float:
    _require_able(instance, one, order)
    _require_supplied(instance, one, order)
    unit = instance.units_per_second
    opens, closes, service = [one.start / unit], [one.end / unit], [0.0]
    places = [one.start_place]
    for number in order:
        job = None if number == DEPOT else instance.jobs[number]
        places.append(job.place if job else instance.depot or 0)
        opens.append(job.earliest / unit if job else -math.inf)
        closes.append(job.latest / unit if job else math.inf)
        service.append(job.duration_seconds / unit if job else 0.0)
    places.append(one.end_place)
    trips = [math.dist(instance.points[a], instance.points[b]) for a, b in pairwise(places)]
    free = opens[0]
    for k, number in enumerate(order, start=1):
        start = max(free + trips[k - 1], opens[k])
        if start > closes[k] + TOLERANCE:
            raise BrokenRuleError(f"job {instance.jobs[number].id} starts after its window")
        free = start + service[k]
    end = free + trips[-1]
    if end > closes[0] + TOLERANCE:
        raise BrokenRuleError(f"technician {one.id} is back too late")
    leave = closes[0] - trips[-1]
    for k in range(len(order), 0, -1):
        leave = min(leave - service[k], closes[k]) - trips[k - 1]
    return max(sum(trips) + sum(service), end - leave)


def _require_able(instance: Instance, one: Technician, order: list[int]) -> None:
    held = dict(one.skills)
    for job in (instance.jobs[number] for number in order if number != DEPOT):
        if job.skill is not None and held.get(job.skill, 0) < job.level:
            raise BrokenRuleError(f"technician {one.id} may not do job {job.id}")


def _require_supplied(instance: Instance, one: Technician, order: list[int]) -> None:
    if order.count(DEPOT) > (instance.depot is not None):
        raise BrokenRuleError(f"technician {one.id} passes the depot more often than once")
    before = order[: order.index(DEPOT)] if DEPOT in order else order
    jobs = [instance.jobs[number] for number in before]
    used: Counter[str] = Counter()
    for job in jobs:
        used.update(dict(job.parts))
    held = dict(one.parts)
    if any(count > held.get(part, 0) for part, count in used.items()):
        raise BrokenRuleError(f"technician {one.id} runs out of parts")
    if any(not set(job.tools) <= set(one.tools) for job in jobs):
        raise BrokenRuleError(f"technician {one.id} lacks a tool")
