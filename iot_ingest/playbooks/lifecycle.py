"""First steps, and when a predicted failure makes work due; plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, log, sqrt
from typing import Any

TRAVEL = timedelta(minutes=30)
"""A usual way to a customer: what is left of it is known only once somebody is planned."""
DAY = timedelta(days=1)
LEAST_MOVE = timedelta(hours=1)
LEAST_SHARE = 0.1
"""Smaller moves, of the time that is left or of the cost, are noise: nobody is told of them."""
LEAST_CENTS = 100
WEAR = 2.0
"""Weibull shape where only the 10 % quantile is known: wear, neither early nor random failure."""


class FirstStep(StrEnum):
    MESSAGE = "message"
    """Write to the customer, who chooses."""
    WORK_ORDER = "work_order"
    """Open the work order now; the customer is asked for a time."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the planner is told: nothing to gain before `earliest`, safe until `due`. `presses`:
    what is foretold leaves no more time than somebody needs to come."""

    earliest: datetime
    due: datetime
    presses: bool = False


def deadlines(
    now: datetime,
    *,
    latest: datetime,
    floor: timedelta,
    parts_lead: timedelta,
    q10: datetime | None,
    asked_at: datetime | None = None,
) -> Deadlines:
    """`due = max(response floor, q10(time to failure) - travel - parts lead)` from now, never
    after `latest`, the end of the response time; without a prediction that is when it is due. The
    contract's deadline, where it is sooner, wins with whoever opens the work order. Parts come
    their lead after they were asked for (now)."""
    safe = latest if q10 is None else q10 - TRAVEL - parts_lead
    due = min(latest, max(now + floor, safe))
    earliest = min((asked_at or now) + parts_lead, max(due, now))
    return Deadlines(earliest, due, presses=q10 is not None and safe <= now + floor)


def is_worth_moving(now: datetime, present: datetime, wanted: datetime) -> bool:
    """By more than an hour and than a tenth of the time that was left; the past is one time."""
    moved = abs(max(wanted, now) - max(present, now))
    return moved >= max(LEAST_MOVE, LEAST_SHARE * (present - now))


def is_worth_repricing(present: int, wanted: int) -> bool:
    """By more than a unit of money and than a tenth, in cents."""
    return abs(wanted - present) >= max(LEAST_CENTS, LEAST_SHARE * present)


def failure_within(
    horizon: timedelta, q10: timedelta | None, curve: Mapping[str, Any] | None = None
) -> float | None:
    """The probability of failing within the horizon.

    `curve` is `{"hours": [..], "probability": [..]}`, rising; without one a Weibull curve of wear
    through the 10 % quantile. None when nothing is predicted.
    """
    if curve and curve.get("hours"):
        return _interpolated(horizon / timedelta(hours=1), curve["hours"], curve["probability"])
    if q10 is None:
        return None
    if q10 <= timedelta(0):
        return 1.0
    scale = (q10 / DAY) / sqrt(-log(0.9))
    return 1.0 - exp(-(((horizon / DAY) / scale) ** WEAR))


def delay_cost_cents(base_cents: int, failure_cents: int, risk: float | None) -> int:
    """What a day of waiting costs: the inconvenience, and the failure that may come that day."""
    return base_cents + round(failure_cents * (risk or 0.0))


def _interpolated(at: float, xs: list[float], ys: list[float]) -> float:
    before, low = 0.0, 0.0
    for x, y in zip(xs, ys, strict=False):
        if at <= x:
            return low + (y - low) * (at - before) / (x - before) if x > before else y
        before, low = x, y
    return low
