"""Chains that search one problem side by side, one thread each, in rounds.

A problem of few jobs is searched whole by every chain; a round ends with a merge: of all routes
seen so far those that are cheapest together, from which every chain goes on. A large one is cut
into parts, one a chain, along another line each round. Chains share nothing within a round, so
the outcome does not depend on which thread is faster.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from optimizer.annealing.chain import Chain, Guide
from optimizer.annealing.cutting import cut
from optimizer.annealing.master import RoutePool, choose
from optimizer.annealing.tables import TWIN, UNSERVED, Facts
from optimizer.limits import Round, Segment
from optimizer.state import State

CUT_FROM_JOBS = 300
"""Jobs from which two chains on halves are better than two chains on the whole."""
CUT_ROUNDS = 16
MERGED_AT = 0.5, 0.75, 0.9
"""Shares of the limit at which chains on the whole problem merge. For one chain that is a third
nearer to the best known on VRPTW, and nothing where who is served matters (18 instances)."""
SEED_STEP = 7919
"""Between the seeds of two chains of one search."""

Routes = list[list[int]]


class Team:
    """`chains` searches of one problem; `told` hears the cents of the best plan so far."""

    def __init__(
        self,
        state: State,
        facts: Facts,
        movable: list[int],
        seed: int,
        chains: int,
        told: Callable[[float], None],
    ) -> None:
        self._guide = guide = Guide(facts)
        self._facts, self._told, self._movable = facts, told, np.array(movable, dtype=np.int64)
        self._dice = random.Random(seed)
        self._chains = [
            self._chain(state, facts, guide, movable, seed + number * SEED_STEP)
            for number in range(chains)
        ]
        self._kinds: list[int] = facts.shifts[:, TWIN].tolist()
        self._pool = RoutePool(self._kinds)
        self._is_cut = chains > 1 and len(movable) >= CUT_FROM_JOBS
        self.routes: Routes = []
        self.cents = 0.0

    def _chain(
        self, state: State, facts: Facts, guide: Guide, movable: list[int], seed: int
    ) -> Chain:
        return Chain(state, facts, guide, movable, seed)

    def round_ends(self, *, only_trips: bool) -> tuple[float, ...]:
        """By share of the limit. One chain alone merges what it found where only trips count."""
        if self._is_cut:
            return tuple((number + 1) / CUT_ROUNDS for number in range(CUT_ROUNDS))
        return (*MERGED_AT, 1.0) if len(self._chains) > 1 or only_trips else (1.0,)

    @property
    def trip_cents(self) -> float:
        return self._chains[0].trip_cents

    @property
    def left_count(self) -> int:
        return self._chains[0].left_count

    @property
    def cheapest_left_cents(self) -> float:
        return self._chains[0].cheapest_left_cents

    def fill(self) -> None:
        """The greedy routes that every chain starts from."""
        first, *others = self._chains
        first.fill(self._told)
        self._take(first.best_routes, [first])
        self._guide.look_around(self._facts)
        for chain in others:
            chain.restart(self.routes)

    def run(self, paces: Sequence[Iterator[Segment]], merge_effort: float, is_last: bool) -> Round:
        """One round: each chain by its own segments, then a merge of that effort (0: none)."""
        search = self._search_parts if self._is_cut else self._search_whole
        return Round(tuple(search(paces, merge_effort, is_last)), merge_effort)

    def _search_parts(
        self, paces: Sequence[Iterator[Segment]], _effort: float, is_last: bool
    ) -> list[tuple[Segment, ...]]:
        """The parts go on as hot as they are; only the last round keeps the best of each."""
        parts = cut(self._facts, self.routes, self._movable, len(self._chains), self._dice)
        for chain, part in zip(self._chains, parts, strict=True):
            chain.restart(self.routes, part)
        with ThreadPoolExecutor(max_workers=len(self._chains)) as threads:
            done = list(threads.map(_run, self._chains, paces))
        joined: Routes = [[] for _ in self.routes]
        for chain, part in zip(self._chains, parts, strict=True):
            if is_last:
                chain.go_back()
            found = chain.present[0]
            for v in part.shifts.tolist():
                joined[v] = found[v]
        self._take(joined, self._chains)
        self._told(self.cents)
        return done

    def _search_whole(
        self, paces: Sequence[Iterator[Segment]], effort: float, _is_last: bool
    ) -> list[tuple[Segment, ...]]:
        seen = [RoutePool(self._kinds) if effort > 0 else None for _ in self._chains]
        with ThreadPoolExecutor(max_workers=len(self._chains)) as threads:
            done = list(threads.map(self._run_and_note, self._chains, paces, seen))
        best = min(self._chains, key=lambda chain: chain.best_cents)
        routes = best.best_routes
        if effort > 0:
            for pool in filter(None, seen):
                self._pool.add_all(pool)
            prices = self._facts.prices[: len(self._facts.without_passes), UNSERVED]
            routes = choose(self._pool, routes, prices, effort) or routes
        self._take(routes, [best])
        for chain in self._chains[1:]:
            chain.restart(routes)
        return done

    def _run_and_note(
        self, chain: Chain, segments: Iterator[Segment], seen: RoutePool | None
    ) -> tuple[Segment, ...]:
        """Goes back to the best plan at the end; routes are noted where a merge follows."""
        done = []
        for segment in segments:
            chain.run(segment)
            done.append(segment)
            self._told(chain.best_cents)
            if seen is not None:
                seen.add_routes(*chain.present)
        chain.go_back()
        if seen is not None:
            seen.add_routes(*chain.present)
        return tuple(done)

    def _take(self, routes: Routes, _found_by: Sequence[Chain]) -> None:
        self._chains[0].restart(routes)
        self.routes, self.cents = routes, self._chains[0].best_cents


def _run(chain: Chain, segments: Iterator[Segment]) -> tuple[Segment, ...]:
    done = []
    for segment in segments:
        chain.run(segment)
        done.append(segment)
    return tuple(done)
