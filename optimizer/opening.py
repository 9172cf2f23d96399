"""One shift whose stops stay at their times, and the gaps in which one more job may fit."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.gaps import GapsOfRoute
from optimizer.packed import Packed, PackedShift
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.shift import Shift


@dataclass(frozen=True, slots=True)
class Opening:
    """Times count from `epoch` (UTC timestamp seconds), places are those of the problem it is from.

    `ends_at` is when the last stop ends, or when the shift begins without any.
    """

    epoch: int
    shift: Shift
    packed: PackedShift
    gaps: GapsOfRoute
    ends_at: int


def openings_of(problem: Problem, plan: Plan) -> list[Opening]:
    """The plan's shifts as they stand, those that break a rule included."""
    packed = Packed(problem)
    found: list[Opening] = []
    for s, shift in enumerate(problem.shifts):
        route = plan.route_by_shift.get(shift.id)
        past = set(packed.shifts[s].committed)
        starts = (
            {packed.job_index[stop.job_id]: stop.start for stop in route.stops} if route else {}
        )
        jobs = [job for job in starts if job not in past]
        last = jobs[-1] if jobs else None
        found.append(
            Opening(
                epoch=problem.epoch,
                shift=shift,
                packed=packed.shifts[s],
                gaps=GapsOfRoute.of(packed, s, jobs, starts, facts=True),
                ends_at=(
                    packed.shifts[s].ready if last is None else starts[last] + packed.work[last][s]
                ),
            )
        )
    return found
