"""A Weibull prior: when machines of one model fail, where nothing is measured on them.

From the times between repairs, the time since the last one counting as survived so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

FEWEST = 10
"""Fewer failures say too little about a shape."""
STEEPEST, FLATTEST = 8.0, 0.3
LEAST_DAYS = 0.5


@dataclass(frozen=True, slots=True)
class Weibull:
    """`shape` above 1: the machines wear out; below: they fail young."""

    shape: float
    scale_days: float
    failures: int

    def survives(self, days: float, *, age_days: float) -> float:
        """The chance of `days` more without a failure, `age_days` after the last repair."""
        return exp(self._hazard(age_days) - self._hazard(age_days + days))

    def days_at(self, chance: float, *, age_days: float) -> float:
        """How long it lasts with that chance, from `age_days` on; 0.9 gives the lower bound."""
        whole = self._hazard(age_days) - log(chance)
        return float(self.scale_days * whole ** (1 / self.shape) - age_days)

    def log_likelihood(self, days: float, *, failed: bool) -> float:
        """Of failing after so many days, or of having lasted so long."""
        days = max(days, LEAST_DAYS)
        survived = -self._hazard(days)
        if not failed:
            return survived
        return survived + log(self.shape / days) + self.shape * log(days / self.scale_days)

    def _hazard(self, days: float) -> float:
        return float((days / self.scale_days) ** self.shape)


def fit(failed_days: Sequence[float], survived_days: Sequence[float]) -> Weibull | None:
    """By maximum likelihood, the survivors censored; None from fewer than ten failures."""
    if len(failed_days) < FEWEST:
        return None
    failed = [max(days, LEAST_DAYS) for days in failed_days]
    spans = [*failed, *(max(days, LEAST_DAYS) for days in survived_days)]
    longest = max(spans)
    parts, mean_log = [span / longest for span in spans], sum(map(log, failed)) / len(failed)
    low, high = FLATTEST, STEEPEST
    for _ in range(60):
        shape = (low + high) / 2
        powers = [part**shape for part in parts]
        weighted = sum(p * log(s) for p, s in zip(powers, spans, strict=True)) / sum(powers)
        if weighted - 1 / shape - mean_log > 0:
            high = shape
        else:
            low = shape
    scale = longest * (sum(part**low for part in parts) / len(failed)) ** (1 / low)
    return Weibull(low, scale, len(failed))
