"""Driving times between places, in whole minutes so that every planned time is one too."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kernel.geo import Point, straight_travel_seconds, travel_matrix_seconds

MINUTE = 60
KILOMETRES_PER_DEGREE = 111.195  # along the equator of the mean sphere


def between(origin: Point, target: Point) -> int:
    """Estimated driving seconds, rounded up to the minute."""
    return -(-straight_travel_seconds(origin, target) // MINUTE) * MINUTE


def matrix(points: Sequence[Point]) -> npt.NDArray[np.int64]:
    """`between` for every pair of places, rows to columns."""
    if not points:
        return np.zeros((0, 0), dtype=np.int64)
    seconds = travel_matrix_seconds(list(points), list(points))
    return -(-seconds // MINUTE) * MINUTE


def reach_seconds(kilometres: float) -> int:
    """What a trip of that straight distance takes: how far somebody goes, as time."""
    degrees = kilometres / KILOMETRES_PER_DEGREE
    return between(Point(0, 0), Point(0, min(degrees, 180)))
