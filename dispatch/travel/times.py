"""Driving times of this process, in whole minutes so that every planned time is one too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dispatch.travel.factors import Factors
from dispatch.travel.ports import Seconds
from kernel.geo import (
    PARKING_SECONDS,
    Point,
    distances_m,
    straight_travel_seconds,
    travel_matrix_seconds,
    travel_seconds_for,
)
from kernel.ports import Port

MINUTE = 60
KILOMETRES_PER_DEGREE = 111.195  # along the equator of the mean sphere
UNREACHABLE = 10**8
"""Seconds that say there is no way; nothing is planned there."""
STRAIGHT = "straight"


@dataclass(frozen=True)
class Trip:
    """`estimated`: a road network should have said it and did not."""

    seconds: int
    estimated: bool = False

    @property
    def is_possible(self) -> bool:
        return self.seconds < UNREACHABLE


@dataclass(frozen=True)
class Matrix:
    """Seconds from every place to every place, and for how many pairs they are estimated."""

    seconds: npt.NDArray[np.int64] | npt.NDArray[np.int32]
    estimated: int
    source: str
    factors: Factors


class Roads(Protocol):
    """Times by road, as far as they are known."""

    @property
    def name(self) -> str: ...

    @property
    def is_down(self) -> bool: ...

    def seconds(self, origins: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        """NaN where nobody knows, infinite where there is no way."""


class TravelTimes:
    """Straight lines, or roads with straight lines for what they do not know; times factors."""

    def __init__(self, roads: Roads | None = None, factors: Factors | None = None) -> None:
        self._roads = roads
        self.factors = factors or Factors()

    @property
    def source(self) -> str:
        return self._roads.name if self._roads else STRAIGHT

    @property
    def is_degraded(self) -> bool:
        """A road network is wanted and does not answer."""
        return self._roads is not None and self._roads.is_down

    def without_factors(self) -> "TravelTimes":
        """The same source by itself."""
        return TravelTimes(self._roads)

    def is_known(self, origin: Point, target: Point) -> bool:
        """The source itself says it, and there is a way."""
        found = self.trip(origin, target)
        return found.is_possible and not found.estimated

    def trip(self, origin: Point, target: Point, at: datetime | None = None) -> Trip:
        """From door to door; `at` is when it starts, for the traffic of these hours."""
        factor = self.factors.towards(target, at)
        if self._roads is None:
            return Trip(_minutes(straight_travel_seconds(origin, target), factor))
        found = float(self._roads.seconds([origin], [target])[0, 0])
        if np.isnan(found):
            return Trip(_minutes(straight_travel_seconds(origin, target), factor), estimated=True)
        if np.isinf(found):
            return Trip(UNREACHABLE)
        return Trip(_minutes(_door_to_door(found), factor))

    def between(self, origin: Point, target: Point, at: datetime | None = None) -> int:
        """The seconds of `trip`, as by the straight line where there is no way."""
        found = self.trip(origin, target, at)
        if found.is_possible:
            return found.seconds
        return _minutes(straight_travel_seconds(origin, target), self.factors.towards(target, at))

    def matrix(self, points: Sequence[Point], known: Matrix | None = None) -> Matrix:
        """`trip` for every pair of places, rows to columns. Straight lines that are `known` between
        the first of these points are taken over; roads may know more by now."""
        if not points:
            return Matrix(np.zeros((0, 0), dtype=np.int64), 0, self.source, self.factors)
        same = known is not None and (known.source, known.factors) == (self.source, self.factors)
        if self._roads is None and known is not None and same:
            return self._grown(points, known)
        straight = travel_matrix_seconds(list(points), list(points))
        if self._roads is None:
            return Matrix(self._rounded(straight, points), 0, self.source, self.factors)
        by_road = self._roads.seconds(points, points)
        unknown = np.isnan(by_road)
        np.fill_diagonal(unknown, False)
        seconds = np.where(unknown, straight, np.where(by_road > 0, by_road + PARKING_SECONDS, 0))
        no_way = np.isinf(seconds)
        seconds[no_way] = 0
        np.fill_diagonal(seconds, 0)
        rounded = self._rounded(seconds, points)
        rounded[no_way] = UNREACHABLE
        np.fill_diagonal(rounded, 0)
        return Matrix(rounded, int(unknown.sum()), self.source, self.factors)

    def _grown(self, points: Sequence[Point], known: Matrix) -> Matrix:
        many = len(known.seconds)
        if many == len(points):
            return known
        old, new = list(points[:many]), list(points[many:])
        seconds = np.empty((len(points), len(points)), dtype=np.int64)
        seconds[:many, :many] = known.seconds
        seconds[:many, many:] = self._rounded(travel_matrix_seconds(old, new), new)
        seconds[many:] = self._rounded(travel_matrix_seconds(new, list(points)), points)
        return Matrix(seconds, 0, self.source, self.factors)

    def around(
        self, points: Sequence[Point], degrees: npt.NDArray[np.float64], place: Point
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """`trip` from each of these points to one place, and from it to each of them.

        `degrees` are the same points as rows of latitude and longitude.
        """
        here = np.array([[place.latitude, place.longitude]])
        straight = travel_seconds_for(distances_m(degrees, here))
        to = self._table(points, [place], straight)[:, 0]
        return to, self._table([place], points, straight.T)[0]

    def _table(
        self, origins: Sequence[Point], targets: Sequence[Point], straight: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        if self._roads is None:
            return self._rounded(straight, targets)
        by_road = self._roads.seconds(origins, targets)
        driven = np.where(by_road > 0, by_road + PARKING_SECONDS, 0)
        seconds = np.where(np.isnan(by_road), straight, driven)
        no_way = np.isinf(seconds)
        seconds[no_way] = 0
        rounded = self._rounded(seconds, targets)
        rounded[no_way] = UNREACHABLE
        return rounded

    def learn(self, points: Sequence[Point]) -> None:
        """Ask for every pair at once, before they are wanted one by one."""
        if self._roads is not None and len(points) > 1:
            self._roads.seconds(points, points)

    def reach_seconds(self, kilometres: float, home: Point | None = None) -> int:
        """What a trip of that straight distance takes: how far somebody goes, as time."""
        degrees = min(kilometres / KILOMETRES_PER_DEGREE, 180)
        factor = 1.0 if home is None else self.factors.towards(home)
        return _minutes(straight_travel_seconds(Point(0, 0), Point(0, degrees)), factor)

    def _rounded(
        self, seconds: Seconds | npt.NDArray[np.int64], points: Sequence[Point]
    ) -> npt.NDArray[np.int64]:
        if self.factors.areas:
            seconds = seconds * self.factors.columns(points)[None, :]
        whole = np.ceil(seconds).astype(np.int64)
        rounded: npt.NDArray[np.int64] = -(-whole // MINUTE) * MINUTE
        return rounded


def _door_to_door(driving: float) -> float:
    return driving + PARKING_SECONDS if driving > 0 else 0.0


def _minutes(seconds: float, factor: float) -> int:
    return -(-ceil(seconds * factor) // MINUTE) * MINUTE


travel_times: Port[TravelTimes] = Port("travel.times")
travel_times.wire(TravelTimes())
