"""Chains side by side on a problem with bound jobs: a plan is its routes and the boxes in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from optimizer.annealing.chain import Chain, Guide
from optimizer.annealing.tables import Facts, facts_of
from optimizer.annealing.team import Routes, Team
from optimizer.binding import Bonds, Leeway
from optimizer.bonds.boxes import boxes_of
from optimizer.bonds.chain import BoundChain
from optimizer.bonds.settling import settled
from optimizer.limits import Round, Segment
from optimizer.state import State


class BoundTeam(Team):
    """As `Team`. In parts, a group that lies in several keeps its boxes for the round; chains on
    the whole go on from the best of them, as routes found beside different boxes do not mix."""

    def __init__(
        self,
        bonds: Bonds,
        state: State,
        movable: list[int],
        seed: int,
        chains: int,
        told: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> None:
        self._bonds, self._stop = bonds, stop
        seats = bonds.facts | state.seats_of(bonds.bound)
        state.fixed.clear()
        self._boxes: dict[int, Leeway] = {}
        for group in bonds.groups:
            self._boxes |= boxes_of(bonds, group, seats, random.Random(seed))
        super().__init__(state, facts_of(state), movable, seed, chains, told)
        for chain in self._bound_chains():
            chain.hold(self._boxes)
            chain.restart(state.routes)

    def _chain(
        self, state: State, facts: Facts, guide: Guide, movable: list[int], seed: int
    ) -> Chain:
        return BoundChain(state, facts, guide, movable, seed, self._bonds, self._stop)

    def _bound_chains(self) -> list[BoundChain]:
        return [chain for chain in self._chains if isinstance(chain, BoundChain)]

    def run(self, paces: Sequence[Iterator[Segment]], _merge_effort: float) -> Round:
        return super().run(paces, 0.0)

    def _take(self, routes: Routes, found_by: Sequence[Chain]) -> None:
        for chain in self._bound_chains():
            if chain in found_by:
                self._boxes = chain.own_boxes(self._boxes)
        for chain in self._bound_chains():
            chain.hold(self._boxes)
        super()._take(routes, found_by)

    def state(self) -> State:
        """The best plan; the windows of its bound jobs are cut to what keeps their bonds."""
        return settled(self._bonds, self.routes, self._boxes)
