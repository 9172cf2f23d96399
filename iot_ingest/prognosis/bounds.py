"""What became of cases with such a prediction: lower bounds, and how probably it is over by then.

Both come from predictions of cases that the predictor had not learned from, by bin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.trees import Table

CHANCES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90)
"""The chances that it is over earlier; the lower bound is missed with the second one."""
BOUND = 1
EDGES = (10.0, 20.0, 35.0, 50.0, 70.0, 95.0)
FEWEST = 50
"""A bin with fewer cases takes the margins of all."""


@dataclass(frozen=True, slots=True)
class LowerBounds:
    """`margins[bin][chance]`: how far below the prediction the truth lay with that chance."""

    edges: tuple[float, ...]
    margins: tuple[tuple[float, ...], ...]

    @classmethod
    def fit(cls, predicted: Table, true: Table, edges: tuple[float, ...] = EDGES) -> LowerBounds:
        over = predicted - true
        place = np.digitize(predicted, edges)
        bins = [over[place == number] for number in range(len(edges) + 1)]
        return cls(edges, tuple(_margins(one if len(one) >= FEWEST else over) for one in bins))

    def below(self, predicted: Table) -> Table:
        """What is lasted nine times in ten, never below zero."""
        margins = np.array(self.margins)[np.digitize(predicted, self.edges), BOUND]
        return np.asarray(np.maximum(0.0, predicted - margins))

    def curve(self, predicted: float) -> list[tuple[float, float]]:
        """Pairs, rising: so many cycles from now, and the chance that it is over by then."""
        margins = self.margins[int(np.digitize(predicted, self.edges))]
        return [
            (max(0.0, predicted - margin), chance)
            for margin, chance in zip(margins, CHANCES, strict=True)
        ]

    def to_json(self) -> dict[str, Any]:
        return {"edges": list(self.edges), "margins": [list(one) for one in self.margins]}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> LowerBounds:
        return cls(tuple(found["edges"]), tuple(tuple(one) for one in found["margins"]))


def _margins(over: Table) -> tuple[float, ...]:
    return tuple(float(np.quantile(over, 1 - chance)) for chance in CHANCES)
