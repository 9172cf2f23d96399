"""L2: whether the metrics of one asset have drifted together (EWMA and Hotelling's T squared).

J. Lowry et al.: A Multivariate Exponentially Weighted Moving Average Control Chart, Technometrics
34, 1992. The limit comes from the asset's own quiet time, as readings depend on their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LEARNING = 300
"""Vectors from which the normal mean and spread are learned."""
SETTLING = 100
"""Vectors after that from which the limit is taken."""
SHRINKAGE = 0.1
QUIET = 120
"""An episode is over after so many vectors below the limit."""
STATE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Form:
    """`weight` of a new vector in the moving average; the limit stands `room` times above the
    largest value of the quiet time. On SKAB anything from 3 to 5, with weights from 0.05 to 0.2,
    finds 14 to 20 of 24 faults, most of it 17 to 20."""

    weight: float = 0.1
    room: float = 3.0


FORM = Form()


@dataclass(frozen=True, slots=True)
class Contribution:
    """How many standard deviations a metric is away, and its share of T squared."""

    metric: str
    deviations: float
    share: float


class Corroboration:
    """One asset; feed it one value per metric, always the same metrics in the same order."""

    def __init__(self, metrics: Sequence[str], form: Form = FORM) -> None:
        size = len(metrics)
        self.form = form
        self.metrics = tuple(metrics)
        self.seen = 0
        self.mean, self.products = np.zeros(size), np.zeros((size, size))
        self.average = np.zeros(size)
        self.limit = 0.0
        self.quiet: int | None = None
        self._inverse: Any = None

    def distance(self, values: Sequence[float]) -> float:
        """T squared of the moving average over its limit; 0 while it learns. Above 1: drifted."""
        vector = np.asarray(values, dtype=np.float64)
        self.seen += 1
        if self.seen <= LEARNING:
            away = vector - self.mean
            self.mean = self.mean + away / self.seen
            self.products = self.products + np.outer(away, vector - self.mean)
            return 0.0
        weight = self.form.weight
        self.average = (1 - weight) * self.average + weight * self._standard(vector)
        squared = float(self.average @ self._spread() @ self.average)
        if self.seen <= LEARNING + SETTLING:
            self.limit = max(self.limit, self.form.room * squared)
            return 0.0
        return squared / self.limit if self.limit else 0.0

    def opens(self, distance: float) -> bool:
        """Whether an episode begins with the vector just measured."""
        if distance > 1:
            begins = self.quiet is None
            self.quiet = 0
            return begins
        if self.quiet is not None:
            self.quiet = self.quiet + 1 if self.quiet < QUIET else None
        return False

    @property
    def is_drifting(self) -> bool:
        """Whether an episode goes on."""
        return self.quiet is not None

    def contributions(self) -> list[Contribution]:
        """What each metric adds to the distance, the largest share first."""
        parts = self.average * (self._spread() @ self.average)
        whole = float(parts.sum()) or 1.0
        order = np.argsort(-parts)
        return [
            Contribution(
                self.metrics[at],
                round(float(self.average[at]), 2),
                round(float(parts[at]) / whole, 3),
            )
            for at in order
        ]

    def drifted(self, least: float = 1.0) -> list[str]:
        """The metrics that are away by `least` deviations, the farthest first."""
        order = np.argsort(-np.abs(self.average))
        return [self.metrics[at] for at in order if abs(self.average[at]) >= least]

    def _standard(self, vector: Any) -> Any:
        """Deviations from the mean; of a metric that stood still while it was learned, none: how
        far it usually goes is not known."""
        scale = np.sqrt(np.diag(self.products) / LEARNING)
        moves = scale > 1e-9 + 1e-6 * np.abs(self.mean)
        return np.where(moves, vector - self.mean, 0.0) / np.where(moves, scale, 1.0)

    def _spread(self) -> Any:
        if self._inverse is None:
            covariance = self.products / LEARNING
            scale = np.sqrt(np.maximum(np.diag(covariance), 1e-18))
            related = covariance / np.outer(scale, scale)
            size = len(self.metrics)
            self._inverse = np.linalg.inv((1 - SHRINKAGE) * related + SHRINKAGE * np.eye(size))
        return self._inverse

    def to_json(self) -> dict[str, Any]:
        return {
            "version": STATE_VERSION,
            "metrics": list(self.metrics),
            "seen": self.seen,
            "mean": self.mean.tolist(),
            "products": self.products.tolist(),
            "average": self.average.tolist(),
            "limit": self.limit,
            "quiet": self.quiet,
        }

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Corroboration:
        """Raises ValueError for a state of another version."""
        if state.get("version") != STATE_VERSION:
            raise ValueError(f"Corroboration of version {state.get('version')} is not readable.")
        found = cls(state["metrics"])
        found.seen, found.limit, found.quiet = state["seen"], state["limit"], state["quiet"]
        found.mean, found.products = np.array(state["mean"]), np.array(state["products"])
        found.average = np.array(state["average"])
        return found
