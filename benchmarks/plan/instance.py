"""What every solver of the benchmark is given: technicians, jobs and the way between places.

It imports nothing of the product, so that a peer's process needs only numpy and the peer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

CENTS_PER_WEIGHT = 20_000
"""The price of one point of weight left out, in technician instances."""
SECONDS_PER_HOUR = 3600
MOST = 2**31 - 1
"""No number is larger, so that sums of money and time stay whole in every solver."""
DEPOT = -1
"""The pass of the depot among the positions of jobs."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A break that starts within [earliest_start, latest_start]; anywhere, never within a job."""

    earliest_start: int
    latest_start: int
    duration_seconds: int


@dataclass(frozen=True, slots=True)
class Technician:
    """One shift: from its start place to its end place between `start` and `end`, both hard.

    `departs_late` waits at home instead of on the way; `parts` and `tools` are on board.
    """

    id: int
    start_place: int
    end_place: int
    start: int
    end: int
    skills: tuple[tuple[str, int], ...] = ()
    breaks: tuple[Pause, ...] = ()
    travel_cents_per_hour: int = 0
    work_cents_per_hour: int = 0
    fixed_cents: int = 0
    capacity: int | None = None
    waiting_cents_per_hour: int = 0
    departs_late: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Work starts within [earliest, latest]; left out it costs its weight times the price."""

    id: int
    place: int
    duration_seconds: int
    earliest: int
    latest: int
    weight: int = 1
    skill: str | None = None
    level: int = 1
    load: int = 0
    parts: tuple[tuple[str, int], ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """`units_per_second` tells what a "second" of the other fields is: 10 are tenths.

    With `all_required` a plan that leaves a job out is no solution. At the place `depot` everything
    is to be had, once a shift and at once; an order of stops has it as `DEPOT`. With `points`, by
    place and in seconds apart, the objective is the time between departure and return, in real
    numbers; `travel` is then no shorter than they are.
    """

    name: str
    technicians: tuple[Technician, ...]
    jobs: tuple[Job, ...]
    travel: Seconds
    cents_per_weight: int = CENTS_PER_WEIGHT
    all_required: bool = False
    units_per_second: int = 1
    depot: int | None = None
    points: tuple[tuple[float, float], ...] = ()
    about: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise ValueError(f"The name {self.name} is no text.")
        _require_whole(self.name, self)
        for one in self.technicians:
            _require_whole(f"technician {one.id}", one, *one.breaks)
        for job in self.jobs:
            _require_whole(f"job {job.id}", job)
        if self.units_per_second < 1:
            raise ValueError(f"{self.name}: a second has one unit or more.")
        places = len(self.travel)
        if self.travel.shape != (places, places):
            raise ValueError(f"{self.name}: travel seconds form a square.")
        if self.travel.dtype.kind != "i" or (self.travel > MOST).any():
            raise ValueError(f"{self.name}: travel seconds are whole numbers up to {MOST}.")
        if (self.travel < 0).any() or any(job.duration_seconds < 0 for job in self.jobs):
            raise ValueError(f"{self.name}: no trip and no job takes less than no time.")
        used = [job.place for job in self.jobs]
        used += [p for one in self.technicians for p in (one.start_place, one.end_place)]
        used += [] if self.depot is None else [self.depot]
        if used and not 0 <= min(used) <= max(used) < places:
            raise ValueError(f"{self.name}: a place has no travel times.")
        if self.points and len(self.points) != places:
            raise ValueError(f"{self.name}: there is a point for each place, or none.")
        for what, ids in (
            ("technicians", [one.id for one in self.technicians]),
            ("jobs", [job.id for job in self.jobs]),
        ):
            if len(set(ids)) < len(ids):
                raise ValueError(f"{self.name}: two {what} share an id.")

    @property
    def has_breaks(self) -> bool:
        return any(one.breaks for one in self.technicians)

    @cached_property
    def able(self) -> NDArray[np.bool_]:
        """By job and technician, whether the skill is there at the level."""
        able = np.ones((len(self.jobs), len(self.technicians)), dtype=bool)
        levels = [dict(one.skills) for one in self.technicians]
        for j, job in enumerate(self.jobs):
            if job.skill is not None:
                able[j] = [held.get(job.skill, 0) >= job.level for held in levels]
        return able


def _require_whole(name: str, *items: Instance | Technician | Job | Pause) -> None:
    """Raises ValueError for a number that is not whole, or larger than `MOST`."""
    for item in items:
        for one in fields(item):
            value = getattr(item, one.name)
            if one.type not in ("int", "int | None") or value is None:
                continue
            if type(value) is not int or abs(value) > MOST:
                raise ValueError(f"{name}: {one.name} is a whole number up to {MOST}, not {value}.")
