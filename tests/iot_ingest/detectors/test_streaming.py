"""The streaming detector on made-up days."""

import json
import math
import random

import pytest

from iot_ingest.detectors.streaming import COOL_DOWN, WARM_UP, StreamingDetector

STEP = 300.0
DAY = int(86400 / STEP)


def day_and_night(points: int, seed: int = 1) -> list[float]:
    drawn = random.Random(seed)
    return [20 + 5 * math.sin(2 * math.pi * at / DAY) + drawn.gauss(0, 0.3) for at in range(points)]


def alerts_of(detector: StreamingDetector, values: list[float], first: int = 0) -> list[int]:
    found = []
    for at, value in enumerate(values, first):
        if detector.alerts(detector.score(at * STEP, value)):
            found.append(at)
    return found


class TestStreamingDetector:
    def test_finds_a_step_that_is_within_the_range_of_the_day(self) -> None:
        values = day_and_night(10 * DAY)
        for at in range(9 * DAY, 9 * DAY + 40):
            values[at] += 4
        found = alerts_of(StreamingDetector(), values)
        assert any(9 * DAY <= at < 9 * DAY + 40 for at in found)
        assert len(found) <= 3

    def test_gives_one_alert_for_one_episode(self) -> None:
        values = day_and_night(5 * DAY) + [60.0] * (COOL_DOWN // 2)
        found = alerts_of(StreamingDetector(), values)
        assert [at for at in found if at >= 5 * DAY] == [5 * DAY]

    def test_is_silent_on_a_constant(self) -> None:
        assert alerts_of(StreamingDetector(), [21.5] * 3000) == []

    def test_is_silent_while_it_warms_up(self) -> None:
        values = [20.0 + at % 3 for at in range(WARM_UP - 1)]
        values[-1] = 500.0
        assert alerts_of(StreamingDetector(), values) == []

    def test_expects_the_time_of_day(self) -> None:
        detector = StreamingDetector()
        alerts_of(detector, day_and_night(20 * DAY))
        assert detector.expected(DAY / 4 * STEP) == pytest.approx(25, abs=0.5)
        assert detector.expected(3 * DAY / 4 * STEP) == pytest.approx(15, abs=0.5)


class TestState:
    def test_goes_on_where_it_stopped(self) -> None:
        values = day_and_night(4 * DAY)
        whole, parted = StreamingDetector(), StreamingDetector()
        alerts_of(whole, values[: 3 * DAY])
        alerts_of(parted, values[: 3 * DAY])
        parted = StreamingDetector.from_json(json.loads(json.dumps(parted.to_json())))
        for at in range(3 * DAY, 4 * DAY):
            expected = whole.score(at * STEP, values[at])
            assert parted.score(at * STEP, values[at]) == pytest.approx(expected, abs=1e-3)

    def test_stays_below_four_kilobytes(self) -> None:
        detector = StreamingDetector()
        alerts_of(detector, day_and_night(60 * DAY))
        assert len(json.dumps(detector.to_json(), separators=(",", ":"))) < 4096

    def test_refuses_another_version(self) -> None:
        with pytest.raises(ValueError, match="version 0"):
            StreamingDetector.from_json({"version": 0})
