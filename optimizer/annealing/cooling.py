"""How hot the search runs when: warm for a few iterations a job, hot for many.

Heat is measured in the cents of a mean trip of the greedy plan, so that prices may be any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from optimizer.limits import Limits, Segment

PER_JOB = 50.0
"""Iterations a job at which the search starts at the heat of one mean trip."""
COOLEST_START, HOTTEST_START = 0.55, 10.0
END = 0.25
PROBE = 60
"""Iterations that measure how fast the machine is, at the end's heat."""
STEPS = 50
LONGEST_STEP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Scale:
    """What a heat of one is, and how many jobs share the iterations."""

    trip_cents: float
    jobs: int

    def start(self, iterations: float) -> float:
        warmth = iterations / max(1, self.jobs) / PER_JOB
        return self.trip_cents * min(HOTTEST_START, max(COOLEST_START, warmth))

    @property
    def end(self) -> float:
        return self.trip_cents * END


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
    if iterations == 0:
        return
    start = scale.start(iterations)
    cooling = (scale.end / start) ** (1 / iterations)
    done = 0
    for step in range(1, STEPS + 1):
        upto = iterations * step // STEPS
        if upto > done:
            yield Segment(upto - done, start * cooling**done, cooling)
            done = upto


def _timed(
    seconds: float, scale: Scale, began: float, is_over: Callable[[], bool]
) -> Iterator[Segment]:
    """Heat by the share of time gone; what each step was is in the segments."""
    first = time.monotonic()
    if is_over() or first - began >= seconds:
        return
    yield Segment(PROBE, scale.end, 1.0)
    left = seconds - (first - began)
    speed = PROBE / max(1e-6, time.monotonic() - first)
    start, whole = scale.start(speed * left), scale.end
    step = min(LONGEST_STEP_SECONDS, left / STEPS)
    while not is_over():
        now = time.monotonic()
        share = (now - first) / left
        if share >= 1.0:
            return
        upto = min(1.0, share + step / left)
        iterations = max(1, round(speed * (upto - share) * left))
        heat, then = (start * (whole / start) ** x for x in (share, upto))
        yield Segment(iterations, heat, (then / heat) ** (1 / iterations))
        speed = 0.5 * speed + 0.5 * iterations / max(1e-6, time.monotonic() - now)
