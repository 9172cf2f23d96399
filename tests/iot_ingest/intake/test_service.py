"""The pipeline: each message once, whatever the network did to it."""

import random
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import AlertStatus, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.devices import queries as devices
from iot_ingest.devices import service as registry
from iot_ingest.intake.service import Ack, Incoming, ingest
from iot_ingest.readings.models import DeviceMessage, DropCount, Reading
from iot_ingest.readings.quality import Drop
from kernel import clock
from kernel.audit import AuditEntry
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import (
    make_device,
    make_device_with_token,
    make_message,
    make_rule,
    make_run,
    reading,
)


@pytest.fixture
def noon(session: Session) -> datetime:
    at = clock.now(session).replace(hour=12, minute=0, second=0, microsecond=0)
    clock.freeze(session, at)
    return at


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


class TestIngest:
    def test_stores_readings_and_acknowledges(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        outcome = ingest(session, make_run(device, 0, noon, [20.0, 21.0, 22.0], minutes=-1))
        assert outcome.accepted == 3
        assert outcome.acks == [Ack(device.id, "boot-1", 2)]
        assert not outcome.dropped
        values = session.scalars(select(Reading.value).order_by(Reading.ts)).all()
        assert list(values) == [22.0, 21.0, 20.0]

    def test_a_replayed_batch_stores_nothing_and_is_acknowledged_again(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        batch = make_run(device, 0, noon, [20.0, 21.0])
        first = ingest(session, batch)
        again = ingest(session, batch)
        assert again.acks == first.acks
        assert again.accepted == 0
        assert again.dropped == {Drop.DUPLICATE_MESSAGE: 2}
        assert count(session, Reading) == 2
        assert count(session, DeviceMessage) == 2

    def test_a_message_twice_in_one_batch_is_one(self, session: Session, noon: datetime) -> None:
        message = make_message(make_device(session), 0, [reading(noon, 20.0)])
        outcome = ingest(session, [message, message])
        assert (outcome.accepted, dict(outcome.dropped)) == (1, {Drop.DUPLICATE_MESSAGE: 1})

    def test_any_order_with_repeats_ends_in_the_same_place(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        messages = make_run(device, 0, noon - timedelta(hours=2), [float(i) for i in range(20)])
        shuffled = messages * 3
        random.Random(7).shuffle(shuffled)
        last: list[Ack] = []
        while shuffled:
            last = ingest(session, [shuffled.pop() for _ in range(4)]).acks
        assert count(session, Reading) == 20
        assert last == [Ack(device.id, "boot-1", 19)]

    def test_does_not_acknowledge_over_a_gap(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        messages = make_run(device, 0, noon, [1.0, 2.0, 3.0, 4.0])
        assert ingest(session, [messages[0], messages[3]]).acks == [Ack(device.id, "boot-1", 0)]
        assert ingest(session, [messages[1]]).acks == [Ack(device.id, "boot-1", 1)]
        assert ingest(session, [messages[2]]).acks == [Ack(device.id, "boot-1", 3)]

    def test_closes_a_gap_that_the_device_says_is_lost(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        ingest(session, make_run(device, 0, noon, [1.0]))
        lost = make_message(device, 9, [reading(noon, 2.0)], oldest=9)
        assert ingest(session, [lost]).acks == [Ack(device.id, "boot-1", 9)]

    def test_gives_a_gap_up_after_two_minutes(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        messages = make_run(device, 5, noon, [1.0, 2.0])
        assert ingest(session, messages[:1]).acks == []
        session.execute(
            text("UPDATE device_messages SET received_at = received_at - interval '2 minutes'")
        )
        assert ingest(session, messages[1:]).acks == [Ack(device.id, "boot-1", 6)]

    def test_a_restarted_device_counts_anew(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        ingest(session, make_run(device, 0, noon, [1.0, 2.0]))
        restarted = make_message(
            device, 0, [reading(noon + timedelta(minutes=9), 3.0)], boot_id="boot-2"
        )
        assert ingest(session, [restarted]).acks == [Ack(device.id, "boot-2", 0)]
        assert count(session, Reading) == 3

    def test_messages_without_a_count_are_told_apart_by_content(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        messages = [make_message(device, None, [reading(noon, v)]) for v in (1.0, 1.0)]
        outcome = ingest(session, messages)
        assert (outcome.accepted, outcome.acks) == (1, [])

    def test_the_same_value_later_without_a_time_is_another_reading(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        for minutes in (0, 1, 2):
            clock.freeze(session, noon + timedelta(minutes=minutes))
            outcome = ingest(session, [make_message(device, None, [reading(None, 21.5)])])
            assert (outcome.accepted, outcome.dropped) == (1, {})
        assert devices.get_view(session, device.id).last_seen_at == noon + timedelta(minutes=2)

    def test_notes_when_a_device_was_heard_without_an_audit_row(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        assert not devices.get_view(session, device.id).online
        before = count(session, AuditEntry)
        ingest(session, make_run(device, 0, noon, [1.0]))
        assert count(session, AuditEntry) == before
        view = devices.get_view(session, device.id)
        assert (view.online, view.last_seen_at) == (True, noon)
        clock.freeze(session, noon + timedelta(minutes=30))
        assert not devices.get_view(session, device.id).online


class TestAdmission:
    def test_without_proof_the_message_needs_its_devices_token(
        self, session: Session, noon: datetime
    ) -> None:
        device, token = make_device_with_token(session)
        _, foreign = make_device_with_token(session)
        good = make_message(device, 0, [reading(noon, 1.0)], proven=False, token=token)
        for bad in (None, "ffd_guess", foreign):
            refused = ingest(session, [make_message(device, 1, proven=False, token=bad)])
            assert refused.dropped == {Drop.WRONG_TOKEN: 1}
            assert refused.acks == []
        assert ingest(session, [good]).accepted == 1

    def test_a_revoked_device_is_not_heard(self, session: Session, noon: datetime) -> None:
        device = make_device(session)
        registry.revoke(session, device.id)
        outcome = ingest(session, make_run(device, 0, noon, [1.0]))
        assert outcome.dropped == {Drop.REVOKED_DEVICE: 1}

    def test_an_unknown_device_is_counted_under_nobody(self, session: Session) -> None:
        outcome = ingest(session, [Incoming(uuid4(), None, True), Incoming(None, None, True)])
        assert outcome.dropped == {Drop.UNKNOWN_DEVICE: 2}

    def test_a_message_of_another_device_is_refused(self, session: Session, noon: datetime) -> None:
        device, other = make_device(session), make_device(session)
        message = make_message(device, 0, [reading(noon, 1.0)], device_id=str(other.id))
        assert ingest(session, [message]).dropped == {Drop.WRONG_DEVICE: 1}

    def test_bad_readings_cost_themselves_only_and_are_counted(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        readings = [
            reading(noon, 20.0),
            reading(noon, float("nan"), "pressure"),
            reading(noon, "high", "pressure"),
            reading(noon + timedelta(hours=1), 1.0),
            reading(noon - timedelta(days=15), 1.0),
            reading("soon", 1.0),
            reading(noon, 1.0, "Bad Name"),
        ]
        outcome = ingest(session, [make_message(device, 0, readings)])
        assert outcome.accepted == 1
        assert outcome.acks == [Ack(device.id, "boot-1", 0)]
        assert outcome.dropped == {
            Drop.NOT_A_NUMBER: 2,
            Drop.IN_THE_FUTURE: 1,
            Drop.TOO_OLD: 1,
            Drop.BAD_TIME: 1,
            Drop.BAD_METRIC: 1,
        }
        assert session.scalar(select(func.sum(DropCount.times))) == 6

    def test_the_same_reading_in_two_messages_is_stored_once(
        self, session: Session, noon: datetime
    ) -> None:
        device = make_device(session)
        messages = [make_message(device, seq, [reading(noon, 20.0)]) for seq in (0, 1)]
        outcome = ingest(session, messages)
        assert (outcome.accepted, dict(outcome.dropped)) == (1, {Drop.DUPLICATE_READING: 1})


class TestRules:
    def test_a_fault_opens_one_alert_at_the_exact_moment(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session)
        device = make_device(session)
        start = noon - timedelta(hours=1)
        run = make_run(device, 0, start, [85.0, 86.0, 87.0, 88.0])
        ingest(session, run[:2])
        assert count(session, Alert) == 0
        ingest(session, run[2:])
        alert = session.scalars(select(Alert)).one()
        assert alert.opened_at == start + timedelta(minutes=10)
        assert alert.evidence["value"] == 87.0
        assert alert.evidence["since"] == start.isoformat()
        assert alert.asset_id == device.asset_id

    def test_replayed_messages_do_not_shorten_the_duration(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session)
        device = make_device(session)
        run = make_run(device, 0, noon - timedelta(hours=1), [85.0, 86.0])
        for _ in range(5):
            ingest(session, run)
        assert count(session, Alert) == 0

    def test_a_late_reading_is_stored_but_not_judged(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        ingest(session, make_run(device, 0, noon, [20.0]))
        late = make_message(device, 1, [reading(noon - timedelta(minutes=5), 99.0)])
        assert ingest(session, [late]).accepted == 1
        assert count(session, Alert) == 0

    def test_two_devices_of_one_asset_share_the_alert(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session, duration_seconds=0)
        asset = make_asset(session)
        for device in (make_device(session, asset), make_device(session, asset)):
            ingest(session, make_run(device, 0, noon, [90.0]))
        assert session.scalars(select(Alert)).one().evidence["occurrences"] == 2

    def test_a_quiet_value_clears_the_alert_and_the_next_episode_is_a_new_one(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        start = noon - timedelta(hours=1)
        ingest(session, make_run(device, 0, start, [90.0, 75.0, 69.0, 91.0]))
        first, second = session.scalars(select(Alert).order_by(Alert.opened_at)).all()
        assert (first.status, first.disposition) == (AlertStatus.CLEARED, Disposition.SELF_CLEARED)
        assert second.status is AlertStatus.ACTIVE
        assert second.opened_at == start + timedelta(minutes=15)

    def test_rules_of_another_model_or_switched_off_stay_silent(
        self, session: Session, noon: datetime
    ) -> None:
        make_rule(session, duration_seconds=0, model="X-1")
        make_rule(session, duration_seconds=0, active=False)
        ingest(session, make_run(make_device(session), 0, noon, [99.0]))
        assert count(session, Alert) == 0
