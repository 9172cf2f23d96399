"""Lower bounds of a prediction: what was true at least nine times in ten at such a prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.trees import Table

MISSED = 0.10
EDGES = (10.0, 20.0, 35.0, 50.0, 70.0, 95.0)


@dataclass(frozen=True, slots=True)
class LowerBounds:
    """How far below the prediction the bound stands, by bin of the prediction."""

    edges: tuple[float, ...]
    margins: tuple[float, ...]

    @classmethod
    def fit(cls, predicted: Table, true: Table, edges: tuple[float, ...] = EDGES) -> LowerBounds:
        """From predictions of cases that the predictor had not learned from. An empty bin takes
        the margin of all."""
        over = predicted - true
        everywhere = float(np.quantile(over, 1 - MISSED))
        place = np.digitize(predicted, edges)
        margins = [
            float(np.quantile(over[place == bin_], 1 - MISSED)) if (place == bin_).any()
            else everywhere
            for bin_ in range(len(edges) + 1)
        ]  # fmt: skip
        return cls(edges, tuple(margins))

    def below(self, predicted: Table) -> Table:
        """The bounds, never below zero."""
        margins = np.array(self.margins)[np.digitize(predicted, self.edges)]
        return np.asarray(np.maximum(0.0, predicted - margins))

    def to_json(self) -> dict[str, Any]:
        return {"edges": list(self.edges), "margins": list(self.margins)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> LowerBounds:
        return cls(tuple(found["edges"]), tuple(found["margins"]))
