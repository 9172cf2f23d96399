"""Chains that search one problem side by side, one thread each, in rounds.

A problem of few jobs is searched whole by every chain; a round ends with a merge: of all routes
seen so far those that are cheapest together, from which every chain goes on. A large one is cut
into parts along other lines each time, and each round every chain searches one of them until all
had their turn. Chains share nothing within a round, so the outcome does not depend on which
thread is faster.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from optimizer.annealing.chain import Chain, Guide
from optimizer.annealing.cutting import Part, cut
from optimizer.annealing.master import RoutePool, choose
from optimizer.annealing.tables import TWIN, UNSERVED, Facts
from optimizer.limits import Round, Segment
from optimizer.state import State

CUT_FROM_JOBS = 300
"""Jobs from which two chains on halves are better than two chains on the whole."""
CUTS = 32
"""Times that a large problem is cut anew."""
PART_JOBS = 500
"""About how many jobs a part has: what the search reads then lies in the processor's cache."""
MERGED_AT = 0.5, 0.75, 0.9
"""Shares of the limit at which chains on the whole problem merge. For one chain that is a third
nearer to the best known on VRPTW, and nothing where who is served matters (18 instances)."""
SEED_STEP = 7919
"""Between the seeds of two chains of one search."""

Routes = list[list[int]]
Done = TypeVar("Done")


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
        self.is_cut = chains > 1 and len(movable) >= CUT_FROM_JOBS
        self._turns = max(1, round(len(movable) / (chains * PART_JOBS)))
        self._parts: list[Part] = []
        self._rounds_run = 0
        self.routes: Routes = []
        self.cents = 0.0
        self.left_count = 0

    def _chain(
        self, state: State, facts: Facts, guide: Guide, movable: list[int], seed: int
    ) -> Chain:
        return Chain(state, facts, guide, movable, seed)

    def round_ends(self, *, only_trips: bool) -> tuple[float, ...]:
        """By share of the limit. One chain alone merges what it found where only trips count."""
        if self.is_cut:
            rounds = CUTS * self._turns
            return tuple((number + 1) / rounds for number in range(rounds))
        return (*MERGED_AT, 1.0) if len(self._chains) > 1 or only_trips else (1.0,)

    @property
    def trip_cents(self) -> float:
        return self._chains[0].trip_cents

    @property
    def cheapest_left_cents(self) -> float:
        return self._chains[0].cheapest_left_cents

    def fill(self) -> None:
        """The greedy routes that every chain starts from."""
        first, *others = self._chains
        first.seat_bound()
        self._take(first.best_routes, [first])
        if self.is_cut:
            self._guide.look_for_shifts(self._facts)
            for _ in range(self._turns):
                self._on_parts(lambda chain: chain.fill(lambda _cents: None))
                self._told(self.cents)
        else:
            first.fill(self._told)
            self._take(first.best_routes, [first])
            self._guide.look_for_shifts(self._facts)
        self._guide.look_for_jobs(self._facts, len(self._chains))
        for chain in others:
            chain.restart(self.routes)

    def run(self, paces: Sequence[Iterator[Segment]], merge_effort: float) -> Round:
        """One round: each chain by its own segments, then a merge of that effort (0: none)."""
        search = self._search_parts if self.is_cut else self._search_whole
        self._rounds_run += 1
        return Round(tuple(search(paces, merge_effort)), merge_effort)

    def _search_parts(
        self, paces: Sequence[Iterator[Segment]], _effort: float
    ) -> list[tuple[Segment, ...]]:
        """The parts go on as hot as they are; only their last round keeps the best of each."""
        pace_of = dict(zip(self._chains, paces, strict=True))
        is_last = self._rounds_run > (CUTS - 1) * self._turns

        def search(chain: Chain) -> tuple[Segment, ...]:
            done = _run(chain, pace_of[chain])
            if is_last:
                chain.go_back()
            return done

        done = self._on_parts(search)
        self._told(self.cents)
        return done

    def _on_parts(self, work: Callable[[Chain], Done]) -> list[Done]:
        """The next parts, one a chain; their routes take the place of those they had."""
        chains = self._chains
        if not self._parts:
            count = self._turns * len(chains)
            near = self._guide.near_shifts
            self._parts = cut(self._facts, self.routes, self._movable, near, count, self._dice)
        parts, self._parts = self._parts[: len(chains)], self._parts[len(chains) :]

        def start(chain: Chain, part: Part) -> Done:
            chain.restart(self.routes, part)
            return work(chain)

        with ThreadPoolExecutor(max_workers=len(chains)) as threads:
            done = list(threads.map(start, chains, parts))
        joined = list(self.routes)
        for chain, part in zip(chains, parts, strict=True):
            found = chain.present[0]
            for v in part.shifts.tolist():
                joined[v] = found[v]
        self._take(joined, chains)
        return done

    def _search_whole(
        self, paces: Sequence[Iterator[Segment]], effort: float
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
        self.left_count = self._chains[0].left_count


def _run(chain: Chain, segments: Iterator[Segment]) -> tuple[Segment, ...]:
    done = []
    for segment in segments:
        chain.run(segment)
        done.append(segment)
    return tuple(done)
