"""From recorded trips to factors; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 30
"""Below so many trips a factor is not told apart from that of the whole week."""
STEADY_TRIPS = 20
"""The factor that is expected counts like so many trips: few trips move it little."""
LEAST_SECONDS, MOST_SECONDS = 120, 3 * 3600
"""Shorter trips say nothing about roads, longer ones were not only driving."""
SMALLEST, LARGEST = 0.2, 5.0
SURE = 1.96


@dataclass(frozen=True)
class Trip:
    """How long it took and how long it was thought to take without any factor."""

    actual_seconds: float
    estimated_seconds: float

    @property
    def counts(self) -> bool:
        if self.estimated_seconds < LEAST_SECONDS or self.actual_seconds > MOST_SECONDS:
            return False
        return SMALLEST < self.actual_seconds / self.estimated_seconds < LARGEST


@dataclass(frozen=True)
class Fit:
    """The factor, the interval that holds it in 95 of 100 cases, and the trips behind it."""

    factor: float
    low: float
    high: float
    trips: int


def fit(trips: Sequence[Trip], expected: float = 1.0) -> Fit | None:
    """The ratio of all seconds, drawn towards `expected`; None below FEWEST usable trips."""
    kept = [trip for trip in trips if trip.counts]
    if len(kept) < FEWEST:
        return None
    actual = np.array([trip.actual_seconds for trip in kept])
    estimated = np.array([trip.estimated_seconds for trip in kept])
    weight = STEADY_TRIPS * float(estimated.mean())
    whole = float(estimated.sum()) + weight
    factor = (float(actual.sum()) + expected * weight) / whole
    spread = float(np.sqrt(np.sum((actual - factor * estimated) ** 2))) / whole
    return Fit(
        factor=_within(factor),
        low=_within(factor - SURE * spread),
        high=_within(factor + SURE * spread),
        trips=len(kept),
    )


def _within(factor: float) -> float:
    return round(min(max(factor, SMALLEST), LARGEST), 3)
