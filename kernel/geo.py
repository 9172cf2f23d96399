"""Points on the earth and straight-line travel estimates."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_M = 6_371_008.8
DETOUR = 1.3
"""Roads are about 1.3 times the straight line."""
SLOWEST_KMH, FASTEST_KMH, FASTEST_FROM_KM = 24.0, 60.0, 25.0
PARKING_SECONDS = 60


@dataclass(frozen=True)
class Point:
    """A position in degrees (WGS 84)."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("latitude must be within 90 and longitude within 180 degrees")


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def straight_travel_seconds(a: Point, b: Point) -> int:
    """Estimated driving time: 24 km/h in town rising to 60 km/h from 25 km, plus parking."""
    return int(travel_matrix_seconds([a], [b])[0, 0])


def travel_matrix_seconds(origins: list[Point], targets: list[Point]) -> npt.NDArray[np.int64]:
    """Driving seconds from every origin (rows) to every target (columns)."""
    return travel_seconds_for(distance_matrix_m(origins, targets))


def travel_seconds_for(straight_m: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Driving seconds for these straight distances in metres."""
    metres = straight_m * DETOUR
    share = np.minimum(1.0, metres / 1000 / FASTEST_FROM_KM)
    speed_ms = (SLOWEST_KMH + (FASTEST_KMH - SLOWEST_KMH) * share) / 3.6
    seconds = np.where(metres > 1, PARKING_SECONDS + metres / speed_ms, 0)
    return np.ceil(seconds).astype(np.int64)


def distance_matrix_m(origins: list[Point], targets: list[Point]) -> npt.NDArray[np.float64]:
    """Great-circle metres from every origin (rows) to every target (columns)."""
    return distances_m(
        np.array([[p.latitude, p.longitude] for p in origins]).reshape(-1, 2),
        np.array([[p.latitude, p.longitude] for p in targets]).reshape(-1, 2),
    )


def distances_m(
    origins: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """`distance_matrix_m` for rows of latitude and longitude in degrees."""
    o, t = np.radians(origins), np.radians(targets)
    dlat = t[None, :, 0] - o[:, None, 0]
    dlon = t[None, :, 1] - o[:, None, 1]
    half = (
        np.sin(dlat / 2) ** 2
        + np.cos(o[:, None, 0]) * np.cos(t[None, :, 0]) * np.sin(dlon / 2) ** 2
    )
    metres: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return metres
