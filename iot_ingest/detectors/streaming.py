"""L1: one detector per metric of a device; it learns the time of day and scores every reading.

Three signals are each held against their own history: the residual to a profile of the day, its
mean over 20 points, and the mean of 5 values. The score is the mean of their rarities, in standard
deviations of the scores so far, less the logarithm of the points seen: the longer a stream runs,
the rarer a point must be, so that every stream has as many false alerts in its life.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10, sqrt
from typing import Any

from iot_ingest.detectors.tails import Tail

SLOTS = 96
SLOT_SECONDS = 86400 / SLOTS
SHRINKAGE = 3.0
"""A slot counts half as much as the whole day after this many readings."""
PROFILE_FORGETTING = 0.002
SCORE_FORGETTING = 0.0005
SCORE_FLOOR = 0.05
"""Added to the variance of the scores, so that a silent stream is not touchy."""
WARM_UP = 150
"""No alert before so many points."""
REFERENCE = 1000
"""A stream of this many points is judged by the threshold as it stands."""
COOL_DOWN = 120
"""At most one alert in so many points: what follows belongs to the same episode."""
THRESHOLD = 3.3
"""Chosen on the development files of the Numenta Anomaly Benchmark."""
STATE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Form:
    """Over how many points the two means go: of the residual, and of the values."""

    long: int = 20
    short: int = 5


FORM = Form()


class StreamingDetector:
    """Gives every reading a score and says when it is worth an alert; feed it in order of time."""

    __slots__ = ("day", "form", "last_alert", "long", "points", "score_mean", "score_variance",
                 "short", "slots", "tails", "threshold")  # fmt: skip

    def __init__(self, threshold: float = THRESHOLD, form: Form = FORM) -> None:
        self.threshold, self.form = threshold, form
        self.points = 0
        self.day = 0.0
        self.slots = [[0, 0.0] for _ in range(SLOTS)]
        self.long: list[float] = []
        self.short: list[float] = []
        self.tails = (Tail(), Tail(), Tail())
        self.score_mean, self.score_variance = 0.0, 0.0
        self.last_alert: int | None = None

    def score(self, epoch_seconds: float, value: float) -> float:
        """How surprising the reading is; it becomes history. The threshold is worth an alert."""
        residual = self._residual(epoch_seconds, value)
        form, long, short = self.form, self.long, self.short
        long.append(residual)
        if len(long) > form.long:
            del long[0]
        short.append(value)
        if len(short) > form.short:
            del short[0]
        of_residual, of_long, of_short = self.tails
        rarity = (
            of_residual.rarity(residual)
            + of_long.rarity(sum(long) / len(long))
            + of_short.rarity(sum(short) / len(short))
        ) / 3
        deviation = rarity - self.score_mean
        score = deviation / sqrt(self.score_variance + SCORE_FLOOR)
        self.points = points = self.points + 1
        share = max(SCORE_FORGETTING, 1 / points)
        self.score_mean += share * deviation
        self.score_variance = (1 - share) * (self.score_variance + share * deviation * deviation)
        return score - log10(max(points, 400) / REFERENCE)

    def alerts(self, score: float) -> bool:
        """Whether the reading just scored opens an alert; its cool-down begins then."""
        if score < self.threshold or self.points <= WARM_UP:
            return False
        if self.last_alert is not None and self.points - self.last_alert < COOL_DOWN:
            return False
        self.last_alert = self.points
        return True

    def expected(self, epoch_seconds: float) -> float:
        """What the profile of the day says of a reading at that time."""
        seen, mean = self.slots[int(epoch_seconds % 86400 / SLOT_SECONDS)]
        trust = seen / (seen + SHRINKAGE)
        return trust * mean + (1 - trust) * self.day

    def _residual(self, epoch_seconds: float, value: float) -> float:
        slot = self.slots[int(epoch_seconds % 86400 / SLOT_SECONDS)]
        seen, mean = slot
        trust = seen / (seen + SHRINKAGE)
        residual = value - trust * mean - (1 - trust) * self.day
        self.day += (value - self.day) * max(PROFILE_FORGETTING, 1 / (self.points + 1))
        seen += 1
        slot[0] = seen
        slot[1] = mean + (value - mean) * max(PROFILE_FORGETTING, 1 / seen)
        return residual

    def to_json(self) -> dict[str, Any]:
        """All that the detector remembers, at most 4 kB as text."""
        return {
            "version": STATE_VERSION,
            "points": self.points,
            "day": self.day,
            "slots": [[seen, float(f"{mean:.9g}")] for seen, mean in self.slots],
            "long": self.long,
            "short": self.short,
            "tails": [tail.to_json() for tail in self.tails],
            "score": [self.score_mean, self.score_variance],
            "last_alert": self.last_alert,
        }

    @classmethod
    def from_json(cls, state: dict[str, Any], threshold: float = THRESHOLD) -> StreamingDetector:
        """Raises ValueError for a state of another version."""
        if state.get("version") != STATE_VERSION:
            raise ValueError(f"Detector state of version {state.get('version')} is not readable.")
        found = cls(threshold)
        found.points, found.day = state["points"], state["day"]
        found.slots = [list(slot) for slot in state["slots"]]
        found.long, found.short = list(state["long"]), list(state["short"])
        first, second, third = (Tail.from_json(tail) for tail in state["tails"])
        found.tails = (first, second, third)
        found.score_mean, found.score_variance = state["score"]
        found.last_alert = state["last_alert"]
        return found
