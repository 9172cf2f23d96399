"""From a problem to a plan: greedy at once, then improved until the limit."""

from __future__ import annotations

import time
from typing import Literal

from optimizer.greedy import by_urgency, fill
from optimizer.itinerary import routes_of
from optimizer.limits import Limits
from optimizer.packed import Packed
from optimizer.plan import Plan, Score
from optimizer.problem import Problem
from optimizer.reasons import unassigned_jobs
from optimizer.routing import RoutingModel
from optimizer.ruin import Ruin
from optimizer.score import score
from optimizer.state import State

Engine = Literal["auto", "ruin", "routing"]

ROUTING_SHARE = 0.4
"""Share of the time that OR-Tools gets in "auto"; the rest is ruin and recreate."""
ROUTING_LEAST_SECONDS = 4.0
ROUTING_MOST_SHIFTS = 60
"""Above this the routing model takes seconds to restore its own start when shifts have breaks."""
SECONDS_PER_REASON = 0.0015
GRACE_SECONDS = 1.0
"""Behind the limit; the parent of a solver process waits 2 before it kills it."""
UNLIMITED = 1 << 62


def solve(
    problem: Problem,
    limits: Limits,
    seed: int = 0,
    previous: Plan | None = None,
    *,
    engine: Engine = "auto",
) -> Plan:
    """A plan without violations, as cheap as the limit allows.

    Greedy insertion (from `previous`, as far as it still fits) goes on for a second behind the
    limit if it must, so a plan comes back however short the limit is. With a limit in iterations
    alone the same problem, seed and previous plan give the same plan; so does a plan made within
    seconds when replayed with its own iterations, unless its stats say that OR-Tools took part
    (`routing_ms`) or that the grace ran out (`cut`).
    """
    search = _Search(problem, limits, seed, previous)
    if search.movable:
        if engine == "routing" or (engine == "auto" and search.suits_routing()):
            search.run_routing(1.0 if engine == "routing" else ROUTING_SHARE)
        if engine != "routing":
            search.run_ruin()
    return search.plan()


class _Search:
    def __init__(self, problem: Problem, limits: Limits, seed: int, previous: Plan | None) -> None:
        self._began = time.monotonic()
        self._problem, self._limits, self._seed = problem, limits, seed
        self._packed = packed = Packed(problem)
        self._state = State.of_plan(packed, previous) if previous else State(packed)
        self._engines = ["greedy"]
        self._iterations = 0
        self._left: list[int] = []
        self.movable = [
            packed.job_index[job.id] for job in problem.jobs if job.id not in problem.committed_ids
        ]
        waiting = [job for job in self.movable if not self._state.seats.get(job)]
        self._stats: dict[str, int] = {}
        self._left = fill(self._state, by_urgency(self._state, waiting), self._is_overdue)
        self._stats["greedy_cents"] = round(self._cents())

    def _cents(self) -> float:
        return self._state.total_cents + sum(self._packed.unserved[job] for job in self._left)

    def _seconds_left(self) -> float:
        if self._limits.seconds is None:
            return float(UNLIMITED)
        reasons = SECONDS_PER_REASON * len(self._left)
        return self._limits.seconds - (time.monotonic() - self._began) - reasons

    def suits_routing(self) -> bool:
        """Whether OR-Tools has the time and size to help, and jobs are left out."""
        seconds = self._limits.seconds or 0.0
        few = len(self._packed.shifts) <= ROUTING_MOST_SHIFTS
        return seconds >= ROUTING_LEAST_SECONDS and few and bool(self._left)

    def run_routing(self, share: float) -> None:
        """Lets OR-Tools improve the routes, and keeps what it finds when it is cheaper."""
        left = self._seconds_left() * share
        seconds = left if self._limits.seconds is not None else None
        if not self._packed.shifts or (seconds is not None and seconds <= 0):
            return
        began = time.monotonic()
        model = RoutingModel(self._state)
        found = model.improve(seconds, self._limits.iterations)
        if seconds is not None:
            self._stats["routing_ms"] = round((time.monotonic() - began) * 1000)
        self._engines.append("routing")
        if found is not None:
            self._take(found)
        self._stats["routing_cents"] = round(self._cents())

    def _take(self, routes: list[list[int]]) -> None:
        kept, cents = list(self._state.routes), self._cents()
        for s, route in enumerate(routes):
            self._state.set_route(s, route)
        feasible = None not in self._state.cents
        left = [job for job in self.movable if not self._state.seats.get(job)]
        before, self._left = self._left, left
        if not feasible or self._cents() >= cents:
            for s, route in enumerate(kept):
                self._state.set_route(s, route)
            self._left = before

    def run_ruin(self) -> None:
        """Ruins and recreates until the limit."""
        ruin = Ruin(self._state, self._left, self._seed)
        most = UNLIMITED if self._limits.iterations is None else self._limits.iterations
        ruin.run(most, self._is_over)
        self._left = ruin.left
        self._iterations = ruin.iterations
        self._engines.append("ruin")

    def _is_over(self) -> bool:
        return self._seconds_left() <= 0

    def _is_overdue(self) -> bool:
        """Whether even the parts that always run have to be cut short."""
        limit, spent = self._limits.seconds, time.monotonic() - self._began
        overdue = limit is not None and spent > limit + GRACE_SECONDS
        if overdue:
            self._stats["cut"] = 1
        return overdue

    def plan(self) -> Plan:
        unassigned = unassigned_jobs(self._state, State(self._packed), self._is_overdue)
        routes = routes_of(self._state)
        bare = Plan(routes, unassigned, Score())
        return Plan(
            routes=routes,
            unassigned=unassigned,
            score=score(self._problem, bare),
            seed=self._seed,
            iterations=self._iterations,
            engine="+".join(self._engines),
            stats=self._stats,
        )
