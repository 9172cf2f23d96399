"""Whether a route has on board what its jobs need, and the pass of a depot where it has not."""

from __future__ import annotations

from optimizer.packed import Packed
from optimizer.stock import depot_has


def is_supplied(packed: Packed, s: int, route: list[int]) -> bool:
    """Whether every job finds its parts and tools, with one pass of a depot at most."""
    if not packed.passes and not any(packed.needs[job] for job in route):
        return True
    left, depot = dict(packed.stock[s]), None
    for job in route:
        passed = packed.depot(job)
        if passed is not None:
            if depot is not None or passed.id not in packed.problem.shifts[s].depots:
                return False
            depot = passed
        for item, pieces in packed.needs[job]:
            if depot is None or not depot_has(depot, item):
                left[item] = left.get(item, 0) - pieces
                if left[item] < 0:
                    return False
    return True


def jobs_of(packed: Packed, route: list[int]) -> list[int]:
    """The route without its pass."""
    return [job for job in route if job not in packed.passes] if packed.passes else route


def pass_of(packed: Packed, route: list[int]) -> int | None:
    """Where in the route the pass is."""
    return next((k for k, job in enumerate(route) if job in packed.passes), None)
