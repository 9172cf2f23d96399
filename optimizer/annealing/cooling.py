"""How hot the search runs when: warm for a few iterations a job, hot for many.

Heat is measured in the cents of a mean trip of the greedy plan, so that prices may be any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from optimizer.limits import Segment

START_AT = 25.0
"""Iterations a job at which the search starts at the heat of one mean trip."""
COOLEST_START, HOTTEST_START = 0.55, 10.0
WARMEST_END, COOLEST_END = 0.25, 0.04
HOTTEST_OF_TRIPS, COOLEST_OF_TRIPS = 4.0, 0.12
"""Where only trips count: hotter loses every plan that was found, cooler finds none (a third of the
time, measured on TRSP)."""
FAR_TRIPS = 100.0
"""Mean trips above which the price of a job left out is no heat's matter: it is always put in."""
PATIENT = 400.0
"""Iterations a job from which long strings pay, and a cool end."""
SHORT_STRINGS, LONG_STRINGS = 6.0, 10.0
PROBE = 60
"""Iterations that measure how fast the machine is."""
STEPS = 50
LONGEST_STEP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Scale:
    """What a heat of one is, how many jobs share the iterations, and the cheapest of those that
    greedy left out (infinite when there are none)."""

    trip_cents: float
    jobs: int
    left_cents: float

    @property
    def only_trips(self) -> bool:
        """Whether every job is put in at any cost, so that only trips are left to save."""
        return self.left_cents > FAR_TRIPS * self.trip_cents

    def plan(self, iterations: float) -> Cooling:
        """Few iterations a job: hardly hotter than greedy; many: hot, long strings, a cool end."""
        patience = iterations / max(1, self.jobs)
        hottest, coolest = HOTTEST_START, COOLEST_END
        if self.only_trips:
            hottest, coolest = HOTTEST_OF_TRIPS, COOLEST_OF_TRIPS
        start = min(hottest, max(COOLEST_START, patience / START_AT))
        end = WARMEST_END * min(1.0, (START_AT / max(1.0, patience)) ** 0.5)
        strings = SHORT_STRINGS if patience < PATIENT else LONG_STRINGS
        end = max(coolest, end)
        return Cooling(self.trip_cents * start, self.trip_cents * end, strings)


@dataclass(frozen=True, slots=True)
class Cooling:
    """Heat in cents at the start and at the end, and the strings taken out."""

    start: float
    end: float
    strings: float

    def at(self, share: float) -> float:
        return float(self.start * (self.end / self.start) ** share)


class Counted:
    """The way of a chain through so many iterations."""

    def __init__(self, iterations: int, scale: Scale) -> None:
        self._iterations, self._cooling, self._step = iterations, scale.plan(iterations), 0

    def until(self, share: float) -> Iterator[Segment]:
        """The segments up to that share of all iterations."""
        while self._step < round(share * STEPS):
            done, upto = (self._iterations * step // STEPS for step in (self._step, self._step + 1))
            self._step += 1
            if upto > done:
                yield _segment(
                    self._cooling, upto - done, done / self._iterations, upto / self._iterations
                )


class Timed:
    """The way of a chain until `end` (on the monotonic clock, asked once a round): heat by the
    share of time gone; what each step was is in its segments."""

    def __init__(self, end: Callable[[], float], scale: Scale, is_over: Callable[[], bool]) -> None:
        self._end, self._scale, self._is_over = end, scale, is_over
        self._first = time.monotonic()
        self._speed = 0.0
        self._cooling = scale.plan(0)

    def until(self, share: float) -> Iterator[Segment]:
        """The segments up to that share of the time that was left at first."""
        left = self._end() - self._first
        if self._speed == 0.0 and left > 0 and not self._is_over():
            yield from self._probe(left)
        step = min(LONGEST_STEP_SECONDS, left / STEPS)
        while not self._is_over():
            now = time.monotonic()
            gone = (now - self._first) / left if left > 0 else 1.0
            if gone >= share:
                return
            upto = min(share, gone + step / left)
            iterations = max(1, round(self._speed * (upto - gone) * left))
            yield _segment(self._cooling, iterations, gone, upto)
            took = max(1e-6, time.monotonic() - now)
            self._speed = 0.5 * self._speed + 0.5 * iterations / took

    def _probe(self, left: float) -> Iterator[Segment]:
        now = time.monotonic()
        yield _segment(self._cooling, PROBE, 1.0, 1.0)
        self._speed = PROBE / max(1e-6, time.monotonic() - now)
        self._cooling = self._scale.plan(self._speed * left)


def _segment(cooling: Cooling, iterations: int, share: float, upto: float) -> Segment:
    heat = cooling.at(share)
    return Segment(iterations, heat, (cooling.at(upto) / heat) ** (1 / iterations), cooling.strings)
