"""What repair history alone says."""

import random

import pytest

from iot_ingest.prognosis.weibull import Weibull, fit


class TestFit:
    def test_finds_what_it_was_drawn_from(self) -> None:
        draw = random.Random(1)
        lives = [draw.weibullvariate(400, 2.5) for _ in range(3000)]
        failed = [life for life in lives if life < 500]
        found = fit(failed, [500.0] * (len(lives) - len(failed)))
        assert found is not None
        assert found.shape == pytest.approx(2.5, rel=0.1)
        assert found.scale_days == pytest.approx(400, rel=0.05)

    def test_says_nothing_from_few_failures(self) -> None:
        assert fit([100.0] * 9, [50.0] * 100) is None

    def test_can_take_failures_on_the_same_day(self) -> None:
        assert fit([0.0] * 10, []) is not None


class TestWeibull:
    def test_the_lower_bound_is_survived_nine_times_in_ten(self) -> None:
        prior = Weibull(2.0, 300, 50)
        days = prior.days_at(0.9, age_days=100)
        assert prior.survives(days, age_days=100) == pytest.approx(0.9)

    def test_what_wears_out_lasts_shorter_when_old(self) -> None:
        prior = Weibull(3.0, 300, 50)
        assert prior.days_at(0.9, age_days=200) < prior.days_at(0.9, age_days=0)
