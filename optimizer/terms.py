"""The price of one route in the search, by the name of the term it counts in."""

from __future__ import annotations

from collections import defaultdict

from optimizer.job import Job
from optimizer.packed import Packed, spare_levels
from optimizer.pricing import facts_alone, idle_seconds
from optimizer.shift import Shift
from optimizer.supply import is_supplied
from optimizer.timing import time_route

Terms = defaultdict[str, float]


def route_terms(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> Terms | None:
    """Cents by term, without what the committed stops themselves cost; None when infeasible."""
    shift, source, weights = packed.shifts[s], packed.problem.shifts[s], packed.weights
    terms: Terms = defaultdict(float)
    if not route and not shift.committed:
        return terms
    if not is_supplied(packed, s, route):
        return None
    timing = time_route(packed, s, route, fixed) if route else facts_alone(packed, s)
    if timing is None:
        return None
    if not shift.committed:
        terms["work"] += source.fixed_cents * weights.work / 100
    for name, cents in travel_terms(packed, s, timing.travel_seconds).items():
        terms[name] += cents
    terms["overtime"] += max(0, timing.end - shift.end) * shift.overtime_rate
    terms["waiting"] += idle_seconds(packed, s, route, timing) * shift.waiting_rate
    for job, start in zip(route, timing.starts, strict=True):
        for name, cents in job_terms(packed, s, job, start).items():
            terms[name] += cents
    pay = terms["freelance"] + shift.fixed_pay * shift.pay_weight
    terms["freelance"] += max(0.0, shift.minimum_pay * shift.pay_weight - pay)
    return terms


def travel_terms(packed: Packed, s: int, seconds: int) -> dict[str, float]:
    """Cents by term of so much time on the way."""
    shift = packed.shifts[s]
    co2 = seconds * shift.co2_rate
    return {"travel": seconds * shift.travel_rate - co2, "co2": co2}


def job_terms(packed: Packed, s: int, job: int, start: int) -> dict[str, float]:
    """Cents by term of one seat of the job, its start apart from where it is reached from."""
    source, shift, weights = packed.jobs[job], packed.problem.shifts[s], packed.weights
    work, price, who = packed.work[job][s], packed.price[job], shift.technician_id
    pay = work * shift.pay_cents_per_hour / 3600
    if job not in packed.passes:
        pay += shift.pay_cents_per_job
    terms = {
        "work": work * shift.work_cents_per_hour / 3600 * weights.work / 100,
        "freelance": pay * weights.freelance / 100,
        "sla_lateness": price.lateness(start),
        "delay": price.delay(start),
        "preference": price.outside_soft_window(start),
        "broken_promises": price.broken_window(start),
        "over_qualification": spare_levels(source, shift)
        * shift.over_qualification_cents
        * weights.over_qualification
        / 100,
        "fairness": _fairness(source, shift, work) * weights.fairness / 100,
        "risk": price.risk(start, s),
    }
    if source.preference_cents and who not in source.preferred_technicians:
        terms["preference"] += source.preference_cents * weights.preference / 100
    promise = source.promise
    if promise and promise.technician_ids and who not in promise.technician_ids:
        terms["broken_promises"] += promise.technician_cents * weights.broken_promises / 100
    return terms


def _fairness(job: Job, shift: Shift, work_seconds: int) -> float:
    unpleasant = shift.fairness_cents_per_unpleasant if job.is_unpleasant else 0
    return unpleasant + work_seconds * shift.fairness_cents_per_hour / 3600
