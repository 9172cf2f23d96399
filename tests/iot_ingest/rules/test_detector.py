"""The L0 detector, moment by moment."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from iot_ingest.rules.detector import (
    Companion,
    Detector,
    Measure,
    Signal,
    Watch,
    is_late,
    step,
    step_silence,
)
from iot_ingest.rules.flapping import share_of_changes, steady
from iot_ingest.rules.hours import hours_from_json
from iot_ingest.rules.memory import memory_from_json, memory_to_json
from iot_ingest.rules.replay import episodes
from iot_ingest.rules.threshold import Op, Threshold

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ABOVE_80 = Threshold(Op.ABOVE, 80, 70)
HOT = Detector("t", ABOVE_80, duration=timedelta(minutes=10))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def signals(
    detector: Detector, readings: Sequence[tuple[float, float]], watch: Watch | None = None
) -> list[tuple[float, Signal]]:
    """(minute, signal) for (minute, value)."""
    found = []
    watch = watch or Watch()
    for minute, value in readings:
        watch, signal = step(detector, watch, at(minute), value)
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
        limit = Threshold(Op.AT_LEAST, 80, 70)
        assert signals(
            Detector("t", limit, duration=timedelta(minutes=10)), [(0, 80.0), (10, 80.0)]
        ) == [(10, Signal.FIRED)]

    def test_one_value_back_below_the_limit_starts_the_count_anew(self) -> None:
        readings = [(0, 90.0), (5, 79.0), (10, 90.0), (15, 90.0), (20, 90.0)]
        assert signals(HOT, readings) == [(20, Signal.FIRED)]

    def test_fires_at_once_without_a_duration(self) -> None:
        assert signals(Detector("t", ABOVE_80), [(0, 81.0)]) == [(0, Signal.FIRED)]

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
        low = Detector("p", Threshold(Op.BELOW, 1.0, 1.5), duration=timedelta(minutes=5))
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


class TestClearAfter:
    def test_must_be_quiet_without_a_break(self) -> None:
        patient = Detector("t", ABOVE_80, clear_after=timedelta(minutes=20))
        readings = [(0, 90.0), (5, 60.0), (20, 75.0), (25, 60.0), (44, 60.0), (45, 60.0)]
        assert signals(patient, readings) == [(0, Signal.FIRED), (45, Signal.CLEARED)]


class TestRepetition:
    THRICE = Detector("t", ABOVE_80, times=3, within=timedelta(hours=1))

    def test_fires_at_the_third_excursion_within_the_hour(self) -> None:
        readings = [(0, 90.0), (5, 90.0), (10, 60.0), (20, 90.0), (30, 60.0), (40, 90.0)]
        assert signals(self.THRICE, readings) == [(40, Signal.FIRED)]

    def test_excursions_too_far_apart_do_not_count(self) -> None:
        readings = [(0, 90.0), (10, 60.0), (40, 90.0), (50, 60.0), (61, 90.0)]
        assert signals(self.THRICE, readings) == []

    def test_a_dip_that_stays_above_the_second_limit_is_the_same_excursion(self) -> None:
        readings = [(minute, value) for minute in range(0, 50, 10) for value in (90.0,)]
        dips = [(minute + 5, 75.0) for minute in range(0, 50, 10)]
        assert signals(self.THRICE, sorted(readings + dips)) == []

    def test_clears_after_an_hour_without_one(self) -> None:
        fired = [(0, 90.0), (10, 60.0), (20, 90.0), (30, 60.0), (40, 90.0)]
        quiet = [(minute, 60.0) for minute in range(50, 121, 10)]
        assert signals(self.THRICE, fired + quiet)[1:] == [(110, Signal.CLEARED)]


class TestRate:
    RISING = Detector(
        "t", Threshold(Op.ABOVE, 10, 5), Measure.RATE, rate_over=timedelta(minutes=30)
    )

    def test_fires_when_it_rises_too_fast_and_clears_when_it_is_steady(self) -> None:
        steady = [(minute, 20.0) for minute in range(0, 60, 5)]
        rising = [(minute, 20.0 + (minute - 55)) for minute in range(60, 80, 5)]
        level = [(minute, 45.0) for minute in range(80, 130, 5)]
        found = signals(self.RISING, steady + rising + level)
        assert [signal for _, signal in found] == [Signal.FIRED, Signal.CLEARED]
        assert 60 <= found[0][0] <= 75

    def test_says_nothing_before_half_of_its_stretch_is_known(self) -> None:
        assert signals(self.RISING, [(0, 0.0), (10, 100.0)]) == []

    def test_remembers_few_points(self) -> None:
        watch = Watch()
        for second in range(0, 3600, 5):
            watch, _ = step(self.RISING, watch, START + timedelta(seconds=second), 1.0)
        assert len(watch.points) <= 32


class TestCompanions:
    BOTH = Detector("t", ABOVE_80, companions=(Companion("current", Threshold(Op.ABOVE, 5, 4)),))

    def run(self, *readings: tuple[float, str, float]) -> list[tuple[float, Signal]]:
        watch, found = Watch(), []
        for minute, metric, value in readings:
            assert not is_late(watch, at(minute), metric)
            watch, signal = step(self.BOTH, watch, at(minute), value, metric)
            if signal:
                found.append((minute, signal))
        return found

    def test_fires_when_both_hold_whichever_comes_last(self) -> None:
        assert self.run((0, "t", 90), (0, "current", 6)) == [(0, Signal.FIRED)]
        assert self.run((0, "current", 6), (1, "t", 90)) == [(1, Signal.FIRED)]

    def test_one_alone_is_not_enough(self) -> None:
        assert self.run((0, "t", 90), (1, "current", 3), (2, "t", 95)) == []

    def test_a_value_older_than_an_hour_proves_nothing(self) -> None:
        assert self.run((0, "current", 6), (61, "t", 90)) == []

    def test_one_of_them_quiet_ends_it(self) -> None:
        found = self.run((0, "t", 90), (1, "current", 6), (2, "current", 4.5), (3, "current", 4))
        assert found == [(1, Signal.FIRED), (3, Signal.CLEARED)]


class TestHours:
    NIGHT = hours_from_json(
        {"days": [6], "start": "22:00", "end": "06:00", "time_zone": "Europe/Berlin"}
    )

    @pytest.mark.parametrize(
        ("moment", "inside"),
        [
            ("2026-03-01T21:59+01:00", False),
            ("2026-03-01T22:00+01:00", True),
            ("2026-03-02T05:59+01:00", True),
            ("2026-03-02T06:00+01:00", False),
            ("2026-03-02T23:00+01:00", False),
        ],
    )
    def test_belong_to_the_day_they_begin_on(self, moment: str, inside: bool) -> None:
        assert self.NIGHT.contain(datetime.fromisoformat(moment)) is inside

    def test_nothing_fires_outside_and_what_fires_still_clears(self) -> None:
        nightly = Detector("t", ABOVE_80, hours=self.NIGHT)
        # the readings start on Sunday at 12:00 UTC, 13:00 in Berlin
        readings = [(0, 90.0), (9 * 60, 90.0), (17 * 60, 75.0), (18 * 60, 60.0)]
        assert signals(nightly, readings) == [(540, Signal.FIRED), (1080, Signal.CLEARED)]

    @pytest.mark.parametrize(
        "told", [{"days": []}, {"days": [7]}, {"time_zone": "Mars/Olympus"}, {"start": "25:00"}]
    )
    def test_refuses_hours_that_cannot_be(self, told: dict[str, object]) -> None:
        good = {"days": [0], "start": "08:00", "end": "18:00", "time_zone": "UTC"}
        with pytest.raises(ValueError):
            hours_from_json({**good, **told})


class TestStepSilence:
    SILENT = Detector("t", Threshold(Op.AT_LEAST, 900, 900), Measure.SILENCE)

    def test_fires_once_and_ends_with_the_next_reading(self) -> None:
        watch, _ = step(self.SILENT, Watch(), at(0), 1.0)
        assert step_silence(self.SILENT, watch, at(14))[1] is None
        watch, signal = step_silence(self.SILENT, watch, at(15))
        assert (signal, watch.since) == (Signal.FIRED, at(0))
        assert step_silence(self.SILENT, watch, at(16))[1] is None
        assert step(self.SILENT, watch, at(17), 1.0)[1] is Signal.CLEARED

    def test_who_never_spoke_is_not_silent(self) -> None:
        assert step_silence(self.SILENT, Watch(), at(99))[1] is None


class TestReplay:
    def replay(self, detector: Detector, *readings: tuple[float, float], until: float) -> list[Any]:
        played = [(at(minute), detector.metric, value) for minute, value in readings]
        return [
            ((e.fired_at - START) / MINUTE, e.cleared_at and (e.cleared_at - START) / MINUTE)
            for e in episodes(detector, played, at(until))
        ]

    def test_gives_the_episodes_and_the_open_end(self) -> None:
        readings = [(0, 90.0), (10, 90.0), (20, 60.0), (30, 90.0), (40, 90.0)]
        assert self.replay(HOT, *readings, until=50) == [(10, 20), (40, None)]

    def test_silence_lies_between_readings_and_at_the_end(self) -> None:
        silent = TestStepSilence.SILENT
        found = self.replay(silent, (0, 1.0), (10, 1.0), (40, 1.0), until=60)
        assert found == [(25, 40), (55, None)]


class TestSteady:
    def told(self, states: str) -> list[tuple[int, Signal]]:
        watch, found = Watch(), []
        for index, state in enumerate(states):
            watch, signal = steady(watch, replace(watch, firing=state == "1"))
            if signal:
                found.append((index, signal))
        return found

    def test_tells_a_single_episode_as_it_is(self) -> None:
        assert self.told("000110000") == [(3, Signal.FIRED), (5, Signal.CLEARED)]

    def test_many_short_episodes_become_one(self) -> None:
        found = self.told("0" * 5 + "10" * 10 + "0" * 30)
        assert found[-1][1] is Signal.CLEARED
        assert [signal for _, signal in found].count(Signal.FIRED) <= 3
        assert found[-1][0] > 30

    def test_weighs_recent_changes_more(self) -> None:
        assert share_of_changes("0" * 20 + "1") > share_of_changes("0" + "1" * 20)
        assert share_of_changes("01" * 10 + "0") == pytest.approx(1.0)
        assert share_of_changes("0" * 21) == 0


class TestMemory:
    def test_survives_being_written_down(self) -> None:
        watch = Watch(
            quiet_since=at(1),
            is_counted=True,
            starts=(at(2), at(3)),
            points=((at(4), 1.5),),
            latest={"current": (at(5), 6.0)},
        )
        assert Watch(**memory_from_json(memory_to_json(watch), firing=False)) == watch
        assert memory_to_json(Watch(last_ts=at(1), since=at(0))) is None


class TestDetector:
    def test_refuses_what_contradicts_itself(self) -> None:
        silent = Threshold(Op.BELOW, 60, 60)
        for words, told in (
            ("not negative", {"duration": timedelta(seconds=-1)}),
            ("how often", {"times": 2}),
            ("over what time", {"measure": Measure.RATE}),
            ("over what time", {"rate_over": timedelta(hours=1)}),
            ("too long", {"measure": Measure.SILENCE, "threshold": silent}),
            ("another metric", {"companions": (Companion("t", ABOVE_80),)}),
        ):
            with pytest.raises(ValueError, match=words):
                Detector(**{"metric": "t", "threshold": ABOVE_80, **told})


class TestThreshold:
    def test_refuses_a_clear_threshold_beyond_the_limit(self) -> None:
        with pytest.raises(ValueError, match="at or below"):
            Threshold(Op.ABOVE, 80, 81)
        with pytest.raises(ValueError, match="at or above"):
            Threshold(Op.BELOW, 80, 79)
