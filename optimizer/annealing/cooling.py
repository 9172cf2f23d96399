"""How hot the search runs when: warm for a few iterations a job, hot for many.

Heat is measured in the cents of a mean trip of the greedy plan, so that prices may be any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from optimizer.limits import Limits, Segment

START_AT = 50.0
"""Iterations a job at which the search starts at the heat of one mean trip."""
COOLEST_START, HOTTEST_START = 0.55, 3.0
WARMEST_END, COOLEST_END = 0.25, 0.04
PATIENT = 400.0
"""Iterations a job from which long strings pay, and a cool end."""
SHORT_STRINGS, LONG_STRINGS = 6.0, 10.0
PROBE = 60
"""Iterations that measure how fast the machine is."""
STEPS = 50
LONGEST_STEP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Scale:
    """What a heat of one is, and how many jobs share the iterations."""

    trip_cents: float
    jobs: int

    def plan(self, iterations: float) -> Cooling:
        """Few iterations a job: hardly hotter than greedy; many: hot, long strings, a cool end."""
        patience = iterations / max(1, self.jobs)
        start = min(HOTTEST_START, max(COOLEST_START, patience / START_AT))
        end = WARMEST_END * min(1.0, (START_AT / max(1.0, patience)) ** 0.5)
        strings = SHORT_STRINGS if patience < PATIENT else LONG_STRINGS
        end = max(COOLEST_END, end)
        return Cooling(self.trip_cents * start, self.trip_cents * end, strings)


@dataclass(frozen=True, slots=True)
class Cooling:
    """Heat in cents at the start and at the end, and the strings taken out."""

    start: float
    end: float
    strings: float

    def at(self, share: float) -> float:
        return float(self.start * (self.end / self.start) ** share)


def segments(
    limits: Limits, scale: Scale, began: float, is_over: Callable[[], bool]
) -> Iterator[Segment]:
    """One segment after the other until the limit; `began` is on the monotonic clock."""
    if limits.schedule is not None:
        yield from limits.schedule
    elif limits.iterations is not None:
        yield from _counted(limits.iterations, scale)
    else:
        yield from _timed(limits.seconds or 0.0, scale, began, is_over)


def _counted(iterations: int, scale: Scale) -> Iterator[Segment]:
    cooling = scale.plan(iterations)
    done = 0
    for step in range(1, STEPS + 1):
        upto = iterations * step // STEPS
        if upto > done:
            yield _segment(cooling, upto - done, done / iterations, upto / iterations)
            done = upto


def _timed(
    seconds: float, scale: Scale, began: float, is_over: Callable[[], bool]
) -> Iterator[Segment]:
    """Heat by the share of time gone; what each step was is in the segments."""
    first = time.monotonic()
    if is_over() or first - began >= seconds:
        return
    cooling = scale.plan(0)
    yield _segment(cooling, PROBE, 1.0, 1.0)
    left = seconds - (first - began)
    speed = PROBE / max(1e-6, time.monotonic() - first)
    cooling = scale.plan(speed * left)
    step = min(LONGEST_STEP_SECONDS, left / STEPS)
    while not is_over():
        now = time.monotonic()
        share = (now - first) / left
        if share >= 1.0:
            return
        upto = min(1.0, share + step / left)
        iterations = max(1, round(speed * (upto - share) * left))
        yield _segment(cooling, iterations, share, upto)
        speed = 0.5 * speed + 0.5 * iterations / max(1e-6, time.monotonic() - now)


def _segment(cooling: Cooling, iterations: int, share: float, upto: float) -> Segment:
    heat = cooling.at(share)
    return Segment(iterations, heat, (cooling.at(upto) / heat) ** (1 / iterations), cooling.strings)
