"""What travel needs from outside: a road network that says how long trips take."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kernel.geo import Point

Seconds = npt.NDArray[np.float64]
"""Driving seconds from rows to columns: infinite where there is no way, NaN where nobody knows."""


class NetworkDown(Exception):
    """The road network did not answer; ask again after `retry_after` seconds if it said so."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Refused(Exception):
    """The question as a whole was refused; a smaller part of it may be answered."""


class OffRoad(Refused):
    """One of the places lies on no road of the map."""


class NoWay(Refused):
    """No way leads from these origins to these targets."""


class TooBig(Refused):
    """More places than the network answers at once."""


class RoadNetwork(Protocol):
    """`most_places` is how many origins, and how many targets, go into one question."""

    name: str
    most_places: int

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        """Raises NetworkDown or Refused."""
