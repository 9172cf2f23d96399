"""What it costs to start a job at a time: lateness, delay, soft window, promised window, risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = 1 << 40
"""A time later than every real one; its negative stands for 'too late whenever'."""


@dataclass(frozen=True, slots=True)
class TimePrice:
    """The price of a start by its pieces, weights included (rates in cents per second).

    `risk_from` is the last start without risk, by shift; all else is the same for every shift.
    """

    due: int = NEVER
    late_rate: float = 0.0
    breach: float = 0.0
    cap: float = 0.0
    delay_from: int = 0
    delay_rate: float = 0.0
    soft_start: int = 0
    soft_end: int = NEVER
    soft_rate: float = 0.0
    promise_start: int = -NEVER
    promise_end: int = NEVER
    promise: float = 0.0
    steps: tuple[tuple[int, float], ...] = ()
    risk_rate: float = 0.0
    risk_from: tuple[int, ...] = ()

    @property
    def is_flat(self) -> bool:
        """Whether every start costs nothing."""
        rates = self.cap or self.delay_rate or self.soft_rate or self.promise or self.risk_rate
        return not rates

    def at(self, start: int, shift: int) -> float:
        return self.by_anybody(start) + self.risk(start, shift)

    def by_anybody(self, start: int) -> float:
        """What every shift, and whoever else does the job, pays for starting it then."""
        price = 0.0
        if start > self.due:
            price += self.lateness(start)
        if self.delay_rate:
            price += self.delay(start)
        if self.soft_rate:
            price += self.outside_soft_window(start)
        if self.promise:
            price += self.broken_window(start)
        return price

    def lateness(self, start: int) -> float:
        if start <= self.due:
            return 0.0
        stepped = sum(cents for at, cents in self.steps if start > at)
        return min(self.cap, self.breach + (start - self.due) * self.late_rate + stepped)

    def delay(self, start: int) -> float:
        return max(0, start - self.delay_from) * self.delay_rate

    def outside_soft_window(self, start: int) -> float:
        return max(self.soft_start - start, start - self.soft_end, 0) * self.soft_rate

    def broken_window(self, start: int) -> float:
        return 0.0 if self.promise_start <= start <= self.promise_end else self.promise

    def risk(self, start: int, shift: int) -> float:
        return max(0, start - self.risk_from[shift]) * self.risk_rate if self.risk_rate else 0.0

    def at_all(self, starts: NDArray[np.int64], shifts: NDArray[np.int64]) -> NDArray[np.float64]:
        """As `at`, for starts and shifts side by side."""
        if self.is_flat:
            return np.zeros(len(starts))
        late = self.breach + (starts - self.due) * self.late_rate
        for at, cents in self.steps:
            late = late + np.where(starts > at, cents, 0.0)
        price = np.where(starts > self.due, np.minimum(self.cap, late), 0.0)
        price += np.maximum(starts - self.delay_from, 0) * self.delay_rate
        outside = np.maximum(np.maximum(self.soft_start - starts, starts - self.soft_end), 0)
        price += outside * self.soft_rate
        kept = (starts >= self.promise_start) & (starts <= self.promise_end)
        price += np.where(kept, 0.0, self.promise)
        if self.risk_rate:
            safe = np.array(self.risk_from, dtype=np.int64)[shifts]
            price += np.maximum(starts - safe, 0) * self.risk_rate
        return np.asarray(price)
