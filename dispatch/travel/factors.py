"""How much longer than estimated trips take, by territory and hours; plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from dispatch.travel.lifecycle import Hours, hours_of
from kernel.geo import Point, distance_matrix_m


@dataclass(frozen=True)
class Area:
    """A territory's centre with its factors; hours without one have that of the whole week."""

    centre: Point
    zone: ZoneInfo
    factors: Mapping[Hours, float]

    def at(self, moment: datetime | None) -> float:
        whole = self.factors.get(Hours.ALL, 1.0)
        if moment is None:
            return whole
        return self.factors.get(hours_of(moment.astimezone(self.zone)), whole)


@dataclass(frozen=True)
class Factors:
    """A trip has the factor of the territory that it ends in: the one whose centre is nearest."""

    areas: tuple[Area, ...] = ()

    @property
    def are_one(self) -> bool:
        """Nothing is known that differs from the estimate."""
        return all(factor == 1.0 for area in self.areas for factor in area.factors.values())

    def towards(self, target: Point, at: datetime | None = None) -> float:
        if not self.areas:
            return 1.0
        return self.areas[int(self._nearest([target])[0])].at(at)

    def columns(self, targets: Sequence[Point]) -> npt.NDArray[np.float64]:
        """The factor of the whole week for each target."""
        if not self.areas:
            return np.ones(len(targets))
        known = np.array([area.at(None) for area in self.areas])
        found: npt.NDArray[np.float64] = known[self._nearest(targets)]
        return found

    def _nearest(self, points: Sequence[Point]) -> npt.NDArray[np.int64]:
        centres = [area.centre for area in self.areas]
        found: npt.NDArray[np.int64] = distance_matrix_m(list(points), centres).argmin(axis=1)
        return found
