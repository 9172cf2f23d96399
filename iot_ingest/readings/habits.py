"""What is usual of one metric of a device: whether it has stopped moving, whether it is a counter.

Plain Python; the quality gate takes every new reading through `Habit.take`. Nothing here is a
guess from a name alone: a sensor must have shown for a day that it moves before standing still
says anything, and a counter must have risen many times without one fall.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

HOUR, DAY = 3600.0, 86_400.0
KNOWN_AFTER = DAY
ENOUGH_CHANGES = 50
LEAST_STANDSTILL = HOUR
TIMES_THE_LONGEST = 6
"""A night or a weekend off is in the longest standstill so far; six times that is not rest."""
ENOUGH_REPEATS = 10
LONGEST_GAP = 6 * HOUR
"""After a longer silence nobody knows whether the value stood still meanwhile."""
FORGOTTEN_AFTER = 30 * DAY
"""The longest standstill fades within about so long."""
COUNTER_ENDINGS = ("_total", "_counter")
NAMED_RISES = 20
ENOUGH_RISES, RISING_FOR = 200, 7 * DAY
LEFT_BY_A_RESTART = 0.5
"""A counter that falls to less than this share of its value began anew; by less, it is none."""


class Noted(NamedTuple):
    """What is remarkable about one reading. `stuck_since`: the value has been the same from then
    on (seconds since 1970); `begins`: this is the first reading to say so; `moves`: a stuck sensor
    moves again; `fell_by`: a counter began anew that much lower."""

    stuck_since: float | None = None
    begins: bool = False
    moves: bool = False
    fell_by: float | None = None


class Habit(msgspec.Struct, array_like=True):
    """What is remembered of one metric of a device; times are seconds since 1970."""

    at: float
    value: float
    since: float
    """Since when it has this value."""
    known_since: float
    rising_since: float
    repeats: int = 0
    changes: int = 0
    longest: float = 0.0
    """The longest standstill before this one, in seconds; it fades."""
    rises: int = 0
    """Since it last fell other than by a restart."""
    is_stuck: bool = False

    @classmethod
    def of(cls, at: float, value: float) -> Habit:
        """From the first reading."""
        return cls(at, value, at, at, at)

    def take(self, metric: str, at: float, value: float) -> Noted | None:
        """Learn from a reading; None when nothing is remarkable, as of one that came late."""
        gap = at - self.at
        if gap <= 0:
            return None
        if value == self.value:
            return self._stand(at, gap)
        fell_by = self._restart(metric, at, value)
        moves = self._move(at, gap)
        self.at, self.value = at, value
        return Noted(moves=moves, fell_by=fell_by) if moves or fell_by is not None else None

    def is_counter(self, metric: str) -> bool:
        if metric.endswith(COUNTER_ENDINGS):
            return self.rises >= NAMED_RISES
        return self.rises >= ENOUGH_RISES and self.at - self.rising_since >= RISING_FOR

    def _stand(self, at: float, gap: float) -> Noted | None:
        self.at = at
        if gap > LONGEST_GAP and not self.is_stuck:
            self.since, self.repeats = at, 0
            return None
        self.repeats += 1
        if self.is_stuck:
            return Noted(stuck_since=self.since)
        if (
            at - self.since < max(LEAST_STANDSTILL, TIMES_THE_LONGEST * self.longest)
            or self.repeats < ENOUGH_REPEATS
            or self.changes < ENOUGH_CHANGES
            or self.since - self.known_since < KNOWN_AFTER
        ):
            return None
        self.is_stuck = True
        return Noted(stuck_since=self.since, begins=True)

    def _move(self, at: float, gap: float) -> bool:
        """The end of a standstill; whether the sensor had been stuck. That was not its habit."""
        stood, was_stuck = self.at - self.since, self.is_stuck
        if not was_stuck:
            faded = self.longest * max(0.0, 1 - (stood + gap) / FORGOTTEN_AFTER)
            self.longest = max(stood, faded)
        self.since, self.repeats, self.is_stuck = at, 0, False
        self.changes += 1
        return was_stuck

    def _restart(self, metric: str, at: float, value: float) -> float | None:
        """By how much a counter fell that began anew."""
        if value > self.value:
            self.rises += 1
            return None
        if self.is_counter(metric) and 0 <= value < LEFT_BY_A_RESTART * self.value:
            return self.value - value
        self.rises, self.rising_since = 0, at
        return None


Habits = dict[str, Habit]
"""Of one device, by metric."""
_decoder = msgspec.json.Decoder(Habits)


def habits_from_json(told: str | None) -> Habits:
    return _decoder.decode(told) if told else {}


def habits_to_json(habits: Habits) -> str:
    return msgspec.json.encode(habits).decode()
