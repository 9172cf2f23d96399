"""Times by road: what is remembered, and questions to the network for the rest."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dispatch.travel.memory import Cells, Known, Memory, cells_of, made
from dispatch.travel.ports import NetworkDown, NoWay, Refused, RoadNetwork, Seconds
from kernel import clock
from kernel.geo import Point
from kernel.log import get_logger
from kernel.metrics import TRAVEL_PAIRS, TRAVEL_QUESTIONS

log = get_logger(__name__)

PAUSE_SECONDS = 30.0
"""So long a network that did not answer is left alone."""
MOSTLY = 0.5
"""A row of which more is missing is asked for as a whole, before single columns are."""


class Archive(Protocol):
    """Where what was said outlives the process."""

    def load(self, source: str, origins: Collection[int]) -> dict[int, Known]: ...

    def save(self, source: str, rows: dict[int, Known]) -> None: ...


@dataclass(frozen=True)
class Block:
    """Rows and columns of one question."""

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]


class Roads:
    """Asks within `budget_seconds` per matrix; remembers for `keep`. Safe for threads."""

    def __init__(
        self,
        network: RoadNetwork,
        *,
        archive: Archive | None = None,
        memory: Memory | None = None,
        keep: timedelta = timedelta(days=30),
        budget_seconds: float = 10.0,
    ) -> None:
        self.name = network.name
        self._network = network
        self._archive = archive
        self._memory = memory or Memory()
        self._keep_seconds = keep.total_seconds()
        self._budget_seconds = budget_seconds
        self._down_until = 0.0

    @property
    def is_down(self) -> bool:
        return time.monotonic() < self._down_until

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        """NaN where the network said nothing: it is down, slow, or a place lies on no road."""
        rows, columns = cells_of(origins), cells_of(targets)
        known = self._known(rows)
        found = _table(known, rows, columns)
        missing = np.isnan(found) & (rows[:, None] != columns[None, :])
        found[rows[:, None] == columns[None, :]] = 0
        TRAVEL_PAIRS.labels(self.name, "known").inc(int(found.size - missing.sum()))
        if missing.any() and not self.is_down:
            self._ask(origins, targets, missing, found)
            self._remember(known, rows, columns, missing, found)
        TRAVEL_PAIRS.labels(self.name, "estimated").inc(int(np.isnan(found).sum()))
        return found

    def _known(self, rows: Cells) -> dict[int, Known]:
        not_before = clock.real_now().timestamp() - self._keep_seconds
        wanted = {int(cell) for cell in rows}
        found = self._memory.get(wanted, not_before)
        unknown = wanted - found.keys()
        if unknown and self._archive is not None:
            stored = self._archive.load(self.name, unknown)
            fresh = {cell: row for cell, row in stored.items() if row.fetched_at >= not_before}
            self._memory.put(fresh)
            found |= fresh
        return found

    def _ask(
        self,
        origins: Sequence[Point],
        targets: Sequence[Point],
        missing: npt.NDArray[np.bool_],
        found: Seconds,
    ) -> None:
        """Fill in what is missing until the budget is used up or the network goes down."""
        deadline = time.monotonic() + self._budget_seconds
        for block in blocks(missing, self._network.most_places):
            if time.monotonic() > deadline or self.is_down:
                break
            answer = self._answer(
                [origins[row] for row in block.rows], [targets[column] for column in block.columns]
            )
            place = np.ix_(block.rows, block.columns)
            found[place] = np.where(missing[place], answer, found[place])
            TRAVEL_PAIRS.labels(self.name, "asked").inc(int((~np.isnan(answer)).sum()))

    def _answer(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        """One question; a refused one is cut in half until what spoils it stands alone."""
        try:
            answer = self._network.seconds(origins, targets)
        except NetworkDown as down:
            self._rest(down)
            return np.full((len(origins), len(targets)), np.nan)
        except Refused as refusal:
            TRAVEL_QUESTIONS.labels(self.name, "refused").inc()
            return self._in_halves(origins, targets, refusal)
        TRAVEL_QUESTIONS.labels(self.name, "answered").inc()
        return answer

    def _in_halves(
        self, origins: Sequence[Point], targets: Sequence[Point], refusal: Refused
    ) -> Seconds:
        if len(origins) == len(targets) == 1:
            return np.full((1, 1), np.inf if isinstance(refusal, NoWay) else np.nan)
        found = np.full((len(origins), len(targets)), np.nan)
        along = 0 if len(origins) >= len(targets) else 1
        middle = (len(origins), len(targets))[along] // 2
        for part in (slice(None, middle), slice(middle, None)):
            if self.is_down:
                break
            if along == 0:
                found[part, :] = self._answer(origins[part], targets)
            else:
                found[:, part] = self._answer(origins, targets[part])
        return found

    def _rest(self, down: NetworkDown) -> None:
        TRAVEL_QUESTIONS.labels(self.name, "down").inc()
        pause = max(down.retry_after or 0.0, PAUSE_SECONDS)
        self._down_until = time.monotonic() + pause
        log.warning("road_network_down", network=self.name, why=str(down), seconds=pause)

    def _remember(
        self,
        known: dict[int, Known],
        rows: Cells,
        columns: Cells,
        missing: npt.NDArray[np.bool_],
        found: Seconds,
    ) -> None:
        now = clock.real_now().timestamp()
        changed: dict[int, Known] = {}
        for number, cell in enumerate(rows):
            new = missing[number] & ~np.isnan(found[number])
            if not new.any():
                continue
            targets, seconds = columns[new], found[number, new].astype(np.float32)
            before = changed.get(int(cell)) or known.get(int(cell))
            row = before.merged(targets, seconds) if before else made(targets, seconds, now)
            changed[int(cell)] = row
        if changed:
            self._memory.put(changed)
            if self._archive is not None:
                self._archive.save(self.name, changed)


def _table(known: dict[int, Known], rows: Cells, columns: Cells) -> Seconds:
    found = np.full((len(rows), len(columns)), np.nan)
    for number, cell in enumerate(rows):
        row = known.get(int(cell))
        if row is not None:
            found[number] = row.to(columns)
    return found


def blocks(missing: npt.NDArray[np.bool_], most: int) -> Iterator[Block]:
    """Questions that cover what is missing: whole rows first, then the rest by columns.

    One new place among known ones so makes a row and a column, not everything again.
    """
    left = missing.copy()
    whole = left.mean(axis=1) > MOSTLY
    yield from _cut(left & whole[:, None], most)
    left[whole] = False
    yield from _cut(left, most)


def _cut(left: npt.NDArray[np.bool_], most: int) -> Iterator[Block]:
    rows, columns = np.flatnonzero(left.any(axis=1)), np.flatnonzero(left.any(axis=0))
    for top in range(0, len(rows), most):
        for start in range(0, len(columns), most):
            block = Block(rows[top : top + most], columns[start : start + most])
            if left[np.ix_(block.rows, block.columns)].any():
                yield block
