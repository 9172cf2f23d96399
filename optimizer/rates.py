"""Numbers of all shifts side by side, for questions about one job and every shift."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.job import Job
from optimizer.problem import UNREACHABLE, Weights
from optimizer.shift import Shift, Skill
from optimizer.time_price import TimePrice


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

    @classmethod
    def joined(cls, parts: Sequence[Rates]) -> Rates:
        """The shifts of all of them, one behind the other."""

        def column(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(part, name) for part in parts])

        def by_skill(name: str, without: int) -> dict[str, NDArray[np.int64]]:
            own: list[dict[str, NDArray[np.int64]]] = [getattr(part, name) for part in parts]
            none = [np.full(len(part.start), without, dtype=np.int64) for part in parts]
            return {
                skill: np.concatenate([a.get(skill, b) for a, b in zip(own, none, strict=True)])
                for skill in sorted(set().union(*own))
            }

        columns = {field.name for field in fields(cls)} - {"levels", "paces"}
        return cls(
            **{name: column(name) for name in columns},
            levels=by_skill("levels", 0),
            paces=by_skill("paces", 100),
        )

    def level(self, skill: str) -> NDArray[np.int64]:
        """The level at which each shift's technician holds the skill, 0 where not at all."""
        return self.levels.get(skill, np.zeros(len(self.start), dtype=np.int64))

    def work(self, duration_seconds: int, pace_skill: str | None) -> NDArray[np.int64]:
        """How long each shift's technician needs for work of that duration, rounded up."""
        pace = self.paces.get(pace_skill or "", 100)
        return np.asarray(-(-duration_seconds * 10_000 // (self.speed_pct * pace)))

    def seat_cents(
        self, job: Job, work: NDArray[np.int64], weights: Weights
    ) -> NDArray[np.float64]:
        """The price of each shift's technician on this job, apart from when it starts."""
        cents = work * self.work_rate * (weights.work / 100)
        cents += (self.pay_per_job + work * self.pay) * (weights.freelance / 100)
        if self.spare_level.any() and job.requirements:
            spare = sum(np.maximum(self.level(n.skill) - n.level, 0) for n in job.requirements)
            cents += spare * self.spare_level * (weights.over_qualification / 100)
        fair = work * self.fair + (self.unpleasant if job.is_unpleasant else 0.0)
        cents += fair * (weights.fairness / 100)
        if job.preference_cents:
            others = ~np.isin(self.technician, job.preferred_technicians)
            cents[others] += job.preference_cents * weights.preference / 100
        if job.promise and job.promise.technician_ids:
            others = ~np.isin(self.technician, job.promise.technician_ids)
            cents[others] += job.promise.technician_cents * weights.broken_promises / 100
        return np.asarray(cents)

    def time_price(self, job: Job, weights: Weights) -> TimePrice:
        """Each seat of a crew carries its share, as all start together; risk is of each seat."""
        pieces, crew = dict[str, Any](), job.crew_size
        if job.deadline:
            weight = weights.sla_lateness / 100 / crew
            pieces |= {
                "due": job.deadline.due,
                "late_rate": job.deadline.cents_per_minute * weight / 60,
                "breach": job.deadline.breach_cents * weight,
                "cap": job.deadline.cap_cents * weight,
                "steps": tuple((step.at, step.cents * weight) for step in job.deadline.steps),
            }
        if job.delay_cents_per_day:
            rate = job.delay_cents_per_day * weights.delay / 100 / 86400 / crew
            pieces |= {"delay_from": job.earliest_useful or 0, "delay_rate": rate}
        if job.soft_window:
            rate = job.soft_window.cents_per_minute * weights.preference / 100 / 60 / crew
            pieces |= {"soft_start": job.soft_window.start, "soft_end": job.soft_window.end}
            pieces |= {"soft_rate": rate}
        if job.promise and job.promise.window:
            window = job.promise.window
            cents = job.promise.window_cents * weights.broken_promises / 100 / crew
            pieces |= {"promise_start": window.start, "promise_end": window.end, "promise": cents}
        if job.risk and job.risk.cents_per_minute:
            ends = self.end
            if job.risk.done_by is not None:
                ends = np.minimum(ends, job.risk.done_by)
            safe = ends - self.work(job.risk.p80_seconds, job.pace_skill)
            rate = job.risk.cents_per_minute * weights.risk / 100 / 60
            pieces |= {"risk_rate": rate, "risk_from": tuple(safe.tolist())}
        return TimePrice(**pieces)

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
            if skill.name not in found:
                found[skill.name] = np.full(len(shifts), without, dtype=np.int64)
            found[skill.name][s] = value(skill)
    return found
