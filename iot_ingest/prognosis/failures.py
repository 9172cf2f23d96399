"""Whether a machine fails within a day, from its errors, replacements and failures so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.growing import folds, grow
from iot_ingest.prognosis.trees import Forest, Table

HORIZON_HOURS = 24.0
LOOK_AFTER_HOURS = 1.0
"""A machine is judged one hour after an error: what happened at that very hour is known then."""
NEVER_HOURS = 24.0 * 730
SPANS_HOURS = (1.5, 24.0, 168.0)
ROUNDS = 120
GROWTH = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "lambda_l2": 2.0,
}
LEAST_RECALL = 0.965
"""Of the failures that give a sign, in the backtest; the threshold is the highest that keeps it."""
FOLDS = 5

Events = tuple[tuple[float, str], ...]
"""Hours since some beginning, and what happened; in order of time."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What is known of one machine; hours count from one midnight for all."""

    name: str
    model: str
    age_years: float
    errors: Events
    replacements: Events
    failures: Events

    def looks(self) -> list[float]:
        """The hours at which it is judged."""
        return sorted({hour + LOOK_AFTER_HOURS for hour, _ in self.errors})

    def fails_after(self, hour: float) -> bool:
        return any(hour < failed <= hour + HORIZON_HOURS for failed, _ in self.failures)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that were known in training, in their order of columns."""

    errors: tuple[str, ...]
    parts: tuple[str, ...]
    models: tuple[str, ...]

    @classmethod
    def of(cls, machines: Sequence[Machine]) -> Vocabulary:
        return cls(
            tuple(sorted({word for one in machines for _, word in one.errors})),
            tuple(sorted({word for one in machines for _, word in one.replacements})),
            tuple(sorted({one.model for one in machines})),
        )

    def names(self) -> list[str]:
        found = ["age", "hour of day"]
        found += [f"is {model}" for model in self.models]
        for error in self.errors:
            found += [f"{error} in {span:g} h" for span in SPANS_HOURS]
            found.append(f"hours since {error}")
        found += [f"hours since {part} was replaced" for part in self.parts]
        return [*found, "hours since a failure"]

    def features(self, machine: Machine, hour: float) -> list[float]:
        """What happened strictly before `hour`."""
        found = [machine.age_years, (hour - LOOK_AFTER_HOURS) % 24]
        found += [float(machine.model == model) for model in self.models]
        for error in self.errors:
            hours = _before(machine.errors, error, hour)
            found += [float(sum(hour - at <= span for at in hours)) for span in SPANS_HOURS]
            found.append(_since(hours, hour))
        for part in self.parts:
            found.append(_since(_before(machine.replacements, part, hour), hour))
        return [*found, _since(_before(machine.failures, None, hour), hour)]


@dataclass(frozen=True, slots=True)
class FailureModel:
    """A trained model and the probability from which somebody is sent."""

    words: Vocabulary
    forest: Forest
    threshold: float

    def probabilities(self, machine: Machine, hours: Sequence[float]) -> Table:
        """That the machine fails within a day after each hour."""
        if not hours:
            return np.zeros(0)
        cases = np.array([self.words.features(machine, hour) for hour in hours])
        return self.forest.probabilities(cases)

    def to_json(self) -> dict[str, Any]:
        words = {name: list(getattr(self.words, name)) for name in Vocabulary.__slots__}
        return {
            "kind": "failures",
            "words": words,
            "forest": self.forest.to_json(),
            "threshold": self.threshold,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> FailureModel:
        """Raises ValueError for JSON of another kind."""
        if found.get("kind") != "failures":
            raise ValueError("This is no model of failures.")
        words = Vocabulary(*(tuple(found["words"][name]) for name in Vocabulary.__slots__))
        return cls(words, Forest.from_json(found["forest"]), float(found["threshold"]))


def train(machines: Sequence[Machine], *, seed: int = 1) -> FailureModel:
    """The threshold comes from machines held out in turn."""
    words = Vocabulary.of(machines)
    looks = [(machine, hour) for machine in machines for hour in machine.looks()]
    cases = np.array([words.features(machine, hour) for machine, hour in looks])
    fails = np.array([float(machine.fails_after(hour)) for machine, hour in looks])
    held_out = np.zeros(len(fails))
    for mask in folds([machine.name for machine, _ in looks], FOLDS, seed):
        forest = grow(cases[~mask], fails[~mask], words.names(), rounds=ROUNDS, seed=seed, **GROWTH)
        held_out[mask] = forest.probabilities(cases[mask])
    signs = np.sort(held_out[fails > 0])
    threshold = float(signs[int((1 - LEAST_RECALL) * len(signs))])
    forest = grow(cases, fails, words.names(), rounds=ROUNDS, seed=seed, **GROWTH)
    return FailureModel(words, forest, threshold)


def _before(events: Events, word: str | None, hour: float) -> list[float]:
    end = bisect_left(events, hour, key=lambda event: event[0])
    return [at for at, what in events[:end] if word is None or what == word]


def _since(hours: Sequence[float], hour: float) -> float:
    return min(NEVER_HOURS, hour - hours[-1]) if hours else NEVER_HOURS
