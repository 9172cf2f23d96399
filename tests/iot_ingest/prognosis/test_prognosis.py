"""Trees, windows, bounds and the guard, without training."""

import json
from dataclasses import replace

import numpy as np
import pytest

from iot_ingest.prognosis import windows
from iot_ingest.prognosis.bounds import LowerBounds
from iot_ingest.prognosis.calibration import Calibration
from iot_ingest.prognosis.failures import FailureModel, Vocabulary
from iot_ingest.prognosis.guard import Guard
from iot_ingest.prognosis.machines import Machine
from iot_ingest.prognosis.remaining_life import RemainingLife
from iot_ingest.prognosis.trees import Forest, Tree

STUMP = Tree([0, -1, -1], [0.5, 0.0, 0.0], [1, -1, -1], [2, -1, -1], [0.0, 10.0, 20.0])


class TestForest:
    def test_sums_the_leaves(self) -> None:
        forest = Forest(("a",), (STUMP, STUMP))
        assert forest.predict(np.array([[0.5], [0.6]])).tolist() == [20.0, 40.0]

    def test_comes_back_from_json(self) -> None:
        forest = Forest(("a",), (STUMP,))
        assert Forest.from_json(json.loads(json.dumps(forest.to_json()))) == forest

    @pytest.mark.parametrize("left", [0, 3, -7])
    def test_refuses_a_tree_that_would_not_end(self, left: int) -> None:
        with pytest.raises(ValueError):
            Tree([0, -1, -1], [0.5, 0.0, 0.0], [left, -1, -1], [2, -1, -1], [0.0, 1.0, 2.0])

    def test_refuses_a_feature_without_a_name(self) -> None:
        with pytest.raises(ValueError):
            Forest((), (STUMP,))

    def test_refuses_other_json(self) -> None:
        with pytest.raises(ValueError):
            Forest.from_json({"trees": [{"feature": [0]}], "features": ["a"]})


class TestWindows:
    def test_looks_back_only(self) -> None:
        readings = np.random.default_rng(1).normal(size=(120, 3))
        whole = windows.features(readings)
        assert np.allclose(whole[:70], windows.features(readings[:70]))

    def test_gives_a_column_per_name(self) -> None:
        found = windows.features(np.zeros((5, 2)))
        assert found.shape == (5, len(windows.names(["a", "b"])))

    def test_knows_the_slope_of_a_line(self) -> None:
        found = windows.features(np.arange(100.0)[:, None] * 2)
        at = windows.names(["a"]).index("a slope 30")
        assert found[-1, at] == pytest.approx(2)


class TestLowerBounds:
    def test_holds_nine_times_in_ten(self) -> None:
        draw = np.random.default_rng(1)
        predicted = draw.uniform(0, 120, 20_000)
        true = predicted + draw.normal(0, 1 + predicted / 10)
        bounds = LowerBounds.fit(predicted[:10_000], true[:10_000])
        held = true[10_000:] >= bounds.below(predicted[10_000:])
        assert 0.88 < held.mean() < 0.93


class TestGuard:
    def test_knows_its_own_and_not_others(self) -> None:
        draw = np.random.default_rng(1)
        common = draw.normal(size=(2000, 1))
        cases = np.hstack([common + 0.1 * draw.normal(size=(2000, 1)) for _ in range(3)])
        guard = Guard.from_json(json.loads(json.dumps(Guard.fit(cases).to_json())))
        assert guard.knows(cases).mean() > 0.99
        assert not guard.knows(np.array([[3.0, -3.0, 3.0]])).any()


class TestRemainingLife:
    def test_foretells_from_json(self) -> None:
        life = np.random.default_rng(1).normal(size=(50, 2))
        model = RemainingLife(
            ("a", "b"),
            (1,),
            Forest(tuple(windows.names(["b"])), (Tree([-1], [0.0], [-1], [-1], [40.0]),)),
            LowerBounds(
                (30.0,), ((9.0, 5.0, 2.0, 0.0, -3.0, -6.0), (20.0, 15.0, 9.0, 1.0, -8.0, -12.0))
            ),
            Guard.fit(windows.recent(life)),
        )
        model = RemainingLife.from_json(json.loads(json.dumps(model.to_json())))
        found = model.outlook(life)
        assert (found.cycles[-1], found.lower[-1], found.is_known[-1]) == (40.0, 25.0, True)
        assert not model.outlook(life + 50).is_known.any()
        assert model.bounds.curve(40.0)[:2] == [(20.0, 0.05), (25.0, 0.10)]

    def test_refuses_another_kind(self) -> None:
        with pytest.raises(ValueError):
            RemainingLife.from_json({"kind": "failures"})


class TestFailures:
    MACHINE = Machine("1", "m", 3.0, ((10.0, "e"), (30.0, "e")), ((20.0, "p"),), ((54.0, "p"),))

    def test_uses_strictly_earlier_events(self) -> None:
        words = Vocabulary.of([self.MACHINE])
        at = words.names().index("hours since p was replaced")
        assert words.features(self.MACHINE, 20.0)[at] > 1000
        assert words.features(self.MACHINE, 21.0)[at] == 1.0

    def test_fails_within_a_day(self) -> None:
        looks = self.MACHINE.looks()
        assert [(hour, self.MACHINE.fails_after(hour)) for hour in looks] == [
            (11.0, False),
            (31.0, True),
        ]
        assert not self.MACHINE.fails_after(54.0)

    def test_comes_back_from_json(self) -> None:
        words = Vocabulary.of([self.MACHINE])
        forest = Forest(tuple(words.names()), (Tree([-1], [0.0], [-1], [-1], [0.0]),))
        size = len(words.names())
        scale = Calibration((0.0, 1.0), (0.0, 0.5))
        model = FailureModel(words, forest, 0.3, scale, (0.0,) * size, (1e5,) * size)
        assert FailureModel.from_json(json.loads(json.dumps(model.to_json()))) == model
        assert model.probabilities(self.MACHINE, [31.0]).tolist() == [0.5]
        found = model.outlook(self.MACHINE, [31.0])
        assert (found.probability[0], found.is_due[0], found.is_known[0]) == (0.25, True, True)
        assert not model.outlook(replace(self.MACHINE, model="new"), [31.0]).is_known.any()
        assert not model.outlook(replace(self.MACHINE, age_years=1e6), [31.0]).is_known.any()


class TestCalibration:
    def test_says_what_came_true_and_never_falls(self) -> None:
        draw = np.random.default_rng(1)
        raw = draw.uniform(0, 1, 20_000)
        happened = (draw.uniform(0, 1, 20_000) < raw / 2).astype(float)
        found = Calibration.fit(raw, happened)
        assert found.calibrated(np.array([0.2, 0.8])) == pytest.approx([0.1, 0.4], abs=0.03)
        assert list(found.share) == sorted(found.share)
