"""Forests grown by gradient boosting, with numpy alone.

J. Friedman: Greedy Function Approximation: A Gradient Boosting Machine, 2001; over histograms and
leaf by leaf as in G. Ke et al.: LightGBM, 2017. With one seed the same cases give the same forest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iot_ingest.prognosis.trees import LEAF, Forest, Table, Tree

BINS = 127
"""A feature is cut at so many places at most, each with as many cases."""
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Growth:
    """How a forest is grown; `least` is how many cases a leaf has, the shares are drawn anew for
    every tree, `l2` draws the leaves towards zero. So many `forests`, drawn apart, are one by their
    mean, which leaves less to chance. `is_chance`: the targets are yes and no."""

    rounds: int
    rate: float = 0.06
    leaves: int = 12
    least: int = 40
    feature_share: float = 0.3
    case_share: float = 0.6
    l2: float = 5.0
    forests: int = 1
    is_chance: bool = False


def grow(
    cases: Table, targets: Table, features: Sequence[str], growth: Growth, *, seed: int
) -> Forest:
    """A forest fitted to the targets."""
    cuts = [_cuts(column) for column in cases.T]
    bins = np.column_stack(
        [np.searchsorted(cut, column) for cut, column in zip(cuts, cases.T, strict=True)]
    )
    grown = [
        _boost(cases, targets, cuts, bins, growth, np.random.default_rng(seed + number))
        for number in range(growth.forests)
    ]
    shares = [_share(tree, growth.forests) for trees in grown for tree in trees]
    return Forest(tuple(features), tuple(shares))


def _boost(
    cases: Table,
    targets: Table,
    cuts: Sequence[Table],
    bins: NDArray[np.intp],
    growth: Growth,
    draw: np.random.Generator,
) -> list[Tree]:
    """Trees of which each mends what those before it leave; the first one is the mean."""
    base = _base(targets, growth)
    trees = [Tree([LEAF], [0.0], [LEAF], [LEAF], [base])]
    sums = np.full(len(cases), base)
    some = max(1, round(growth.feature_share * len(cuts)))
    many = max(1, round(growth.case_share * len(cases)))
    for _ in range(growth.rounds):
        columns = np.sort(draw.choice(len(cuts), some, replace=False))
        rows = np.sort(draw.choice(len(cases), many, replace=False))
        slope, bend = _derivatives(targets[rows], sums[rows], growth)
        growing = _Growing(bins[np.ix_(rows, columns)], slope, bend, growth)
        tree = growing.tree(columns, cuts)
        tree.add_to(sums, cases)
        trees.append(tree)
    return trees


def _share(tree: Tree, forests: int) -> Tree:
    """What the tree adds to the mean of so many forests."""
    return replace(tree, value=[value / forests for value in tree.value])


def folds(groups: Sequence[Any], count: int, seed: int) -> list[np.ndarray[Any, Any]]:
    """Masks of the cases held out in turn; a group is never torn apart."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[place]: number % count for number, place in enumerate(order)}
    found = np.array([fold_of[group] for group in groups])
    return [found == number for number in range(count)]


def _cuts(column: Table) -> Table:
    """Between neighbouring values, about as many cases between two cuts."""
    values = np.unique(column)
    if len(values) > BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1), method="nearest"))
    return np.asarray((values[:-1] + values[1:]) / 2)


def _base(targets: Table, growth: Growth) -> float:
    mean = float(targets.mean())
    if not growth.is_chance:
        return mean
    share = min(max(mean, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def _derivatives(targets: Table, sums: Table, growth: Growth) -> tuple[Table, Table]:
    """Of the squared error, or of the logarithm of the chance of what happened."""
    if not growth.is_chance:
        return sums - targets, np.ones(len(sums))
    chance = 1 / (1 + np.exp(-sums))
    return chance - targets, chance * (1 - chance)


@dataclass(slots=True)
class _Leaf:
    node: int
    rows: Rows
    histogram: Table
    gain: float
    column: int
    cut: int


class _Growing:
    """One tree; it always splits the leaf that gains most."""

    def __init__(self, bins: NDArray[np.intp], slope: Table, bend: Table, growth: Growth) -> None:
        self._columns = bins.shape[1]
        self._places = bins + np.arange(self._columns) * (BINS + 1)
        self._bins, self._slope, self._bend, self._growth = bins, slope, bend, growth

    def tree(self, columns: Rows, cuts: Sequence[Table]) -> Tree:
        tree = Tree([], [], [], [], [])
        every = np.arange(len(self._bins))
        open_leaves = [self._leaf(tree, every, self._histogram(every))]
        for _ in range(self._growth.leaves - 1):
            best = max(open_leaves, key=lambda leaf: leaf.gain)
            if best.gain <= 0:
                break
            open_leaves.remove(best)
            is_left = self._bins[best.rows, best.column] <= best.cut
            left, right = best.rows[is_left], best.rows[~is_left]
            small, is_small_left = (left, True) if len(left) <= len(right) else (right, False)
            counted = self._histogram(small)
            rest = best.histogram - counted
            node = best.node
            tree.feature[node] = int(columns[best.column])
            tree.threshold[node] = float(cuts[columns[best.column]][best.cut])
            tree.value[node] = 0.0
            tree.left[node] = len(tree.feature)
            open_leaves.append(self._leaf(tree, left, counted if is_small_left else rest))
            tree.right[node] = len(tree.feature)
            open_leaves.append(self._leaf(tree, right, rest if is_small_left else counted))
        return tree

    def _histogram(self, rows: Rows) -> Table:
        """Sums of slope, bend and cases, by column and bin."""
        places = self._places[rows].ravel()
        size = self._columns * (BINS + 1)
        weights = (self._slope[rows], self._bend[rows], np.ones(len(rows)))
        sums = [np.bincount(places, np.repeat(one, self._columns), size) for one in weights]
        return np.array(sums, dtype=np.float64).reshape(3, self._columns, BINS + 1)

    def _leaf(self, tree: Tree, rows: Rows, histogram: Table) -> _Leaf:
        growth = self._growth
        slope, bend = (float(one) for one in histogram[:2, 0].sum(1))
        node = len(tree.feature)
        tree.feature.append(LEAF)
        tree.threshold.append(0.0)
        tree.left.append(LEAF)
        tree.right.append(LEAF)
        tree.value.append(-growth.rate * slope / (bend + growth.l2))
        left = histogram.cumsum(2)[:, :, :-1]
        right = histogram.sum(2)[:, :, None] - left
        allowed = (left[2] >= growth.least) & (right[2] >= growth.least)
        gains = (
            left[0] ** 2 / (left[1] + growth.l2)
            + right[0] ** 2 / (right[1] + growth.l2)
            - slope**2 / (bend + growth.l2)
        )
        gains = np.where(allowed, gains, 0.0)
        column, cut = (int(at) for at in np.unravel_index(gains.argmax(), gains.shape))
        return _Leaf(node, rows, histogram, float(gains[column, cut]), column, cut)
