"""Readings that are stored with a mark: stuck sensors and counters that began anew."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from iot_ingest.intake.service import Outcome, ingest
from iot_ingest.predictions.queries import Stream, readings_after
from iot_ingest.readings.messages import RawReading
from iot_ingest.readings.models import DeadLetter, DropCount, ReadingMark
from iot_ingest.readings.quality import Drop
from iot_ingest.readings.queries import means
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.dry_runs import try_on_history
from iot_ingest.rules.threshold import Op
from kernel import clock
from tests.client import ApiClient
from tests.factories.iot_ingest import make_device, make_message, make_rule, reading
from tests.principals import dispatcher

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def noon(session: Session) -> datetime:
    at = clock.now(session).replace(hour=12, minute=0, second=0, microsecond=0)
    clock.freeze(session, at)
    return at


def send(
    session: Session, device: Device, seq: int, readings: list[tuple[datetime, float]], metric: str
) -> Outcome:
    raw: list[RawReading] = [reading(ts, value, metric) for ts, value in readings]
    return ingest(session, [make_message(device, seq, raw)])


class TestStuckSensor:
    @pytest.fixture
    def device(self, session: Session, noon: datetime) -> Device:
        """Its flow moved every ten minutes for two days, and has stood still for two hours."""
        device = make_device(session)
        begin = noon - timedelta(days=2, hours=2)
        moving = [(begin + at * 10 * MINUTE, float(at % 7)) for at in range(288)]
        assert not send(session, device, 0, moving, "flow").marked
        standing = [(noon - 2 * HOUR + at * 5 * MINUTE, 3.5) for at in range(24)]
        outcome = send(session, device, 1, standing, "flow")
        assert (outcome.accepted, dict(outcome.marked)) == (24, {Drop.STUCK_SENSOR: 12})
        assert not outcome.dropped
        return device

    def test_is_counted_and_one_letter_tells_of_it(self, session: Session, device: Device) -> None:
        letter = session.scalars(select(DeadLetter)).one()
        assert (letter.reason, letter.device_id) == ("stuck_sensor", device.id)
        assert session.scalars(select(DropCount.times)).one() == 12

    def test_is_marked_until_it_moves(
        self, session: Session, device: Device, noon: datetime
    ) -> None:
        mark = session.scalars(select(ReadingMark)).one()
        assert (mark.metric, mark.since, mark.until) == ("flow", noon - 2 * HOUR, None)
        send(session, device, 2, [(noon, 4.0)], "flow")
        session.refresh(mark)
        assert mark.until == noon

    def test_one_that_moves_and_stands_still_again_in_one_message_is_marked_twice(
        self, session: Session, device: Device, noon: datetime
    ) -> None:
        clock.freeze(session, noon + 2 * HOUR)
        again = [(noon + at * 5 * MINUTE, 4.0) for at in range(24)]
        assert send(session, device, 2, again, "flow").marked == {Drop.STUCK_SENSOR: 12}
        marks = session.scalars(select(ReadingMark).order_by(ReadingMark.since)).all()
        assert [(mark.since, mark.until) for mark in marks] == [
            (noon - 2 * HOUR, noon),
            (noon, None),
        ]

    def test_the_same_message_again_changes_nothing(
        self, session: Session, device: Device, noon: datetime
    ) -> None:
        repeated = send(session, device, 1, [(noon, 3.5)], "flow")
        assert repeated.dropped == {Drop.DUPLICATE_MESSAGE: 1}
        assert not repeated.marked

    def test_people_are_shown_it(self, client: Callable[..., ApiClient], device: Device) -> None:
        office = client(dispatcher())
        (mark,) = office.get(f"/api/ingest/marks?device_id={device.id}").json()
        assert (mark["reason"], mark["metric"], mark["until"]) == ("stuck_sensor", "flow", None)
        assert office.get("/api/ingest/drops").json()["dropped"] == {"stuck_sensor": 12}


class TestCounterReset:
    METRIC = "energy_total"

    def watch(self, session: Session) -> dict[str, object]:
        """Energy that changes by more than 600 an hour, up or down, within half an hour."""
        fields = {"metric": self.METRIC, "measure": Measure.RATE, "rate_seconds": 1800,
                  "duration_seconds": 0}  # fmt: skip
        make_rule(session, name="Falls", op=Op.BELOW, threshold=-100, clear_threshold=0,
                  fault_class="falls", **fields)  # fmt: skip
        rule = make_rule(session, name="Rises", op=Op.ABOVE, threshold=600, clear_threshold=500,
                         fault_class="rises", **fields)  # fmt: skip
        names = ("name", "metric", "op", "threshold", "clear_threshold", "measure", "rate_seconds")
        return {name: getattr(rule, name) for name in names} | {
            "op": Op.BELOW,
            "threshold": -100.0,
            "clear_threshold": 0.0,
        }

    def counted(self, noon: datetime) -> list[tuple[datetime, float]]:
        """A meter that counts 5 a minute from 1000 and begins anew after an hour."""
        begin = noon - 2 * HOUR
        before = [(begin + at * MINUTE, 1000.0 + 5 * at) for at in range(60)]
        return before + [(begin + (60 + at) * MINUTE, 5.0 * at) for at in range(60)]

    def test_is_no_negative_rate(self, session: Session, noon: datetime) -> None:
        fields = self.watch(session)
        device = make_device(session)
        outcome = send(session, device, 0, self.counted(noon), self.METRIC)
        assert (outcome.accepted, dict(outcome.marked)) == (120, {Drop.COUNTER_RESET: 1})
        assert session.scalars(select(Alert)).all() == []
        assert try_on_history(session, fields, 1).times == 0
        mark = session.scalars(select(ReadingMark)).one()
        assert (mark.since, mark.until, mark.fell_by) == (noon - HOUR, noon - HOUR, 1295.0)
        assert session.scalars(select(DeadLetter.reason)).all() == ["counter_reset"]

    def test_a_metric_that_is_no_counter_still_alerts(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session, metric="level", measure=Measure.RATE, rate_seconds=1800, op=Op.BELOW,
                  threshold=-100, clear_threshold=0, duration_seconds=0)  # fmt: skip
        outcome = send(session, make_device(session), 0, self.counted(noon), "level")
        assert not outcome.marked
        assert len(session.scalars(select(Alert)).all()) == 1

    def test_detectors_see_it_go_on(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        send(session, device, 0, self.counted(noon), self.METRIC)
        stream = Stream(device.id, device.asset_id, "", self.METRIC, None)
        seen = [value for _, value in readings_after(session, stream, noon - 3 * HOUR, 500)]
        assert seen == sorted(seen)
        assert (seen[59], seen[60], seen[-1]) == (1295.0, 1295.0, 1590.0)
        together = means(session, device.asset_id, [self.METRIC], 2 * MINUTE, noon - 3 * HOUR, noon)
        assert [mean.value for mean in together] == sorted(mean.value for mean in together)
