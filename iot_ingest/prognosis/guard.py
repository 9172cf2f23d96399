"""The guard: says when a machine is unlike all that a model has learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.trees import Table

SEEN = 0.999
ROOM = 1.3
"""A machine may be this much farther out than all but one in a thousand that were learned from."""
SHRINKAGE = 0.1
LEAST = 1e-3
"""A metric that never moved counts as moving by this share of its size."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Mahalanobis distance over metrics in their own standard deviations, and its limit."""

    mean: Table
    scale: Table
    inverse: Table
    limit: float

    @classmethod
    def fit(cls, cases: Table) -> Guard:
        mean = cases.mean(0)
        scale = np.maximum(cases.std(0), LEAST * np.abs(mean) + 1e-6)
        away = (cases - mean) / scale
        spread = (1 - SHRINKAGE) * (away.T @ away) / len(away) + SHRINKAGE * np.eye(away.shape[1])
        found = cls(mean, scale, np.linalg.inv(spread), 0.0)
        limit = ROOM * float(np.quantile(found.distance(cases), SEEN))
        return cls(mean, scale, found.inverse, limit)

    def distance(self, cases: Table) -> Table:
        away = (cases - self.mean) / self.scale
        return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", away, self.inverse, away)))

    def knows(self, cases: Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.asarray(self.distance(cases) <= self.limit)

    def to_json(self) -> dict[str, Any]:
        return {
            "mean": self.mean.tolist(),
            "scale": self.scale.tolist(),
            "inverse": self.inverse.tolist(),
            "limit": self.limit,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Guard:
        mean, scale, inverse = (np.array(found[name]) for name in ("mean", "scale", "inverse"))
        return cls(mean, scale, inverse, float(found["limit"]))
