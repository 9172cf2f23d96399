"""What is asked where one more visit fits: of a day, a technician, or several technicians."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from kernel.geo import Point
from optimizer.opening_table import OpeningTable

Degrees = NDArray[np.float64]
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Tables:
    """Openings with the places they speak of, as points and as rows of latitude and longitude.

    `working` is when the technicians work, without absences and overtime, `busy` when they are on
    the way or at work, as rows of start and end.
    """

    openings: OpeningTable
    points: list[Point]
    degrees: Degrees
    working: Seconds
    busy: Seconds

    @classmethod
    def joined(cls, parts: Sequence["Tables"]) -> "Tables":
        """All of them as one."""
        counts = [len(part.points) for part in parts]
        return cls(
            openings=OpeningTable.joined([part.openings for part in parts], counts),
            points=[point for part in parts for point in part.points],
            degrees=_joined(part.degrees for part in parts),
            working=_joined(part.working for part in parts),
            busy=_joined(part.busy for part in parts),
        )


def degrees_of(points: Iterable[Point]) -> Degrees:
    return np.array([(point.latitude, point.longitude) for point in points]).reshape(-1, 2)


def seconds_of(spans: Iterable[tuple[datetime, datetime]]) -> Seconds:
    """As UTC timestamps."""
    return np.array([(a.timestamp(), b.timestamp()) for a, b in spans]).reshape(-1, 2)


def common_seconds(spans: Seconds, start: datetime, end: datetime) -> float:
    """How much of these spans lies in `[start, end)`."""
    first = np.maximum(spans[:, 0], start.timestamp())
    last = np.minimum(spans[:, 1], end.timestamp())
    return float(np.maximum(last - first, 0).sum())


def _joined(parts: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([np.empty((0, 2)), *parts])
