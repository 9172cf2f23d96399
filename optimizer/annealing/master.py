"""Which of the routes found on the way, one a shift and each job once, are cheapest together.

Set packing over the routes of every chain (the master problem of column generation), by CP-SAT
with one worker and a deterministic limit, so that the same routes give the same choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ortools.sat.python import cp_model

from optimizer.annealing.tables import Floats

Column = tuple[int, tuple[int, ...]]
"""A kind of shift and its stops in order."""

Key = tuple[int, frozenset[int]]
"""A kind of shift and the jobs that it does."""

MOST_COLUMNS = 12_000
SHARE_PER_CENT = 100
"""Prices in hundredths of a cent, as CP-SAT counts in whole numbers."""


class RoutePool:
    """The cheapest order seen for each set of jobs on a kind of shift.

    `kinds` is by shift; what one of a kind does, any other can do at the same price.
    """

    def __init__(self, kinds: Sequence[int]) -> None:
        self.kinds = kinds
        self._best: dict[Key, tuple[float, tuple[int, ...]]] = {}

    def add_routes(self, routes: list[list[int]], cents: list[float]) -> None:
        """A whole plan: the routes of all shifts and what each costs."""
        for kind, route, price in zip(self.kinds, routes, cents, strict=True):
            self._add((kind, frozenset(route)), tuple(route), price)

    def add_all(self, other: RoutePool) -> None:
        for key, (cents, jobs) in other._best.items():
            self._add(key, jobs, cents)

    def _add(self, key: Key, jobs: tuple[int, ...], cents: float) -> None:
        known = self._best.get(key)
        if known is None or cents < known[0]:
            self._best.pop(key, None)  # the newest stand last
            self._best[key] = cents, jobs

    def forget_old(self, kept: Collection[Key]) -> None:
        """Leave the newest ones, as many as a merge takes, those kept, and shifts without stops."""
        old = list(self._best)[:-MOST_COLUMNS]
        for key in old:
            if key[1] and key not in kept:
                del self._best[key]

    def columns(self) -> list[tuple[Column, float]]:
        return [((kind, jobs), cents) for (kind, _), (cents, jobs) in self._best.items()]


def choose(
    pool: RoutePool, incumbent: list[list[int]], unserved: Floats, effort: float
) -> list[list[int]] | None:
    """Routes by shift that cost less than `incumbent`, which is in the pool; None when none were
    found. Whatever the pool has too much of it forgets.

    `unserved` is by job; what has a higher index is a pass of a depot, which every shift may make.
    """
    present = Counter(
        (kind, frozenset(route)) for kind, route in zip(pool.kinds, incumbent, strict=True)
    )
    pool.forget_old(present)
    columns, sizes = pool.columns(), Counter(pool.kinds)
    model = cp_model.CpModel()
    by_kind: dict[int, list[cp_model.IntVar]] = {}
    by_job: dict[int, list[cp_model.IntVar]] = {}
    chosen: list[cp_model.IntVar] = []
    costs: list[int] = []
    worth = 0
    for (kind, jobs), cents in columns:
        # a shift without stops can be had as often as there are shifts of its kind
        variable = model.new_int_var(0, 1 if jobs else sizes[kind], "")
        by_kind.setdefault(kind, []).append(variable)
        served = [job for job in jobs if job < len(unserved)]
        for job in served:
            by_job.setdefault(job, []).append(variable)
        cost = round(SHARE_PER_CENT * (cents - sum(unserved[job] for job in served)))
        times = present[kind, frozenset(jobs)]
        chosen.append(variable)
        costs.append(cost)
        worth += cost * times
        model.add_hint(variable, times)
    for kind, variables in by_kind.items():
        model.add(cp_model.LinearExpr.sum(variables) == sizes[kind])
    for variables in by_job.values():
        model.add_at_most_one(variables)
    objective = cp_model.LinearExpr.weighted_sum(chosen, costs)
    model.minimize(objective)
    model.add(objective <= worth - 1)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found: dict[int, list[tuple[int, ...]]] = {kind: [] for kind in sizes}
    for variable, ((kind, jobs), _) in zip(chosen, columns, strict=True):
        found[kind] += [jobs] * solver.value(variable)
    return _handed_out(found, pool.kinds, incumbent)


def _handed_out(
    found: dict[int, list[tuple[int, ...]]], kinds: Sequence[int], incumbent: list[list[int]]
) -> list[list[int]]:
    """The routes of each kind by shift: those that stay as they were where they were."""
    routes: list[list[int] | None] = []
    for kind, route in zip(kinds, incumbent, strict=True):
        is_kept = tuple(route) in found[kind]
        if is_kept:
            found[kind].remove(tuple(route))
        routes.append(route if is_kept else None)
    return [
        list(found[kind].pop()) if route is None else route
        for kind, route in zip(kinds, routes, strict=True)
    ]
