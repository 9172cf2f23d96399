"""How many cycles a machine still has, with a bound that holds nine times in ten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis import windows
from iot_ingest.prognosis.bounds import LowerBounds
from iot_ingest.prognosis.growing import Growth, folds, grow
from iot_ingest.prognosis.guard import Guard
from iot_ingest.prognosis.trees import Forest, Table

CAP = 125.0
"""A machine that lasts longer looks like new: the usual limit of the C-MAPSS literature."""
GROWTH = Growth(
    rounds=150,
    rate=0.06,
    leaves=12,
    least=40,
    feature_share=0.3,
    case_share=0.6,
    l2=5.0,
    forests=3,
)
EVERY = 2
"""Neighbouring cycles say nearly the same: every second one is learned from."""
FOLDS = 5
STILL = 1e-5
"""A metric that moves less, as a share of its size, says nothing and is left out."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Per case: cycles left, the lower bound, and whether the model knows such machines."""

    cycles: Table
    lower: Table
    is_known: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class RemainingLife:
    """A trained model. It reads cycles x `metrics` of one machine, from its first cycle on."""

    metrics: tuple[str, ...]
    moving: tuple[int, ...]
    forest: Forest
    bounds: LowerBounds
    guard: Guard

    def outlook(self, readings: Table) -> Outlook:
        """One case per cycle, from what was known then. Raises ValueError for other metrics."""
        if readings.ndim != 2 or readings.shape[1] != len(self.metrics):
            raise ValueError(f"The model reads {len(self.metrics)} metrics.")
        cycles = self.forest.predict(windows.features(readings[:, self.moving]))
        known = self.guard.knows(windows.recent(readings))
        return Outlook(cycles, self.bounds.below(cycles), known)

    def outlook_now(self, readings: Table) -> Outlook:
        """As `outlook`, of the last cycle alone."""
        latest = windows.features(readings[:, self.moving])[-1:]
        cycles = self.forest.predict(latest)
        known = self.guard.knows(windows.recent(readings)[-1:])
        return Outlook(cycles, self.bounds.below(cycles), known)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "remaining_life",
            "metrics": list(self.metrics),
            "moving": list(self.moving),
            "forest": self.forest.to_json(),
            "bounds": self.bounds.to_json(),
            "guard": self.guard.to_json(),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> RemainingLife:
        """Raises ValueError for JSON of another kind."""
        if found.get("kind") != "remaining_life":
            raise ValueError("This is no model of remaining life.")
        return cls(
            tuple(found["metrics"]),
            tuple(found["moving"]),
            Forest.from_json(found["forest"]),
            LowerBounds.from_json(found["bounds"]),
            Guard.from_json(found["guard"]),
        )


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every cycle of every machine foretold by a model that has not seen the machine."""

    machine: np.ndarray[Any, np.dtype[np.intp]]
    true: Table
    predicted: Table
    lower: Table


def backtest(
    lives: Sequence[Table],
    metrics: Sequence[str],
    *,
    machines: Sequence[int] | None = None,
    seed: int = 1,
    after_fold: Callable[[], None] = lambda: None,
) -> Backtest:
    """Each fifth of the machines, run to failure, by a model grown on the others. `machines` says
    whose each life was, where one has had several; `Backtest.machine` counts lives."""
    cases, true, machine = _cases(lives, moving(lives))
    names = windows.names([metrics[at] for at in moving(lives)])
    whose = machine if machines is None else np.asarray(machines)[machine]
    held_out = folds(whose.tolist(), FOLDS, seed)
    predicted, lower = np.zeros(len(true)), np.zeros(len(true))
    for mask in held_out:
        rows = np.flatnonzero(~mask)[::EVERY]
        if mask.any():
            predicted[mask] = _grow(cases[rows], true[rows], names, seed).predict(cases[mask])
        after_fold()
    for mask in filter(np.any, held_out):
        bounds = LowerBounds.fit(predicted[~mask], true[~mask])
        lower[mask] = bounds.below(predicted[mask])
    return Backtest(machine, true, predicted, lower)


def train(
    lives: Sequence[Table], metrics: Sequence[str], tested: Backtest, *, seed: int = 1
) -> RemainingLife:
    """The model of all machines; its bounds come from their backtest."""
    used = moving(lives)
    names = windows.names([metrics[at] for at in used])
    cases, true, _ = _cases(lives, used)
    forest = _grow(cases[::EVERY], true[::EVERY], names, seed)
    bounds = LowerBounds.fit(tested.predicted, tested.true)
    guard = Guard.fit(np.vstack([windows.recent(life) for life in lives]))
    return RemainingLife(tuple(metrics), tuple(used), forest, bounds, guard)


def moving(lives: Sequence[Table]) -> list[int]:
    """The columns that are not constant."""
    whole = np.vstack(lives)
    moves = whole.std(0) > STILL * np.maximum(1.0, np.abs(whole.mean(0)))
    return [int(at) for at in np.flatnonzero(moves)]


def _cases(
    lives: Sequence[Table], used: Sequence[int]
) -> tuple[Table, Table, np.ndarray[Any, np.dtype[np.intp]]]:
    cases = np.vstack([windows.features(life[:, list(used)]) for life in lives])
    true = np.concatenate([np.arange(len(life) - 1, -1, -1.0) for life in lives])
    machine = np.repeat(np.arange(len(lives)), [len(life) for life in lives])
    return cases, true, machine


def _grow(cases: Table, true: Table, names: Sequence[str], seed: int) -> Forest:
    return grow(cases, np.minimum(true, CAP), names, GROWTH, seed=seed)
