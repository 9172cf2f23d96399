"""The price of one route in the search, by the name of the term it counts in."""

from __future__ import annotations

from collections import defaultdict

from optimizer.packed import Packed
from optimizer.pricing import idle_seconds
from optimizer.timing import time_route

Terms = defaultdict[str, float]


def route_terms(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> Terms | None:
    """Cents by term of the stops behind the committed ones; None when the route is infeasible."""
    shift, source, weights = packed.shifts[s], packed.problem.shifts[s], packed.weights
    terms: Terms = defaultdict(float)
    if not route:
        return terms
    timing = time_route(packed, s, route, fixed)
    if timing is None:
        return None
    if not shift.committed:
        terms["work"] += source.fixed_cents * weights.work / 100
    terms["travel"] += timing.travel_seconds * shift.travel_rate
    terms["overtime"] += max(0, timing.end - shift.end) * shift.overtime_rate
    terms["waiting"] += idle_seconds(packed, s, route, timing) * shift.waiting_rate
    for job, start in zip(route, timing.starts, strict=True):
        for name, cents in job_terms(packed, s, job, start).items():
            terms[name] += cents
    pay = terms["freelance"] + shift.fixed_pay * shift.pay_weight
    terms["freelance"] += max(0.0, shift.minimum_pay * shift.pay_weight - pay)
    return terms


def job_terms(packed: Packed, s: int, job: int, start: int) -> dict[str, float]:
    """Cents by term of one seat of the job, its start apart from where it is reached from."""
    source, shift, weights = packed.jobs[job], packed.problem.shifts[s], packed.weights
    work, price, who = packed.work[job][s], packed.price[job], shift.technician_id
    pay = shift.pay_cents_per_job + work * shift.pay_cents_per_hour / 3600
    terms = {
        "work": work * shift.work_cents_per_hour / 3600 * weights.work / 100,
        "freelance": pay * weights.freelance / 100,
        "sla_lateness": price.lateness(start),
        "delay": price.delay(start),
        "preference": price.outside_soft_window(start),
        "broken_promises": price.broken_window(start),
    }
    if source.preference_cents and who not in source.preferred_technicians:
        terms["preference"] += source.preference_cents * weights.preference / 100
    promise = source.promise
    if promise and promise.technician_ids and who not in promise.technician_ids:
        terms["broken_promises"] += promise.technician_cents * weights.broken_promises / 100
    return terms
