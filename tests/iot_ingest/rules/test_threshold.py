"""The threshold detector, moment by moment."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.rules.threshold import Op, Signal, Threshold, Watch, is_late, step

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOT = Threshold(Op.ABOVE, 80, 70, timedelta(minutes=10))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def signals(
    threshold: Threshold, readings: Sequence[tuple[float, float]], watch: Watch | None = None
) -> list[tuple[float, Signal]]:
    """(minute, signal) for (minute, value)."""
    found = []
    watch = watch or Watch()
    for minute, value in readings:
        watch, signal = step(threshold, watch, at(minute), value)
        if signal:
            found.append((minute, signal))
    return found


class TestStep:
    def test_fires_at_the_exact_moment_the_duration_is_reached(self) -> None:
        readings = [(0, 81.0), (5, 90.0), (9.99, 81.0), (10, 80.5), (15, 85.0)]
        assert signals(HOT, readings) == [(10, Signal.FIRED)]

    def test_does_not_fire_on_the_limit_itself_when_above_is_asked(self) -> None:
        assert signals(HOT, [(0, 80.0), (10, 80.0), (20, 80.0)]) == []

    def test_fires_on_the_limit_when_at_least_is_asked(self) -> None:
        threshold = Threshold(Op.AT_LEAST, 80, 70, timedelta(minutes=10))
        assert signals(threshold, [(0, 80.0), (10, 80.0)]) == [(10, Signal.FIRED)]

    def test_one_value_back_below_the_limit_starts_the_count_anew(self) -> None:
        readings = [(0, 90.0), (5, 79.0), (10, 90.0), (15, 90.0), (20, 90.0)]
        assert signals(HOT, readings) == [(20, Signal.FIRED)]

    def test_fires_at_once_without_a_duration(self) -> None:
        assert signals(Threshold(Op.ABOVE, 80, 70, timedelta(0)), [(0, 81.0)]) == [
            (0, Signal.FIRED)
        ]

    def test_keeps_firing_between_the_two_thresholds(self) -> None:
        readings = [(0, 90.0), (10, 90.0), (15, 75.0), (20, 90.0), (25, 70.1)]
        assert signals(HOT, readings) == [(10, Signal.FIRED)]

    def test_clears_at_the_clear_threshold(self) -> None:
        readings = [(0, 90.0), (10, 90.0), (15, 70.0)]
        assert signals(HOT, readings) == [(10, Signal.FIRED), (15, Signal.CLEARED)]

    def test_a_new_episode_needs_the_whole_duration_again(self) -> None:
        readings = [(0, 90.0), (10, 90.0), (15, 60.0), (20, 90.0), (29, 90.0), (30, 90.0)]
        assert signals(HOT, readings)[2:] == [(30, Signal.FIRED)]

    def test_an_hour_of_silence_breaks_the_run(self) -> None:
        assert signals(HOT, [(0, 90.0), (61, 90.0), (70, 90.0), (71, 90.0)]) == [(71, Signal.FIRED)]

    def test_watches_a_lower_limit(self) -> None:
        low = Threshold(Op.BELOW, 1.0, 1.5, timedelta(minutes=5))
        readings = [(0, 0.9), (5, 0.9), (6, 1.4), (7, 1.5)]
        assert signals(low, readings) == [(5, Signal.FIRED), (7, Signal.CLEARED)]

    def test_nothing_counts_while_a_repaired_machine_settles(self) -> None:
        settling = Watch(quiet_until=at(30))
        readings = [(0, 90.0), (29, 90.0), (30, 90.0), (39, 90.0), (40, 90.0)]
        assert signals(HOT, readings, settling) == [(40, Signal.FIRED)]

    @given(st.lists(st.floats(-1e6, 1e6), max_size=60))
    def test_fired_and_cleared_take_turns(self, values: list[float]) -> None:
        found = [s for _, s in signals(HOT, [(i * 6.0, v) for i, v in enumerate(values)])]
        expected = [Signal.FIRED, Signal.CLEARED] * len(found)
        assert found == expected[: len(found)]

    @given(st.lists(st.floats(0, 100), max_size=40), st.integers(0, 40))
    def test_a_restart_in_between_changes_nothing(self, values: list[float], cut: int) -> None:
        readings = [(i * 4.0, v) for i, v in enumerate(values)]
        watch = Watch()
        for minute, value in readings[:cut]:
            watch, _ = step(HOT, watch, at(minute), value)
        resumed = signals(HOT, readings[cut:], watch)
        assert resumed == [item for item in signals(HOT, readings) if item[0] >= cut * 4.0]


class TestIsLate:
    def test_knows_what_came_out_of_order(self) -> None:
        watch = Watch(last_ts=at(5))
        assert is_late(watch, at(5))
        assert is_late(watch, at(4))
        assert not is_late(watch, at(6))
        assert not is_late(Watch(), at(0))


class TestThreshold:
    def test_refuses_a_clear_threshold_beyond_the_limit(self) -> None:
        with pytest.raises(ValueError, match="at or below"):
            Threshold(Op.ABOVE, 80, 81, timedelta(0))
        with pytest.raises(ValueError, match="at or above"):
            Threshold(Op.BELOW, 80, 79, timedelta(0))

    def test_refuses_a_negative_duration(self) -> None:
        with pytest.raises(ValueError, match="not negative"):
            Threshold(Op.ABOVE, 80, 70, timedelta(seconds=-1))
