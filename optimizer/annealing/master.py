"""Which of the routes found on the way, one a shift and each job once, are cheapest together.

Set packing over the routes of every chain (the master problem of column generation), by CP-SAT
with one worker and a deterministic limit, so that the same routes give the same choice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from optimizer.annealing.tables import Floats

Column = tuple[int, tuple[int, ...]]
"""A shift and its stops in order."""

MOST_COLUMNS = 12_000
SHARE_PER_CENT = 100
"""Prices in hundredths of a cent, as CP-SAT counts in whole numbers."""


@dataclass(slots=True)
class RoutePool:
    """The cheapest order seen for each set of jobs on a shift."""

    _best: dict[tuple[int, frozenset[int]], tuple[float, tuple[int, ...]]] = field(
        default_factory=dict
    )

    def add(self, shift: int, jobs: tuple[int, ...], cents: float) -> None:
        key = shift, frozenset(jobs)
        known = self._best.get(key)
        if known is None or cents < known[0]:
            self._best.pop(key, None)  # the newest stand last
            self._best[key] = cents, jobs

    def add_routes(self, routes: list[list[int]], cents: list[float]) -> None:
        """A whole plan: the routes of all shifts and what each costs."""
        for shift, (route, price) in enumerate(zip(routes, cents, strict=True)):
            self.add(shift, tuple(route), price)

    def add_all(self, other: RoutePool) -> None:
        for (shift, _), (cents, jobs) in other._best.items():
            self.add(shift, jobs, cents)

    def columns(self) -> list[tuple[Column, float]]:
        """The newest ones, as many as a merge takes."""
        items = list(self._best.items())[-MOST_COLUMNS:]
        return [((shift, jobs), cents) for (shift, _), (cents, jobs) in items]


def choose(
    pool: RoutePool, incumbent: list[list[int]], unserved: Floats, effort: float
) -> list[list[int]] | None:
    """Routes by shift that cost less than `incumbent` does; None when none were found.

    `unserved` is by job; what has a higher index is a pass of a depot, which every shift may make.
    """
    columns = pool.columns()
    model = cp_model.CpModel()
    by_shift: dict[int, list[cp_model.IntVar]] = {}
    by_job: dict[int, list[cp_model.IntVar]] = {}
    costs: list[int] = []
    chosen = [model.new_bool_var("") for _ in columns]
    present = {(v, frozenset(route)) for v, route in enumerate(incumbent)}
    worth = 0
    for variable, ((shift, jobs), cents) in zip(chosen, columns, strict=True):
        by_shift.setdefault(shift, []).append(variable)
        served = [job for job in jobs if job < len(unserved)]
        for job in served:
            by_job.setdefault(job, []).append(variable)
        cost = round(SHARE_PER_CENT * (cents - sum(unserved[job] for job in served)))
        costs.append(cost)
        is_present = (shift, frozenset(jobs)) in present
        worth += cost if is_present else 0
        model.add_hint(variable, is_present)
    for variables in by_shift.values():
        model.add_exactly_one(variables)
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
    routes: list[list[int]] = [[] for _ in incumbent]
    for variable, ((shift, jobs), _) in zip(chosen, columns, strict=True):
        if solver.boolean_value(variable):
            routes[shift] = list(jobs)
    return routes
