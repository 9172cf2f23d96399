"""From a problem to a plan: greedy at once, then improved until the limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

from optimizer.annealing.cooling import Counted, Scale, Timed
from optimizer.annealing.tables import facts_of
from optimizer.asking import left_to_crowd
from optimizer.binding import Bonds
from optimizer.greedy import by_urgency, fill
from optimizer.itinerary import routes_of
from optimizer.limits import Limits, Round
from optimizer.packed import Packed
from optimizer.plan import Plan, Score
from optimizer.problem import Problem
from optimizer.reasons import unassigned_jobs
from optimizer.routing import RoutingModel
from optimizer.score import score
from optimizer.sharing import share_out
from optimizer.state import State

Engine = Literal["ruin", "routing"]
DEFAULT_ENGINE: Engine = "ruin"
try:
    from optimizer.annealing.team import Team
    from optimizer.bonds.team import BoundTeam
except ModuleNotFoundError:  # there is no numba
    DEFAULT_ENGINE = "routing"

Progress = Callable[[float, float], None]
"""Told seconds since the start and cents of the best plan so far."""

SECONDS_PER_REASON, SECONDS_PER_REASON_AND_SHIFT = 0.0006, 2e-6
"""Twice what they take at 1,000 shifts."""
MERGE_EFFORT = 0.02
"""Of a merge, in deterministic seconds a second of the limit."""
COUNTED_AS_SECONDS = 10
GRACE_SECONDS = 1.0
"""Behind the limit; the parent of a solver process waits 2 before it kills it."""


def solve(
    problem: Problem,
    limits: Limits,
    seed: int = 0,
    previous: Plan | None = None,
    *,
    engine: Engine = DEFAULT_ENGINE,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Progress = lambda _seconds, _cents: None,
) -> Plan:
    """A plan without violations, as cheap as the limit allows.

    Starts from `previous` as far as it still fits, and greedily; a plan comes back however short
    the limit is and whenever `cancelled` becomes true. The same problem, limit in iterations,
    seed and previous plan give the same plan; so does a plan made within seconds when its own
    schedule is the limit, unless its stats say that the grace ran out (`cut`). The engine
    "routing" is OR-Tools alone: for comparison, and where there is no numba.
    """
    search = _Search(problem, limits, seed, previous, cancelled, progress)
    if engine == "routing":
        search.run_routing()
    else:
        search.run_ruin()
    return search.plan(engine)


class _Search:
    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        seed: int,
        previous: Plan | None,
        cancelled: Callable[[], bool],
        progress: Progress,
    ) -> None:
        self._began = time.monotonic()
        self._problem, self._limits, self._seed = problem, limits, seed
        self._cancelled, self._progress = cancelled, progress
        self._packed = packed = Packed(problem)
        self._state = State.of_plan(packed, previous) if previous else State(packed)
        self._schedule: list[Round] = []
        self._stats: dict[str, int] = {}
        self._telling = threading.Lock()
        self._best_told = float("inf")
        self._movable = [
            packed.job_index[job.id] for job in problem.jobs if job.id not in problem.committed_ids
        ]

    def _left(self) -> list[int]:
        return [job for job in self._movable if not self._state.seats.get(job)]

    def _cents(self) -> float:
        return self._state.total_cents + sum(self._packed.unserved[job] for job in self._left())

    def _seconds_left(self) -> float:
        if self._limits.seconds is None:
            return float("inf")
        return self._end(len(self._left())) - time.monotonic()

    def _end(self, left: int) -> float:
        """When a search with so many jobs left out stops, on the monotonic clock."""
        reason = SECONDS_PER_REASON + SECONDS_PER_REASON_AND_SHIFT * len(self._packed.shifts)
        return self._began + (self._limits.seconds or 0.0) - left * reason

    def run_routing(self) -> None:
        """Lets OR-Tools improve a greedy plan, and keeps what it finds when it is cheaper."""
        bound = self._problem.bound_ids
        free = [job for job in self._left() if self._packed.jobs[job].id not in bound]
        fill(self._state, by_urgency(self._state, free), self._is_overdue)
        seconds = None if self._limits.seconds is None else self._seconds_left()
        if not self._packed.shifts or (seconds is not None and seconds <= 0):
            return
        found = RoutingModel(self._state).improve(seconds, self._limits.iterations)
        if found is not None:
            self._take(found)

    def _take(self, routes: list[list[int]]) -> None:
        kept, cents = list(self._state.routes), self._cents()
        for s, route in enumerate(routes):
            self._state.set_route(s, route)
        if None in self._state.cents or self._cents() >= cents:
            for s, route in enumerate(kept):
                self._state.set_route(s, route)

    def run_ruin(self) -> None:
        """Greedy in several orders, then ruin and recreate until the limit."""
        bonds = Bonds(self._packed)
        alone = [job for job in self._movable if self._is_alone(job)]
        if not self._packed.shifts or not (alone or bonds.groups):
            return
        limits = self._limits
        chains = len(limits.schedule[0].chains) if limits.schedule else limits.chains
        team = self._team(bonds, alone, chains)
        team.fill()
        self._stats["greedy_cents"] = round(team.cents)
        if limits.schedule is not None:
            for then in limits.schedule:
                if then.iterations or then.merge_effort:
                    team.run([iter(segments) for segments in then.chains], then.merge_effort)
            self._schedule += limits.schedule
        else:
            scale = Scale(team.trip_cents, len(alone), team.cheapest_left_cents)
            self._run_rounds(team, scale, chains)
        if isinstance(team, BoundTeam):
            self._state = team.state()
            return
        for s, route in enumerate(team.routes):
            if route != self._state.routes[s]:
                self._state.set_route(s, route)

    def _is_alone(self, job: int) -> bool:
        source = self._packed.jobs[job]
        is_bound = source.crew_size > 1 or source.id in self._problem.bound_ids
        return not is_bound and bool(self._packed.windows[job])

    def _team(self, bonds: Bonds, alone: list[int], chains: int) -> Team:
        state, seed = self._state, self._seed
        if not bonds.groups:
            return Team(state, facts_of(state), alone, seed, chains, self._tell)
        return BoundTeam(bonds, state, alone, seed, chains, self._tell, self._is_overdue)

    def _run_rounds(self, team: Team, scale: Scale, chains: int) -> None:
        limits, paces = self._limits, list[Counted | Timed]()
        for _ in range(chains):
            if limits.seconds is None:
                paces.append(Counted(limits.iterations or 0, scale))
            else:
                paces.append(Timed(lambda: self._end(team.left_count), scale, self._cancelled))
        effort = MERGE_EFFORT * (limits.seconds or COUNTED_AS_SECONDS)
        for share in team.round_ends(only_trips=scale.only_trips):
            if team.is_cut and self._is_spent(team):
                # many rounds may be left, and each takes time before it finds that none is left
                self._schedule.append(Round(((),) * chains))
                continue
            steps = [pace.until(share) for pace in paces]
            if share == 1.0 or self._cancelled():
                effort = 0.0
            self._schedule.append(team.run(steps, effort))

    def _is_spent(self, team: Team) -> bool:
        """Whether nothing more may be searched; it never becomes false again, as what is left out
        changes by searching alone."""
        is_late = self._limits.seconds is not None and time.monotonic() >= self._end(
            team.left_count
        )
        return is_late or self._cancelled()

    def _tell(self, cents: float) -> None:
        with self._telling:
            self._best_told = min(self._best_told, cents)
            self._progress(time.monotonic() - self._began, self._best_told)

    def _is_overdue(self) -> bool:
        """Whether even the parts that always run have to be cut short."""
        limit, spent = self._limits.seconds, time.monotonic() - self._began
        overdue = limit is not None and spent > limit + GRACE_SECONDS
        if overdue:
            self._stats["cut"] = 1
        return overdue

    def plan(self, engine: Engine) -> Plan:
        withheld = share_out(self._state, self._is_overdue)
        unassigned = unassigned_jobs(self._state, State(self._packed), self._is_overdue)
        routes = routes_of(self._state)
        alone = Plan(routes, unassigned, Score())
        unassigned = left_to_crowd(self._state, alone, withheld, self._is_overdue)
        return Plan(
            routes=routes,
            unassigned=unassigned,
            score=score(self._problem, Plan(routes, unassigned, Score())),
            seed=self._seed,
            iterations=sum(one.iterations for one in self._schedule),
            engine=engine,
            stats=self._stats,
            schedule=tuple(self._schedule),
        )
