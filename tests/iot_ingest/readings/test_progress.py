"""How far a device may forget."""

from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.readings.progress import PATIENCE, START_PATIENCE, advance, is_gap_before_given_up


class TestAdvance:
    def test_starts_at_zero(self) -> None:
        assert advance(None, [0]) == 0
        assert advance(None, [0, 1, 2, 3]) == 3

    def test_waits_for_the_first_message(self) -> None:
        assert advance(None, [1, 2, 3]) is None

    def test_stops_before_a_gap(self) -> None:
        assert advance(4, [5, 6, 8, 9]) == 6

    def test_jumps_over_what_is_given_up(self) -> None:
        assert advance(4, [8, 9], given_up_below=8) == 9
        assert advance(None, [500], given_up_below=500) == 500

    def test_stays_without_news(self) -> None:
        assert advance(4, []) == 4
        assert advance(4, [1, 2]) == 4

    @given(st.permutations(range(30)), st.integers(1, 29))
    def test_any_order_ends_at_the_same_place(self, order: list[int], cut: int) -> None:
        cursor = advance(None, order[:cut])
        stored = set(order[:cut])
        assert all(seq in stored for seq in range((cursor or 0) + 1) if cursor is not None)
        assert advance(cursor, order) == 29


class TestIsGapBeforeGivenUp:
    def test_takes_two_minutes(self) -> None:
        assert not is_gap_before_given_up(7, PATIENCE * 0.99)
        assert is_gap_before_given_up(7, PATIENCE)

    def test_a_device_that_counts_from_one_waits_seconds(self) -> None:
        assert is_gap_before_given_up(1, START_PATIENCE)
        assert not is_gap_before_given_up(2, START_PATIENCE)
