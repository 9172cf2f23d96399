"""What a route costs in the search: the same money as `score`, unrounded and by shift.

Written apart from `score` on purpose: tests compare the two.
"""

from __future__ import annotations

from optimizer.packed import Packed, PackedShift
from optimizer.supply import is_supplied, jobs_of
from optimizer.time_price import NEVER
from optimizer.timing import Timing, time_route


def price_route(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> float | None:
    """Cents of shift s doing this route, 0 when unused; None when it is infeasible."""
    shift = packed.shifts[s]
    if not route and not shift.committed:
        return 0.0
    if not route:
        return price_timing(packed, s, [], facts_alone(packed, s))
    if len(jobs_of(packed, route)) + len(shift.committed) > shift.max_jobs:
        return None
    if shift.capacity < NEVER and sum(packed.jobs[job].load for job in route) > shift.capacity:
        return None
    if not is_supplied(packed, s, route):
        return None
    timing = time_route(packed, s, route, fixed)
    return None if timing is None else price_timing(packed, s, route, timing)


def price_timing(packed: Packed, s: int, route: list[int], timing: Timing) -> float:
    shift = packed.shifts[s]
    cents = shift.fixed_cents + timing.travel_seconds * shift.travel_rate
    for job, start in zip(route, timing.starts, strict=True):
        cents += packed.seat_cents[job][s] + packed.price[job].at(start, s)
    if timing.end > shift.end:
        cents += (timing.end - shift.end) * shift.overtime_rate
    if shift.waiting_rate:
        cents += idle_seconds(packed, s, route, timing) * shift.waiting_rate
    if shift.minimum_pay:
        cents += _top_up(packed, s, route, shift)
    return cents


def facts_alone(packed: Packed, s: int) -> Timing:
    """The times of a shift that does nothing but its committed stops."""
    shift = packed.shifts[s]
    trip = packed.trip[shift.origin, shift.end_place] if shift.end_place >= 0 else 0
    return Timing([], [], shift.ready + trip, 0, shift.fixed_travel_seconds + trip)


def _top_up(packed: Packed, s: int, route: list[int], shift: PackedShift) -> float:
    source = packed.problem.shifts[s]
    pay = shift.fixed_pay + len(jobs_of(packed, route)) * source.pay_cents_per_job
    pay += sum(packed.work[job][s] for job in route) * source.pay_cents_per_hour / 3600
    return max(0.0, shift.minimum_pay - pay) * shift.pay_weight


def idle_seconds(packed: Packed, s: int, route: list[int], timing: Timing) -> int:
    """Time between departure and end that is neither trip, work nor break."""
    shift = packed.shifts[s]
    place, free, taken = shift.origin, shift.ready, shift.breaks_past
    idle = shift.fixed_idle
    for position, (job, start) in enumerate(zip(route, timing.starts, strict=True)):
        if position or shift.committed:
            pauses = sum(shift.breaks[b][2] for b in range(taken, timing.breaks_before[position]))
            idle += start - free - packed.trip[place, packed.place[job]] - pauses
        taken = timing.breaks_before[position]
        free, place = start + packed.work[job][s], packed.place[job]
    pauses = sum(shift.breaks[b][2] for b in range(taken, timing.breaks_at_end))
    trip = packed.trip[place, shift.end_place] if shift.end_place >= 0 else 0
    return idle + max(0, timing.end - free - trip - pauses)
