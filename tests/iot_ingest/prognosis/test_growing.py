"""Forests grown by numpy alone: they learn, hold still, and one seed gives one forest."""

from dataclasses import replace

import numpy as np

from iot_ingest.prognosis.growing import Growth, folds, grow

SOME = Growth(rounds=60, rate=0.1, leaves=6, least=10, feature_share=1.0, case_share=0.7, l2=1.0)


class TestGrow:
    def test_learns_what_two_features_say_together(self) -> None:
        draw = np.random.default_rng(1)
        cases = draw.uniform(-1, 1, (1500, 4))
        targets = np.where(cases[:, 0] > 0.2, 5 + 3 * np.sign(cases[:, 2]), 0.0)
        forest = grow(cases[:1000], targets[:1000], "abcd", SOME, seed=1)
        error = forest.predict(cases[1000:]) - targets[1000:]
        assert np.sqrt((error**2).mean()) < 0.15 * targets.std()

    def test_gives_chances_of_yes_and_no(self) -> None:
        draw = np.random.default_rng(1)
        cases = draw.uniform(0, 1, (4000, 2))
        targets = (draw.uniform(0, 1, 4000) < np.where(cases[:, 1] > 0.5, 0.8, 0.1)).astype(float)
        growth = Growth(rounds=60, rate=0.1, leaves=4, least=50, l2=1.0, feature_share=1.0,
                        is_chance=True)  # fmt: skip
        found = grow(cases, targets, "ab", growth, seed=1).probabilities(
            np.array([[0.5, 0.2], [0.5, 0.9]])
        )
        assert found[0] < 0.2 < 0.65 < found[1]

    def test_one_seed_gives_one_forest(self) -> None:
        draw = np.random.default_rng(1)
        cases, targets = draw.uniform(0, 1, (200, 3)), draw.uniform(0, 1, 200)
        first, again, other = (grow(cases, targets, "abc", SOME, seed=s) for s in (1, 1, 2))
        assert first == again != other

    def test_several_forests_are_one_by_their_mean(self) -> None:
        draw = np.random.default_rng(1)
        cases, targets = draw.uniform(0, 1, (200, 3)), draw.uniform(0, 1, 200)
        single = [grow(cases, targets, "abc", SOME, seed=seed) for seed in (4, 5, 6)]
        three = grow(cases, targets, "abc", replace(SOME, forests=3), seed=4)
        mean = np.mean([forest.predict(cases) for forest in single], axis=0)
        assert np.allclose(three.predict(cases), mean)
        assert len(three.trees) == 3 * len(single[0].trees)

    def test_what_never_moves_is_the_mean(self) -> None:
        forest = grow(np.zeros((50, 1)), np.full(50, 7.0), "a", SOME, seed=1)
        assert np.allclose(forest.predict(np.array([[3.0]])), 7.0)


class TestFolds:
    def test_never_tear_a_group_apart(self) -> None:
        groups = [at // 7 for at in range(70)]
        masks = folds(groups, 5, seed=1)
        assert sum(mask.sum() for mask in masks) == 70
        for mask in masks:
            held_out = {group for group, is_in in zip(groups, mask, strict=True) if is_in}
            assert mask.sum() == 7 * len(held_out)
