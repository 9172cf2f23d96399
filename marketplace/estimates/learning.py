"""A small calibrated model of yes and no: logistic, drawn towards what is believed of everybody.

    logit p = base + weights * features + person + person's daypart

Each part is a maximum a posteriori estimate with a normal prior, so that somebody with few records
is treated like everybody, and with none exactly so. All steps ascend on Böhning's bound of the
likelihood (Böhning and Lindsay 1988): no step can overshoot, whatever the data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import Generic, TypeVar
from uuid import UUID

import numpy as np

from marketplace.estimates.features import USED, Ask, features

K = TypeVar("K", bound=object)
NAMES = ("base", *USED)
PAY = NAMES.index("pay")
LEAST_PAY_WEIGHT = 0.3
"""More pay never makes a yes less likely, whatever the records say."""
WEIGHT_SPREAD, PERSON_SPREAD, DAYPART_SPREAD = 0.7, 0.9, 0.5
"""How far, in logits, parts lie from what is believed: the standard deviations of the priors."""
HALF_LIFE_DAYS = 30.0
"""An answer counts half as much after so many days: people change."""
SWEEPS, STILL = 400, 1e-4
HELD_OUT, FEWEST_HELD_OUT = 5, 40
"""The last fifth in time judges the model, if it has so many cases."""
LEAST, MOST = 0.02, 0.98


@dataclass(frozen=True)
class Case:
    """An offer that came to an end by itself, `days_ago`, with a yes or without."""

    ask: Ask
    was_yes: bool
    days_ago: float


@dataclass(frozen=True)
class Card:
    """How the model did on cases later than all it had learned from.

    `brier` is its mean squared error, `brier_of_rate` that of always saying the rate of before;
    `gap_pct` the mean distance between what it said and what happened, in points of a hundred.
    """

    cases: int
    brier: float
    brier_of_rate: float
    gap_pct: float


@dataclass(frozen=True)
class Model:
    """Weights for all, and how far each person lies from them, by daypart too."""

    weights: tuple[float, ...]
    people: Mapping[UUID, float] = field(default_factory=dict)
    dayparts: Mapping[tuple[UUID, str], float] = field(default_factory=dict)
    slope: float = 1.0
    shift: float = 0.0
    card: Card | None = None

    def chance(self, ask: Ask) -> float:
        """How likely it is, from LEAST to MOST."""
        return self._likely(self._logit(ask))

    def chances(self, ask: Ask, pays: Sequence[int]) -> list[float]:
        """The same for several pays, other things equal."""
        logit, base = self._logit(ask), log(max(ask.pay_cents, 1))
        weight = self.weights[PAY]
        return [self._likely(logit + weight * (log(max(cents, 1)) - base)) for cents in pays]

    def _logit(self, ask: Ask) -> float:
        logit = self.weights[0]
        for weight, value in zip(self.weights[1:], features(ask), strict=True):
            logit += weight * value
        logit += self.people.get(ask.technician_id, 0.0)
        return logit + self.dayparts.get((ask.technician_id, ask.daypart), 0.0)

    def _likely(self, logit: float) -> float:
        p = 1 / (1 + exp(-(self.slope * logit + self.shift)))
        return min(max(p, LEAST), MOST)


def believed(prior: Mapping[str, float]) -> Model:
    """The model before there are records."""
    return Model(tuple(prior[name] for name in NAMES))


def learn(cases: Sequence[Case], prior: Mapping[str, float]) -> Model:
    """Weights from the cases; corrected by, and with a card from, the latest fifth of them."""
    ordered = sorted(cases, key=lambda case: -case.days_ago)
    kept = len(ordered) - len(ordered) // HELD_OUT
    late = ordered[kept:]
    model = _fit(ordered, prior)
    if len(late) < FEWEST_HELD_OUT:
        return model
    earlier = _fit(ordered[:kept], prior)
    slope, shift = _correction(earlier, late)
    rate = sum(case.was_yes for case in ordered[:kept]) / kept
    return replace(model, slope=slope, shift=shift, card=judge(earlier, late, rate))


def judge(model: Model, cases: Sequence[Case], rate: float) -> Card:
    """How well the model tells of the cases, against saying `rate` of each."""
    said = np.array([model.chance(case.ask) for case in cases])
    was = np.array([float(case.was_yes) for case in cases])
    return Card(
        cases=len(cases),
        brier=round(float(np.mean((said - was) ** 2)), 4),
        brier_of_rate=round(float(np.mean((rate - was) ** 2)), 4),
        gap_pct=round(100 * gap(said, was), 1),
    )


def gap(said: np.ndarray, was: np.ndarray, bins: int = 10) -> float:
    """The expected calibration error, over bins that hold as many cases each."""
    parts = np.array_split(np.argsort(said), min(bins, len(said)))
    return sum(len(p) * abs(float(said[p].mean() - was[p].mean())) for p in parts) / len(said)


def _fit(cases: Sequence[Case], prior: Mapping[str, float]) -> Model:
    mean = np.array([prior[name] for name in NAMES])
    if not cases:
        return Model(tuple(mean.tolist()))
    x = np.array([[1.0, *features(case.ask)] for case in cases])
    y = np.array([float(case.was_yes) for case in cases])
    w = np.array([0.5 ** (case.days_ago / HALF_LIFE_DAYS) for case in cases])
    people = _Groups([case.ask.technician_id for case in cases], w, PERSON_SPREAD)
    parts = _Groups([(c.ask.technician_id, c.ask.daypart) for c in cases], w, DAYPART_SPREAD)
    beta = mean.copy()
    precision = np.eye(len(mean)) / WEIGHT_SPREAD**2
    ascent = np.linalg.inv((x * w[:, None]).T @ x / 4 + precision)
    for _ in range(SWEEPS):
        before = beta
        residual = w * (y - _expit(x @ beta + people.each + parts.each))
        beta = beta + ascent @ (x.T @ residual - precision @ (beta - mean))
        beta[PAY] = max(beta[PAY], LEAST_PAY_WEIGHT)
        moved = float(np.abs(beta - before).max())
        for groups in (people, parts):
            residual = w * (y - _expit(x @ beta + people.each + parts.each))
            moved = max(moved, groups.ascend(residual))
        if moved < STILL:
            break
    return Model(tuple(beta.tolist()), people.found(), parts.found())


class _Groups(Generic[K]):
    """One number for all cases of a group, drawn towards zero."""

    def __init__(self, keys: Sequence[K], weights: np.ndarray, spread: float) -> None:
        self._names = list(dict.fromkeys(keys))
        place = {name: index for index, name in enumerate(self._names)}
        self._of = np.array([place[key] for key in keys])
        self._precision = 1 / spread**2
        self._mass = np.bincount(self._of, weights) / 4 + self._precision
        self._values = np.zeros(len(self._names))

    @property
    def each(self) -> np.ndarray:
        return np.asarray(self._values[self._of])

    def ascend(self, residual: np.ndarray) -> float:
        """One step; gives how far it went at most."""
        slope = np.bincount(self._of, residual) - self._precision * self._values
        step = slope / self._mass
        self._values = self._values + step
        return float(np.abs(step).max())

    def found(self) -> dict[K, float]:
        return dict(zip(self._names, self._values.tolist(), strict=True))


def _correction(model: Model, cases: Sequence[Case]) -> tuple[float, float]:
    """Slope and shift of the logit that fit the cases, drawn towards one and nothing (Platt)."""
    said = np.array([model.chance(case.ask) for case in cases])
    x = np.column_stack([np.log(said / (1 - said)), np.ones(len(said))])
    y = np.array([float(case.was_yes) for case in cases])
    mean, precision = np.array([1.0, 0.0]), np.diag([100.0, 25.0])
    ascent = np.linalg.inv(x.T @ x / 4 + precision)
    found = mean.copy()
    for _ in range(SWEEPS):
        found = found + ascent @ (x.T @ (y - _expit(x @ found)) - precision @ (found - mean))
    return max(float(found[0]), 0.2), float(found[1])


def _expit(logit: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logit)))
