"""Whether a machine fails within a day, from its errors, replacements and failures so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.calibration import Calibration
from iot_ingest.prognosis.growing import Growth, folds, grow
from iot_ingest.prognosis.machines import LOOK_AFTER_HOURS, Events, Machine
from iot_ingest.prognosis.rolls import Rolls, count_rolls
from iot_ingest.prognosis.trees import Forest, Table

NEVER_HOURS = 24.0 * 730
SPANS_HOURS = (1.5, 24.0, 168.0)
GROWTH = Growth(
    rounds=120, rate=0.06, leaves=8, least=10, feature_share=0.6, case_share=0.8, l2=2.0,
    is_chance=True,
)  # fmt: skip
LEAST_RECALL = 0.965
"""Of the failures that give a sign, in the backtest; the threshold is the highest that keeps it."""
FOLDS = 5


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
class Outlook:
    """Per look: the probability of a failure within the horizon, whether somebody should go, and
    whether the model knows such machines."""

    probability: Table
    is_due: np.ndarray[Any, np.dtype[np.bool_]]
    is_known: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class FailureModel:
    """A trained model, and the raw probability from which somebody is sent. `low` and `high` bound
    what was seen of each feature: beyond them the model knows nothing."""

    words: Vocabulary
    forest: Forest
    threshold: float
    calibration: Calibration
    low: tuple[float, ...]
    high: tuple[float, ...]

    def probabilities(self, machine: Machine, hours: Sequence[float]) -> Table:
        """That the machine fails within a day after each hour; not calibrated."""
        return self.forest.probabilities(self._cases(machine, hours)) if hours else np.zeros(0)

    def outlook(self, machine: Machine, hours: Sequence[float]) -> Outlook:
        """From what had happened strictly before each hour."""
        cases = self._cases(machine, hours)
        raw = self.forest.probabilities(cases)
        within = ((cases >= np.array(self.low)) & (cases <= np.array(self.high))).all(1)
        is_known = np.logical_and(within, machine.model in self.words.models)
        return Outlook(self.calibration.calibrated(raw), raw >= self.threshold, is_known)

    def _cases(self, machine: Machine, hours: Sequence[float]) -> Table:
        return np.array([self.words.features(machine, hour) for hour in hours])

    def to_json(self) -> dict[str, Any]:
        words = {name: list(getattr(self.words, name)) for name in Vocabulary.__slots__}
        return {
            "kind": "failures",
            "words": words,
            "forest": self.forest.to_json(),
            "threshold": self.threshold,
            "calibration": self.calibration.to_json(),
            "low": list(self.low),
            "high": list(self.high),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> FailureModel:
        """Raises ValueError for JSON of another kind."""
        if found.get("kind") != "failures":
            raise ValueError("This is no model of failures.")
        words = Vocabulary(*(tuple(found["words"][name]) for name in Vocabulary.__slots__))
        return cls(
            words,
            Forest.from_json(found["forest"]),
            float(found["threshold"]),
            Calibration.from_json(found["calibration"]),
            tuple(found["low"]),
            tuple(found["high"]),
        )


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every look at every machine, judged by a model that has not seen the machine."""

    machines: Sequence[Machine]
    machine: np.ndarray[Any, np.dtype[np.intp]]
    hour: Table
    fails: Table
    probability: Table

    @property
    def threshold(self) -> float:
        """The highest that still finds nearly all failures that give a sign."""
        signs = np.sort(self.probability[self.fails > 0])
        return float(signs[int((1 - LEAST_RECALL) * len(signs))]) if len(signs) else 1.0

    def rolls(self, threshold: float) -> Rolls:
        """What sending somebody from that probability on would have come to."""
        counted = Rolls()
        for number, machine in enumerate(self.machines):
            mine = self.machine == number
            counted += count_rolls(machine, self.hour[mine], self.probability[mine], threshold)
        return counted


def backtest(
    machines: Sequence[Machine], *, seed: int = 1, after_fold: Callable[[], None] = lambda: None
) -> Backtest:
    """Each fifth of the machines, by a model grown on the others. Raises ValueError where there
    are fewer than five machines, or not both failures and looks without one."""
    words = Vocabulary.of(machines)
    looks = [(number, hour) for number, one in enumerate(machines) for hour in one.looks()]
    fails = np.array([float(machines[number].fails_after(hour)) for number, hour in looks])
    if len(machines) < FOLDS or not 0 < fails.sum() < len(fails):
        raise ValueError(f"Learning takes {FOLDS} machines, errors with a failure and without.")
    cases = np.array([words.features(machines[number], hour) for number, hour in looks])
    held_out = np.zeros(len(fails))
    for mask in folds([number for number, _ in looks], FOLDS, seed):
        if mask.any():
            forest = grow(cases[~mask], fails[~mask], words.names(), GROWTH, seed=seed)
            held_out[mask] = forest.probabilities(cases[mask])
        after_fold()
    which, hours = (np.array(column) for column in zip(*looks, strict=True))
    return Backtest(machines, which, hours, fails, held_out)


def train(machines: Sequence[Machine], tested: Backtest, *, seed: int = 1) -> FailureModel:
    """The model of all machines; threshold and calibration come from their backtest."""
    words = Vocabulary.of(machines)
    cases = np.array(
        [
            words.features(machines[number], hour)
            for number, hour in zip(tested.machine, tested.hour, strict=True)
        ]
    )
    return FailureModel(
        words,
        grow(cases, tested.fails, words.names(), GROWTH, seed=seed),
        tested.threshold,
        Calibration.fit(tested.probability, tested.fails),
        tuple(cases.min(0).tolist()),
        tuple(cases.max(0).tolist()),
    )


def _before(events: Events, word: str | None, hour: float) -> list[float]:
    end = bisect_left(events, hour, key=lambda event: event[0])
    return [at for at, what in events[:end] if word is None or what == word]


def _since(hours: Sequence[float], hour: float) -> float:
    return min(NEVER_HOURS, hour - hours[-1]) if hours else NEVER_HOURS
