"""What binds visits to each other: those of one work order are carried out in their sequence."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from dispatch.scheduling.problems.jobs import Planned
from dispatch.scheduling.problems.queries import PlannedStop
from dispatch.scheduling.problems.shifts import fixed_id
from optimizer.bond import Precedence
from optimizer.job import Job, Window
from optimizer.plan import Plan
from optimizer.problem import Problem


def precedences_of(
    planned: Mapping[UUID, Planned], fixed: Iterable[PlannedStop], job_ids: Collection[str]
) -> tuple[Precedence, ...]:
    """A visit that is planned waits for those of its order that come before and still take time."""
    orders: dict[UUID, dict[int, list[str]]] = {}
    for stop in fixed:
        if fixed_id(stop) in job_ids:
            visits = orders.setdefault(stop.visit.work_order_id, {})
            visits.setdefault(stop.visit.sequence, []).append(fixed_id(stop))
    for key, item in planned.items():
        orders.setdefault(item.visit.work_order_id, {})[item.visit.sequence] = [str(key)]
    movable = {str(key) for key in planned}
    return tuple(
        Precedence(before, after)
        for visits in orders.values()
        for earlier, later in pairwise(sorted(visits))
        for before in visits[earlier]
        for after in visits[later]
        if after in movable
    )


def within(problem: Problem, previous: Plan, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The jobs of a part of the problem, bound to where the others stand in `previous`.

    A job without a place that would have to follow one without a place is left out.
    """
    found = {job.id: job for job in jobs}
    for bond in problem.precedences:
        before, after = previous.seats(bond.before), previous.seats(bond.after)
        if bond.after in found and bond.before not in found:
            if before:
                first = max(stop.end for _, stop in before) + bond.min_delay
                found[bond.after] = _cut(found[bond.after], first, problem.horizon_end)
            elif not after:
                del found[bond.after]
        elif bond.before in found and bond.after not in found and after:
            lasts = max((stop.end - stop.start for _, stop in before), default=0)
            lasts = lasts or found[bond.before].duration_seconds
            last = min(stop.start for _, stop in after) - bond.min_delay - lasts
            found[bond.before] = _cut(found[bond.before], min(0, last), last)
    return tuple(found.values())


def _cut(job: Job, first: int, last: int) -> Job:
    """The job with its starts cut to these; as it is when nothing of them would be left."""
    own = job.windows or (Window(min(0, first), max(0, last)),)
    cut = ((max(window.start, first), min(window.end, last)) for window in own)
    windows = tuple(Window(start, end) for start, end in cut if start <= end)
    return replace(job, windows=windows or job.windows)


def bonds_of(problem: Problem, jobs: Iterable[Job]) -> tuple[Precedence, ...]:
    """The precedences between these jobs."""
    here = {job.id for job in jobs}
    return tuple(bond for bond in problem.precedences if bond.before in here and bond.after in here)
