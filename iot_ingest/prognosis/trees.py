"""Boosted trees as plain JSON, evaluated with numpy; nothing of the training library is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
"""One row per case, one column per feature."""
LEAF = -1


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes side by side: a case goes left where its feature is at most the threshold."""

    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    value: list[float]

    def __post_init__(self) -> None:
        size = len(self.feature)
        if any(len(row) != size for row in (self.threshold, self.left, self.right, self.value)):
            raise ValueError("The columns of a tree have one length.")
        for node, feature in enumerate(self.feature):
            below = (self.left[node], self.right[node])
            if feature != LEAF and not all(node < child < size for child in below):
                raise ValueError("A child stands behind its parent.")

    def add_to(self, sums: Table, cases: Table) -> None:
        """Adds the value of every case's leaf to `sums`."""
        feature, threshold = np.array(self.feature), np.array(self.threshold)
        left, right = np.array(self.left), np.array(self.right)
        at = np.zeros(len(cases), dtype=np.intp)
        rows = np.arange(len(cases))
        while rows.size:
            rows = rows[feature[at[rows]] != LEAF]
            here = at[rows]
            goes_left = cases[rows, feature[here]] <= threshold[here]
            at[rows] = np.where(goes_left, left[here], right[here])
        sums += np.array(self.value)[at]


@dataclass(frozen=True, slots=True)
class Forest:
    """The sum of its trees, over named features."""

    features: tuple[str, ...]
    trees: tuple[Tree, ...]

    def __post_init__(self) -> None:
        if any(max(tree.feature) >= len(self.features) for tree in self.trees):
            raise ValueError("A tree asks for a feature that the forest does not name.")

    def predict(self, cases: Table) -> Table:
        sums = np.zeros(len(cases))
        for tree in self.trees:
            tree.add_to(sums, cases)
        return sums

    def probabilities(self, cases: Table) -> Table:
        """For forests that were trained on yes and no."""
        return np.asarray(1 / (1 + np.exp(-self.predict(cases))), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        columns = Tree.__slots__
        trees = [{name: getattr(tree, name) for name in columns} for tree in self.trees]
        return {"features": list(self.features), "trees": trees}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Forest:
        """Raises ValueError for trees that are none."""
        try:
            trees = tuple(Tree(**tree) for tree in found["trees"])
            return cls(tuple(found["features"]), trees)
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is no forest: {error}") from error
