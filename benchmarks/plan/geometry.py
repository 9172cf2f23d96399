"""Where people and jobs are, and how long the way takes: three regions unlike each other.

A region is a function of a random generator and the numbers of jobs and technicians. It gives
points in kilometres (jobs, then homes) and the seconds between any two of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.plan.instance import Seconds

Points = NDArray[np.float64]
Region = Callable[[np.random.Generator, int, int], tuple[Points, Seconds]]

PARKING_SECONDS = 90


def city(draw: np.random.Generator, jobs: int, technicians: int) -> tuple[Points, Seconds]:
    """A dense town of 24 km: blocks with much work, streets in a grid, slow in the middle."""
    width = 24.0
    blocks = draw.uniform(2, width - 2, (max(5, jobs // 30), 2))
    near = blocks[draw.integers(0, len(blocks), jobs)] + draw.normal(0, 0.9, (jobs, 2))
    anywhere = draw.random(jobs) < 0.3
    near[anywhere] = draw.uniform(0, width, (int(anywhere.sum()), 2))
    homes = draw.uniform(-4, width + 4, (technicians, 2))
    points = np.vstack([np.clip(near, 0, width), homes])
    kilometres = np.abs(points[:, None] - points[None]).sum(2)
    from_centre = np.hypot(*(points - width / 2).T)
    speed = 20 + 1.2 * (from_centre[:, None] + from_centre[None]) / 2
    return points, _seconds(kilometres, speed)


def radial(draw: np.random.Generator, jobs: int, technicians: int) -> tuple[Points, Seconds]:
    """A centre with seven roads to its suburbs: along a road it is fast, across it is not."""
    roads = 7

    def on_roads(count: int, least: float, most: float) -> Points:
        angle = draw.integers(0, roads, count) * (2 * np.pi / roads) + draw.normal(0, 0.13, count)
        distance = most * np.sqrt(draw.uniform((least / most) ** 2, 1, count))
        return np.stack([distance * np.cos(angle), distance * np.sin(angle)], 1)

    inner = draw.random(jobs) < 0.35
    work = np.where(inner[:, None], draw.normal(0, 2.5, (jobs, 2)), on_roads(jobs, 4, 28))
    points = np.vstack([work, on_roads(technicians, 6, 32)])
    distance = np.hypot(*points.T)
    angle = np.arctan2(points[:, 1], points[:, 0])
    turned = np.abs(np.angle(np.exp(1j * (angle[:, None] - angle[None]))))
    straight = np.hypot(*np.moveaxis(points[:, None] - points[None], 2, 0))
    across = straight * 1.35 / 28
    same_road = turned < np.pi / roads
    through = (distance[:, None] + distance[None]) * 1.1 / 42
    along = straight * 1.15 / 48
    return points, _in_seconds(np.minimum(across, np.where(same_road, along, through)))


def rural(draw: np.random.Generator, jobs: int, technicians: int) -> tuple[Points, Seconds]:
    """A country of 110 km: a few towns of unlike size, farms between them, fast roads."""
    width = 110.0
    towns = draw.uniform(8, width - 8, (9, 2))
    share = draw.dirichlet(np.full(len(towns), 0.9))

    def spread(count: int, farms: float) -> Points:
        points = towns[draw.choice(len(towns), count, p=share)] + draw.normal(0, 1.8, (count, 2))
        outside = draw.random(count) < farms
        points[outside] = draw.uniform(0, width, (int(outside.sum()), 2))
        return points

    points = np.vstack([spread(jobs, 0.4), spread(technicians, 0.3)])
    kilometres = np.hypot(*np.moveaxis(points[:, None] - points[None], 2, 0)) * 1.25
    speed = 35 + 35 * (1 - np.exp(-kilometres / 12))
    return points, _seconds(kilometres, speed)


REGIONS: dict[str, Region] = {"city": city, "radial": radial, "rural": rural}


def _seconds(kilometres: Points, kilometres_per_hour: Points) -> Seconds:
    return _in_seconds(kilometres / kilometres_per_hour)


def _in_seconds(hours: Points) -> Seconds:
    seconds: Seconds = np.ceil(hours * 3600).astype(np.int64) + PARKING_SECONDS
    np.fill_diagonal(seconds, 0)
    return seconds
