"""Metrics of one asset that drift together."""

import json

import numpy as np
import pytest

from iot_ingest.detectors.corroboration import LEARNING, SETTLING, Corroboration

QUIET = LEARNING + SETTLING + 200


def alerts_of(asset: Corroboration, vectors: np.ndarray) -> list[int]:
    return [at for at, one in enumerate(vectors) if asset.opens(asset.distance(one.tolist()))]


class TestCorroboration:
    def test_is_silent_while_nothing_drifts(self) -> None:
        vectors = np.random.default_rng(1).normal(size=(QUIET, 4))
        assert alerts_of(Corroboration("abcd"), vectors) == []

    def test_finds_a_drift_once_and_names_its_metrics(self) -> None:
        vectors = np.random.default_rng(1).normal(size=(QUIET + 100, 4))
        vectors[QUIET:, 1:3] += 2
        asset = Corroboration("abcd")
        (found,) = alerts_of(asset, vectors)
        assert QUIET <= found < QUIET + 30
        assert set(asset.drifted()) == {"b", "c"}

    def test_what_stood_still_while_it_was_learned_does_not_count(self) -> None:
        vectors = np.random.default_rng(1).normal(size=(QUIET + 100, 3))
        vectors[:QUIET, 2], vectors[QUIET:, 2] = 20.0, 25.0
        assert alerts_of(Corroboration("abc"), vectors) == []
        assert alerts_of(Corroboration("ab"), np.full((QUIET, 2), 20.0)) == []

    def test_goes_on_where_it_stopped(self) -> None:
        vectors = np.random.default_rng(2).normal(size=(QUIET, 2))
        asset = Corroboration("ab")
        alerts_of(asset, vectors)
        again = Corroboration.from_json(json.loads(json.dumps(asset.to_json())))
        assert again.distance([1.0, 2.0]) == pytest.approx(asset.distance([1.0, 2.0]))
