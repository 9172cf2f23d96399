"""From arrival errors to promises that are kept in 94 to 97 of 100 cases; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import sqrt

import numpy as np

GOAL, GOAL_LOW, GOAL_HIGH = 0.955, 0.94, 0.97
QUANTILE, LEAST_QUANTILE, MOST_QUANTILE = 0.95, 0.85, 0.99
FEWEST = 30
"""Below so many arrivals the errors of a wider group count."""
FEWEST_PROMISES = 50
"""Below so many promises what was kept of them corrects nothing."""
USUAL_MARGIN, LEAST_MARGIN, MOST_MARGIN = 30.0, 10.0, 90.0
USUAL_HOURS = 2
SLACK_MINUTES = 30.0
"""So much wider than the spread of the errors a window is, or there is nothing to plan with."""
SURE = 1.96


class Position(StrEnum):
    """Where in the day's route an arrival stood; lateness adds up along it."""

    ANY = "any"
    FIRST = "first"
    MIDDLE = "middle"
    LATE = "late"


LATE_FROM = 5


def position_of(number: int) -> Position:
    """The first arrival of the day is number 1."""
    if number == 1:
        return Position.FIRST
    return Position.MIDDLE if number < LATE_FROM else Position.LATE


@dataclass(frozen=True)
class Errors:
    """Minutes by which arrivals were later than planned (earlier: below zero)."""

    p5: float
    p50: float
    p95: float
    arrivals: int


def errors(minutes: Sequence[float], quantile: float = QUANTILE) -> Errors | None:
    """None below FEWEST arrivals; `quantile` stands in for 0.95 where promises are corrected."""
    if len(minutes) < FEWEST:
        return None
    low, middle, high = np.quantile(minutes, [1 - QUANTILE, 0.5, quantile])
    return Errors(
        round(float(low), 1), round(float(middle), 1), round(float(high), 1), len(minutes)
    )


def corrected_quantile(kept: int, promised: int) -> float:
    """Higher where fewer promises were kept than wanted, lower where more were."""
    if promised < FEWEST_PROMISES:
        return QUANTILE
    found = QUANTILE + (GOAL - kept / promised)
    return min(max(found, LEAST_QUANTILE), MOST_QUANTILE)


@dataclass(frozen=True)
class Promise:
    """How long before the end of a window the planned arrival lies, and how wide windows are."""

    margin: timedelta = timedelta(minutes=USUAL_MARGIN)
    hours: int = USUAL_HOURS


def promise(found: Errors | None) -> Promise:
    """The margin takes the late arrivals in, the width early and late ones."""
    if found is None:
        return Promise()
    margin = min(max(found.p95, LEAST_MARGIN), MOST_MARGIN)
    spread = max(found.p95, 0.0) - min(found.p5, 0.0) + SLACK_MINUTES
    hours = next((hours for hours in (1, 2, 4) if hours * 60 >= spread), 4)
    return Promise(timedelta(minutes=round(margin)), hours)


@dataclass(frozen=True)
class Share:
    """A share in percent with the interval (Wilson) that holds it in 95 of 100 cases."""

    pct: float
    low: float
    high: float


def share(good: int, whole: int) -> Share | None:
    if not whole:
        return None
    p, z2 = good / whole, SURE**2 / whole
    middle = (p + z2 / 2) / (1 + z2)
    half = SURE * sqrt(p * (1 - p) / whole + z2 / whole / 4) / (1 + z2)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return Share(round(100 * p, 1), round(100 * low, 1), round(100 * high, 1))
