"""Shares, rates and floors with their intervals."""

from datetime import UTC, datetime

import pytest

from iot_ingest.learning.hazards import YEAR, Life, group_of
from iot_ingest.learning.lifecycle import Estimate, is_below_floor, rate, share

START = datetime(2020, 1, 1, tzinfo=UTC)


class TestShare:
    def test_is_wilsons(self) -> None:
        assert share(8, 10) == Estimate(0.8, 0.4902, 0.9433)
        assert share(0, 0) is None


class TestRate:
    def test_is_near_the_exact_poisson_limits(self) -> None:
        # exact (Garwood 1936): 10 events 4.795 to 18.391, none 0 to 3.689
        found = rate(10, 1.0)
        assert found is not None
        assert found.low == pytest.approx(4.795, abs=0.02)
        assert found.high == pytest.approx(18.391, abs=0.02)
        none = rate(0, 1.0)
        assert none is not None
        assert (none.low, none.high) == (0.0, pytest.approx(3.689, abs=0.07))

    def test_is_unknown_without_exposure(self) -> None:
        assert rate(3, 0.0) is None


class TestIsBelowFloor:
    @pytest.mark.parametrize(
        ("true", "verdicts", "below"),
        [(0, 9, False), (0, 10, True), (1, 10, True), (2, 10, False), (20, 60, True)],
    )
    def test_asks_for_enough_and_for_certainty(self, true: int, verdicts: int, below: bool) -> None:
        assert is_below_floor(share(true, verdicts), verdicts, 0.5) is below


class TestGroupOf:
    def test_splits_a_life_into_bands_of_age(self) -> None:
        life = Life(START, START, START + 3 * YEAR, [START + 0.5 * YEAR, START + 2.5 * YEAR])
        old = Life(START - 4 * YEAR, START, START + 2 * YEAR, [])
        group = group_of([life, old])
        assert (group.assets, group.failures, group.asset_years) == (2, 2, 5.0)
        assert [(b.from_years, b.asset_years, b.failures) for b in group.bands] == [
            (0, 1.0, 1),
            (1, 1.0, 0),
            (2, 2.0, 1),
            (5, 1.0, 0),
        ]
        assert group.rate is not None
        assert group.rate.value == pytest.approx(0.4)

    def test_of_nothing_is_nothing(self) -> None:
        assert group_of([]).rate is None
