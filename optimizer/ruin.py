"""Ruin and recreate: takes neighbouring strings of stops out and puts them back better.

After slack induction by string removals (Christiaens and Vanden Berghe 2020), with simulated
annealing. What it does is a function of state, seed and iterations; the clock only stops it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.greedy import insert_best
from optimizer.state import State

STRING_LONGEST = 6
REMOVED_MEAN = 8
NEIGHBOURS = 40
LEFT_TRIED = 5
START_HEAT = 800.0
END_HEAT = 40.0
COOLING_ITERATIONS = 1500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Enough of a search to come back to it."""

    routes: list[list[int]]
    fixed: dict[int, int]
    left: list[int]
    cents: float


class Ruin:
    """One search on one state; `left` are the jobs without a seat that may get one."""

    def __init__(self, state: State, left: list[int], seed: int) -> None:
        self.state = state
        self.left = left
        self.iterations = 0
        self._random = random.Random(seed)
        self._near = _neighbours(state)
        self._centres = list(self._near)

    def run(self, most: int, stop: Callable[[], bool]) -> None:
        """At most so many iterations; leaves the state at the best plan found."""
        if not self._near:
            return
        now = best = self._snapshot()
        while self.iterations < most and not stop():
            heat = max(END_HEAT, START_HEAT * _cooling(self.iterations))
            self.iterations += 1
            centre = self._random.choice(self._centres)
            self._recreate(centre, self._ruin(centre))
            tried = self._snapshot()
            if tried.cents < now.cents - heat * math.log(1.0 - self._random.random()):
                now = tried
            else:
                self._restore(now)
            if now.cents < best.cents - 1e-6:
                best = now
        self._restore(best)

    def _snapshot(self) -> Snapshot:
        unserved = sum(self.state.packed.unserved[job] for job in self.left)
        cents = self.state.total_cents + unserved
        return Snapshot(list(self.state.routes), dict(self.state.fixed), list(self.left), cents)

    def _restore(self, snapshot: Snapshot) -> None:
        self.state.fixed = dict(snapshot.fixed)
        for s, route in enumerate(snapshot.routes):
            if self.state.routes[s] is not route:
                self.state.set_route(s, route)
        self.left = list(snapshot.left)

    def _ruin(self, centre: int) -> list[int]:
        """Takes out strings of stops from the routes around one job; those jobs."""
        state = self.state
        goal = self._random.randint(2, 2 * REMOVED_MEAN)
        touched: set[int] = set()
        removed: list[int] = []
        for job in self._near[centre]:
            seats = [s for s in state.seats.get(job, ()) if s not in touched]
            if not seats:
                continue
            touched.add(seats[0])
            removed += self._take_string(seats[0], job)
            if len(removed) >= goal:
                break
        return removed

    def _take_string(self, s: int, job: int) -> list[int]:
        route = self.state.routes[s]
        length = self._random.randint(1, min(STRING_LONGEST, len(route)))
        position = route.index(job)
        first = self._random.randint(max(0, position - length + 1), position)
        string = route[first : first + length]
        alone = [job for job in string if self.state.packed.jobs[job].crew_size == 1]
        self.state.set_route(s, [job for job in route if job not in alone])
        for crew_job in string:
            if crew_job not in alone:
                self.state.remove(crew_job)
        return string

    def _recreate(self, centre: int, removed: list[int]) -> None:
        """Puts the removed and a few left out nearby back, in a random order out of four."""
        packed, state = self.state.packed, self.state
        left = set(self.left)
        some = [job for job in self._near[centre] if job in left][:LEFT_TRIED]
        tried = [*removed, *some]
        kind = self._random.randint(0, 3)
        self._random.shuffle(tried)
        if kind == 1:
            tried.sort(key=lambda job: -packed.unserved[job])
        elif kind == 2:
            tried.sort(key=lambda job: -packed.jobs[job].duration_seconds)
        elif kind == 3:
            tried.sort(key=lambda job: len(packed.able[job]))
        out = {job for job in tried if not insert_best(state, job)}
        others = [job for job in self.left if job not in some]
        self.left = [*others, *(job for job in tried if job in out)]


def _cooling(iteration: int) -> float:
    return float((END_HEAT / START_HEAT) ** (iteration / COOLING_ITERATIONS))


def _neighbours(state: State) -> dict[int, list[int]]:
    """The jobs nearest to each, itself first, among those that are not committed."""
    packed = state.packed
    committed = packed.problem.committed_ids
    jobs = [j for j, job in enumerate(packed.jobs) if job.id not in committed]
    if not jobs:
        return {}
    places = np.array([packed.place[job] for job in jobs])
    near: dict[int, list[int]] = {}
    for row, job in enumerate(jobs):
        trips = packed.matrix[places[row], places].copy()
        trips[row] = -1
        order = np.argsort(trips, kind="stable")[: NEIGHBOURS + 1]
        near[job] = [jobs[k] for k in order.tolist()]
    return near
