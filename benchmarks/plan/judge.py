"""What a solution is worth, found out without its solver: the checker's verdict and exact prices.

Technician instances are priced in currency units: `price of a point of weight x weight left out +
cost`. Instances that must be served whole are priced by the way alone, or by the time away from
home, in their own unit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.plan import durations
from benchmarks.plan.durations import BrokenRuleError
from benchmarks.plan.instance import DEPOT, SECONDS_PER_HOUR, Instance
from benchmarks.plan.problem import Orders, to_plan, to_problem
from optimizer.check import check
from optimizer.plan import Plan

Evaluate = Callable[[Instance, Orders], float]
"""Another judge's objective, in currency units; raises AssertionError for a broken rule."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`objective` is None when the solution is no solution; `why` then says so."""

    objective: float | None
    unserved: int
    why: str = ""
    plan: Plan | None = None

    @property
    def is_feasible(self) -> bool:
        return self.objective is not None


def judge(
    instance: Instance,
    orders: Orders,
    plan: Plan | None = None,
    evaluate: Evaluate | None = None,
) -> Verdict:
    """`plan` is the solver's own, with its times; without one the orders get their earliest."""
    served = [number for order in orders for number in order if number != DEPOT]
    unserved = len(instance.jobs) - len(set(served))
    given = plan or to_plan(instance, orders)
    if given is None:
        return Verdict(None, unserved, "a route cannot be kept")
    broken = check(to_problem(instance), given)
    if broken:
        return Verdict(None, unserved, broken[0].sentence, given)
    if instance.all_required and unserved:
        return Verdict(None, unserved, f"{unserved} jobs are left out", given)
    try:
        units = objective(instance, orders)
    except BrokenRuleError as broken_rule:
        return Verdict(None, unserved, str(broken_rule), given)
    if evaluate is not None:
        try:
            theirs = evaluate(instance, orders)
        except AssertionError as refused:
            return Verdict(None, unserved, f"the given judge refuses: {refused}", given)
        if abs(theirs - units) > 0.11:
            return Verdict(None, unserved, f"the given judge says {theirs}, ours {units}", given)
        units = theirs
    return Verdict(units, unserved, plan=given)


def objective(instance: Instance, orders: Orders) -> float:
    """Currency units; where all jobs are required the way, or between points the time away, in
    units of the instance. Raises `BrokenRuleError` for an order that the points do not allow."""
    if instance.points:
        return durations.total(instance, orders)
    if instance.all_required:
        return sum(_travel_seconds(instance, orders)) / instance.units_per_second
    served = {number for order in orders for number in order}
    lost = sum(job.weight for number, job in enumerate(instance.jobs) if number not in served)
    return round((lost * instance.cents_per_weight + cost_cents(instance, orders)) / 100, 1)


def cost_cents(instance: Instance, orders: Orders) -> float:
    """Way, work and fixed cost of every technician who is used."""
    total = 0.0
    ways = _travel_seconds(instance, orders)
    for one, order, way in zip(instance.technicians, orders, ways, strict=True):
        if order:
            work = sum(instance.jobs[number].duration_seconds for number in order)
            paid = way * one.travel_cents_per_hour + work * one.work_cents_per_hour
            total += one.fixed_cents + paid / SECONDS_PER_HOUR
    return total


def _travel_seconds(instance: Instance, orders: Orders) -> list[int]:
    ways: list[int] = []
    for one, order in zip(instance.technicians, orders, strict=True):
        places = [one.start_place, *(instance.jobs[number].place for number in order)]
        places.append(one.end_place)
        legs = itertools.pairwise(places)
        ways.append(sum(int(instance.travel[a, b]) for a, b in legs) if order else 0)
    return ways
