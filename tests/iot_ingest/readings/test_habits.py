"""Sensors that stop moving and counters that begin anew, told from what is usual of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from iot_ingest.readings.counters import continued
from iot_ingest.readings.habits import (
    DAY,
    HOUR,
    Habit,
    Noted,
    habits_from_json,
    habits_to_json,
)

MINUTE = 60.0


def taken(readings: Iterable[tuple[float, float]], metric: str = "flow") -> list[Noted | None]:
    habit: Habit | None = None
    found = []
    for at, value in readings:
        if habit is None:
            habit = Habit.of(at, value)
        else:
            found.append(habit.take(metric, at, value))
    return found


def moving(days: float, every: float = 10 * MINUTE) -> list[tuple[float, float]]:
    return [(at * every, at % 7) for at in range(int(days * DAY / every))]


def still(begin: float, hours: float, value: float = 3.5) -> list[tuple[float, float]]:
    return [(begin + at * 5 * MINUTE, value) for at in range(int(hours * 12) + 1)]


class TestStuck:
    def test_a_sensor_that_usually_moves_is_stuck_after_an_hour(self) -> None:
        found = [one for one in taken([*moving(2), *still(2 * DAY, 2)]) if one]
        assert found[0] == Noted(stuck_since=2 * DAY, begins=True)
        assert len(found) == 13
        assert not any(one.begins for one in found[1:])

    def test_moving_again_ends_it(self) -> None:
        readings = [*moving(2), *still(2 * DAY, 2), (2 * DAY + 3 * HOUR, 4.0)]
        assert taken(readings)[-1] == Noted(moves=True)

    def test_what_rests_every_night_is_not_stuck(self) -> None:
        readings: list[tuple[float, float]] = []
        for day in range(6):
            readings += [(day * DAY + at, value) for at, value in moving(0.5)]
            readings += still(day * DAY + DAY / 2, 11.9, value=0.0)
        assert not any(taken(readings))

    def test_a_weekend_after_nights_is_not_stuck(self) -> None:
        readings: list[tuple[float, float]] = []
        for day in range(5):
            readings += [(day * DAY + at, value) for at, value in moving(0.5)]
            readings += still(day * DAY + DAY / 2, 11.9 + (48 if day == 4 else 0), value=0.0)
        assert not any(taken(readings))

    def test_a_value_that_never_moves_is_nothing_to_remark(self) -> None:
        assert not any(taken(still(0, 200)))

    def test_an_hour_of_silence_is_not_standing_still(self) -> None:
        assert not any(taken([*moving(2), (2 * DAY, 3.5), (3 * DAY, 3.5), (3 * DAY + 60, 3.5)]))

    def test_what_comes_late_changes_nothing(self) -> None:
        habit = Habit.of(100.0, 1.0)
        assert habit.take("flow", 50.0, 9.0) is None
        assert habit == Habit.of(100.0, 1.0)


class TestRestart:
    def counter(self, count: int, every: float = MINUTE) -> list[tuple[float, float]]:
        return [(at * every, 1000.0 + at) for at in range(count)]

    def test_a_named_counter_that_falls_began_anew(self) -> None:
        found = taken([*self.counter(30), (HOUR, 2.0)], "energy_total")
        assert found[-1] == Noted(fell_by=1027.0)
        assert not any(found[:-1])

    def test_so_did_one_that_rose_for_a_week_without_a_fall(self) -> None:
        readings = self.counter(24 * 8, HOUR)
        assert taken([*readings, (8 * DAY, 2.0)], "energy")[-1] is None
        readings = self.counter(24 * 9, HOUR)
        assert taken([*readings, (9 * DAY, 2.0)], "energy")[-1] == Noted(fell_by=1213.0)

    def test_a_pressure_that_rose_for_an_hour_and_bursts_is_no_counter(self) -> None:
        assert not any(taken([*self.counter(60), (2 * HOUR, 0.0)], "pressure"))

    def test_what_falls_a_little_is_no_counter(self) -> None:
        readings = [*self.counter(30), (HOUR, 1020.0), (HOUR + 60, 1.0)]
        assert not any(taken(readings, "energy_total"))


class TestContinued:
    def test_goes_on_where_it_was(self) -> None:
        noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
        moments = [noon + timedelta(minutes=at) for at in range(5)]
        readings = list(zip(moments, [10.0, 12.0, 1.0, 3.0, 0.0], strict=True))
        falls = [(moments[2], 11.0), (moments[4], 3.0)]
        assert [value for _, value in continued(readings, falls)] == [10, 12, 12, 14, 14]
        assert list(continued(readings, [])) == readings


def test_survives_being_written_down() -> None:
    habits = {"flow": Habit(1.5, -2e99, 1.0, 0.0, 0.5, 3, 4, 5.5, 6, is_stuck=True)}
    assert habits_from_json(habits_to_json(habits)) == habits
    assert habits_from_json(None) == {}
