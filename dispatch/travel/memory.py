"""What a road network has said, by place of origin: bounded, rounded to about ten metres."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from kernel.geo import Point

PER_DEGREE = 10_000
ROW = 4_000_000  # more than the cells of one parallel
MOST_PAIRS = 4_000_000  # about 48 MB
MOST_TARGETS = 20_000
"""A row that would grow beyond it starts again with what is new."""

Cells = npt.NDArray[np.int64]


def cells_of(points: Sequence[Point]) -> Cells:
    """One number for each place; places within about ten metres may share one."""
    latitude = np.array([point.latitude for point in points])
    longitude = np.array([point.longitude for point in points])
    rows = np.rint((latitude + 90) * PER_DEGREE).astype(np.int64)
    columns = np.rint((longitude + 180) * PER_DEGREE).astype(np.int64)
    found: Cells = rows * ROW + columns
    return found


@dataclass(frozen=True)
class Known:
    """From one origin: the cells of the targets in order, and the seconds to each."""

    targets: Cells
    seconds: npt.NDArray[np.float32]
    fetched_at: float
    """Real time, in seconds since 1970."""

    def merged(self, targets: Cells, seconds: npt.NDArray[np.float32]) -> "Known":
        if len(self.targets) + len(targets) > MOST_TARGETS:
            return made(targets, seconds, self.fetched_at)
        fresh = ~np.isin(self.targets, targets)
        return made(
            np.concatenate([self.targets[fresh], targets]),
            np.concatenate([self.seconds[fresh], seconds]),
            self.fetched_at,
        )

    def to(self, targets: Cells) -> npt.NDArray[np.float64]:
        """Seconds to each, NaN for what is not known."""
        found = np.full(len(targets), np.nan)
        if len(self.targets):
            at = np.minimum(np.searchsorted(self.targets, targets), len(self.targets) - 1)
            same = self.targets[at] == targets
            found[same] = self.seconds[at[same]]
        return found


def made(targets: Cells, seconds: npt.NDArray[np.float32], fetched_at: float) -> Known:
    order = np.unique(targets, return_index=True)[1]
    return Known(targets[order], seconds[order].astype(np.float32), fetched_at)


class Memory:
    """The rows this process knows; the ones not used for longest go first."""

    def __init__(self, most_pairs: int = MOST_PAIRS) -> None:
        self._most_pairs = most_pairs
        self._rows: OrderedDict[int, Known] = OrderedDict()
        self._pairs = 0
        self._lock = Lock()

    def get(self, origins: Collection[int], not_before: float) -> dict[int, Known]:
        with self._lock:
            found = {}
            for origin in origins:
                row = self._rows.get(origin)
                if row is not None and row.fetched_at >= not_before:
                    self._rows.move_to_end(origin)
                    found[origin] = row
            return found

    def put(self, rows: dict[int, Known]) -> None:
        with self._lock:
            for origin, row in rows.items():
                self._drop(origin)
                self._rows[origin] = row
                self._pairs += len(row.targets)
            while self._pairs > self._most_pairs and len(self._rows) > 1:
                self._drop(next(iter(self._rows)))

    def _drop(self, origin: int) -> None:
        gone = self._rows.pop(origin, None)
        if gone is not None:
            self._pairs -= len(gone.targets)

    @property
    def pairs(self) -> int:
        return self._pairs
