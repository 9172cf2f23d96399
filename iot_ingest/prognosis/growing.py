"""Forests grown with LightGBM, which only training needs (extra `train`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from iot_ingest.prognosis.trees import LEAF, Forest, Table, Tree

COMMON = {
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "bagging_freq": 1,
    "feature_pre_filter": False,
}


def grow(
    cases: Table, targets: Table, features: Sequence[str], *, rounds: int, **parameters: Any
) -> Forest:
    """A forest fitted to the targets. Raises ImportError where LightGBM is not installed."""
    lightgbm = import_module("lightgbm")  # the product runs without it
    data = lightgbm.Dataset(cases, targets, params={"max_bin": 127, **COMMON})
    booster = lightgbm.train({**COMMON, **parameters}, data, rounds)
    trees = [_tree(found["tree_structure"]) for found in booster.dump_model()["tree_info"]]
    return Forest(tuple(features), tuple(trees))


def _tree(root: dict[str, Any]) -> Tree:
    tree = Tree([], [], [], [], [])
    _add(tree, root)
    return Tree(*(getattr(tree, name) for name in Tree.__slots__))


def _add(tree: Tree, node: dict[str, Any]) -> int:
    at = len(tree.feature)
    is_leaf = "leaf_value" in node
    tree.feature.append(LEAF if is_leaf else node["split_feature"])
    tree.threshold.append(0.0 if is_leaf else node["threshold"])
    tree.value.append(node["leaf_value"] if is_leaf else 0.0)
    tree.left.append(LEAF)
    tree.right.append(LEAF)
    if not is_leaf:
        tree.left[at] = _add(tree, node["left_child"])
        tree.right[at] = _add(tree, node["right_child"])
    return at


def folds(groups: Sequence[Any], count: int, seed: int) -> list[np.ndarray[Any, Any]]:
    """Masks of the cases held out in turn; a group is never torn apart."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[place]: number % count for number, place in enumerate(order)}
    found = np.array([fold_of[group] for group in groups])
    return [found == number for number in range(count)]
