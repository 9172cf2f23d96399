"""Numbers of all shifts side by side, for questions about one job and every shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import UNREACHABLE
from optimizer.shift import Shift, Skill


@dataclass(frozen=True, slots=True)
class Rates:
    """By shift index; times in seconds from the epoch, rates in cents per second."""

    technician: NDArray[np.str_]
    start: NDArray[np.int64]
    latest_end: NDArray[np.int64]
    start_place: NDArray[np.int64]
    reach: NDArray[np.int64]
    speed_pct: NDArray[np.int64]
    work_rate: NDArray[np.float64]
    pay: NDArray[np.float64]
    pay_per_job: NDArray[np.float64]
    spare_level: NDArray[np.float64]
    fair: NDArray[np.float64]
    unpleasant: NDArray[np.float64]
    end: NDArray[np.int64]
    levels: dict[str, NDArray[np.int64]]
    paces: dict[str, NDArray[np.int64]]

    @classmethod
    def of(cls, shifts: tuple[Shift, ...]) -> Rates:
        far = UNREACHABLE - 1
        return cls(
            technician=np.array([shift.technician_id for shift in shifts], dtype=np.str_),
            start=np.array([shift.start for shift in shifts], dtype=np.int64),
            latest_end=np.array([shift.latest_end for shift in shifts], dtype=np.int64),
            start_place=np.array([shift.start_place for shift in shifts], dtype=np.int64),
            reach=np.array(
                [far if s.reach_seconds is None else min(s.reach_seconds, far) for s in shifts],
                dtype=np.int64,
            ),
            speed_pct=np.array([shift.speed_pct for shift in shifts], dtype=np.int64),
            work_rate=np.array([shift.work_cents_per_hour / 3600 for shift in shifts]),
            pay=np.array([shift.pay_cents_per_hour / 3600 for shift in shifts]),
            pay_per_job=np.array([float(shift.pay_cents_per_job) for shift in shifts]),
            spare_level=np.array([float(shift.over_qualification_cents) for shift in shifts]),
            fair=np.array([shift.fairness_cents_per_hour / 3600 for shift in shifts]),
            unpleasant=np.array([float(shift.fairness_cents_per_unpleasant) for shift in shifts]),
            end=np.array([shift.end for shift in shifts], dtype=np.int64),
            levels=_by_skill(shifts, lambda skill: skill.level, 0),
            paces=_by_skill(shifts, lambda skill: skill.speed_pct, 100),
        )

    def level(self, skill: str) -> NDArray[np.int64]:
        """The level at which each shift's technician holds the skill, 0 where not at all."""
        return self.levels.get(skill, np.zeros(len(self.start), dtype=np.int64))

    def work(self, duration_seconds: int, pace_skill: str | None) -> NDArray[np.int64]:
        """How long each shift's technician needs for work of that duration, rounded up."""
        pace = self.paces.get(pace_skill or "", 100)
        return np.asarray(-(-duration_seconds * 10_000 // (self.speed_pct * pace)))

    def overlaps(self, windows: tuple[tuple[int, int], ...]) -> NDArray[np.bool_]:
        """Which shifts some window touches."""
        touched = np.zeros(len(self.start), dtype=bool)
        for start, end in windows:
            touched |= (self.start <= end) & (start <= self.latest_end)
        return touched

    def trips_to(self, matrix: NDArray[np.int32], place: int) -> NDArray[np.int32]:
        return np.asarray(matrix[self.start_place, place])


def _by_skill(
    shifts: tuple[Shift, ...], value: Callable[[Skill], int], without: int
) -> dict[str, NDArray[np.int64]]:
    """By skill, the value of each shift's, `without` for who does not hold it."""
    found: dict[str, NDArray[np.int64]] = {}
    for s, shift in enumerate(shifts):
        for skill in shift.skills:
            by_shift = found.setdefault(skill.name, np.full(len(shifts), without, dtype=np.int64))
            by_shift[s] = value(skill)
    return found
