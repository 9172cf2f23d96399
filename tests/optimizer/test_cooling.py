"""Heat in trips: from hot to cool, and hotter only where prices of jobs left out are in reach."""

import math
from itertools import pairwise

import pytest

from optimizer.annealing.cooling import (
    COOLEST_END,
    COOLEST_OF_TRIPS,
    FAR_TRIPS,
    HOTTEST_OF_TRIPS,
    HOTTEST_START,
    Counted,
    Scale,
)

LONG = 1_000_000


class TestPlan:
    def test_is_as_hot_as_prices_of_jobs_left_out_ask(self) -> None:
        cooling = Scale(trip_cents=50.0, jobs=100, left_cents=50.0 * FAR_TRIPS).plan(LONG)
        assert (cooling.start, cooling.end) == (50.0 * HOTTEST_START, 50.0 * COOLEST_END)

    @pytest.mark.parametrize("left_cents", [math.inf, 50.0 * FAR_TRIPS + 1])
    def test_keeps_to_the_heat_of_trips_where_nothing_is_left_out_for_long(
        self, left_cents: float
    ) -> None:
        cooling = Scale(trip_cents=50.0, jobs=100, left_cents=left_cents).plan(LONG)
        assert (cooling.start, cooling.end) == (50.0 * HOTTEST_OF_TRIPS, 50.0 * COOLEST_OF_TRIPS)

    def test_a_short_search_begins_hardly_hotter_than_greedy(self) -> None:
        scale = Scale(trip_cents=50.0, jobs=100, left_cents=math.inf)
        assert scale.plan(100).start < 50.0


def test_counted_segments_cool_without_a_jump() -> None:
    scale = Scale(trip_cents=50.0, jobs=100, left_cents=math.inf)
    segments = list(Counted(LONG, scale).until(1.0))
    assert sum(segment.iterations for segment in segments) == LONG
    for before, after in pairwise(segments):
        assert before.heat * before.cooling**before.iterations == pytest.approx(after.heat)
