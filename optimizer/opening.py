"""One shift whose stops stay at their times, and the gaps in which one more job may fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.gaps import GapsOfRoute, Times
from optimizer.packed import Packed
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.shift import Shift
from optimizer.stock import Stock

ROW = np.dtype(
    [
        *((name, np.int64) for name in ("start", "end", "latest_end", "ends_at", "home")),
        *((name, np.int64) for name in ("room", "space", "travel_left", "work_left")),
        *((name, np.float64) for name in ("travel_rate", "overtime_rate", "fixed")),
        *((name, np.float64) for name in ("pay", "minimum_pay", "co2_grams")),
    ]
)
"""The columns of an `Opening.row`. `ends_at` is when the last stop ends, or the shift begins
without any; rates are cents per second, `fixed` is due when it is used first, `pay` is earned
already; `co2_grams` are per second on the way."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Times are UTC timestamp seconds, places those of the problem it is from.

    Per gap and number of breaks taken `ready` is when its place before can be left, `latest` when
    the place behind must be reached; `after` is -1 where the shift ends anywhere. `left` is what
    is on board and not used by the stops.
    """

    shift: Shift
    row: tuple[float, ...]
    ready: Times
    latest: Times
    before: Times
    after: Times
    trip: Times
    breaks: Times
    left: Stock


def openings_of(problem: Problem, plan: Plan) -> list[Opening]:
    """The plan's shifts as they stand, those that break a rule included."""
    packed = Packed(problem)
    return [_opening(packed, s, shift, plan) for s, shift in enumerate(problem.shifts)]


def _opening(packed: Packed, s: int, shift: Shift, plan: Plan) -> Opening:
    route, own, epoch = plan.route_by_shift.get(shift.id), packed.shifts[s], packed.problem.epoch
    starts = {packed.job_index[stop.job_id]: stop.start for stop in route.stops} if route else {}
    jobs = [job for job in starts if job not in own.committed]
    gaps = GapsOfRoute.of(packed, s, jobs, starts, facts=True)
    ends_at = starts[jobs[-1]] + packed.work[jobs[-1]][s] if jobs else own.ready
    left = dict(packed.stock[s])
    for item, pieces in (need for job in jobs for need in packed.needs[job]):
        left[item] = left.get(item, 0) - pieces
    return Opening(
        shift=shift,
        row=(
            *(shift.start + epoch, shift.end + epoch, shift.latest_end + epoch),
            *(ends_at + epoch, shift.start_place, gaps.room, gaps.space),
            own.max_travel - gaps.travel_seconds,
            own.max_work - gaps.travel_seconds - gaps.work_seconds,
            *(own.travel_rate, own.overtime_rate),
            own.fixed_cents if gaps.is_unused else 0.0,
            _pay(packed, s, jobs),
            own.minimum_pay * own.pay_weight,
            shift.co2_grams_per_hour / 3600,
        ),
        ready=gaps.ready + epoch,
        latest=gaps.latest + epoch,
        before=gaps.before,
        after=gaps.after,
        trip=gaps.trip,
        breaks=np.array(
            [(earliest + epoch, latest + epoch, length) for earliest, latest, length in own.breaks],
            dtype=np.int64,
        ).reshape(-1, 3),
        left=left,
    )


def _pay(packed: Packed, s: int, jobs: list[int]) -> float:
    """What the stops of a shift earn a partner or freelancer, weight included; -1 for a shift
    that is not used and so has no minimum yet."""
    shift, own = packed.problem.shifts[s], packed.shifts[s]
    if not jobs and not own.committed:
        return -1.0
    seconds = sum(packed.work[job][s] for job in jobs)
    earned = len(jobs) * shift.pay_cents_per_job + seconds * shift.pay_cents_per_hour / 3600
    return (earned + own.fixed_pay) * own.pay_weight
