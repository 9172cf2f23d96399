"""What was found, how sure a share or a rate is, and when a rule loses its trust."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

FEWEST_VERDICTS = 10
"""With fewer nothing is concluded about a rule."""
SURE = 1.96
"""Standard deviations that hold 95 of 100 cases."""


class FaultFound(StrEnum):
    """The verdict on a predicted fault."""

    TRUE_FAULT = "true_fault"
    FALSE_ALARM = "false_alarm"
    OTHER_FAULT = "other_fault"


class JudgedBy(StrEnum):
    TECHNICIAN = "technician"
    OFFICE = "office"
    REMOTE_FIX = "remote_fix"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that holds it in 95 of 100 cases."""

    value: float
    low: float
    high: float


def share(good: int, whole: int) -> Estimate | None:
    """A share from 0 to 1 (Wilson 1927); None of nothing."""
    if not whole:
        return None
    p, z2 = good / whole, SURE**2 / whole
    middle = (p + z2 / 2) / (1 + z2)
    half = SURE * sqrt(p * (1 - p) / whole + z2 / whole / 4) / (1 + z2)
    return Estimate(round(p, 4), round(max(middle - half, 0), 4), round(min(middle + half, 1), 4))


def rate(events: int, exposure: float) -> Estimate | None:
    """Events per unit of exposure (Byar's approximation to the exact Poisson limits, in Breslow
    and Day 1987); None without exposure."""
    if exposure <= 0:
        return None
    k, above = events, events + 1
    low = k * (1 - 1 / (9 * k) - SURE / (3 * sqrt(k))) ** 3 if k else 0.0
    high = above * (1 - 1 / (9 * above) + SURE / (3 * sqrt(above))) ** 3
    return Estimate(*(round(count / exposure, 4) for count in (k, low, high)))


def is_below_floor(precision: Estimate | None, verdicts: int, floor: float) -> bool:
    """Only what is surely below: enough verdicts, and the whole interval under the floor."""
    return precision is not None and verdicts >= FEWEST_VERDICTS and precision.high < floor
