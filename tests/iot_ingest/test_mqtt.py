"""From a device over a real broker into a real database, and back to the device."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from iot_ingest import metrics
from iot_ingest.alerts.models import Alert
from iot_ingest.broker.connection import Delivery
from iot_ingest.inbound import incoming_of
from iot_ingest.mqtt import MqttIngest, UnsafeBrokerError
from iot_ingest.readings.models import DeviceMessage, DropCount, Reading
from iot_ingest.readings.quality import Drop
from kernel import clock
from kernel.embedded import Embedded, start
from kernel.settings import settings
from tests.conftest import Database
from tests.factories.iot_ingest import make_device_with_token, make_rule
from tests.iot_ingest.devices_under_test import FakeDevice
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Embedded]:
    """A broker of its own: it remembers what ingest has not acknowledged."""
    embedded = start(tmp_path / "mqtt", postgres=False, broker=False)
    yield embedded
    embedded.stop()


@contextmanager
def ingesting(url: str, **over: object) -> Iterator[MqttIngest]:
    """Ingest in a thread of this process."""
    made = MqttIngest(settings().model_copy(update={"mqtt_url": url, **over}))
    stop = threading.Event()
    thread = threading.Thread(target=made.run_until, args=(stop,))
    thread.start()
    assert made.subscribed.wait(20), "ingest does not get through to the broker"
    try:
        yield made
    finally:
        stop.set()
        thread.join(20)


@contextmanager
def ingest_process(
    url: str, database: Database, failpoints: str = "", **over: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "MQTT_URL": url,
        "DATABASE_URL": database.url,
        "FIRSTFIX_FAILPOINTS": failpoints,
        "PYTHONPATH": str(ROOT),
        **over,
    }
    script = Path(__file__).with_name("ingest_process.py")
    process = subprocess.Popen([sys.executable, str(script)], env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def make_fake(database: Database, url: str) -> FakeDevice:
    with database.transaction() as session:
        device, token = make_device_with_token(session)
        device_id: UUID = device.id
    fake = FakeDevice(url, device_id, token)
    fake.wait_connected()
    return fake


def count(database: Database, table: type) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


class TestEndToEnd:
    def test_a_fault_reported_by_mqtt_opens_an_alert_and_is_acknowledged(
        self, database: Database, broker: Embedded
    ) -> None:
        with database.transaction() as session:
            make_rule(session, duration_seconds=0)
            now = clock.now(session)
        fake = make_fake(database, broker.mqtt_url)
        with ingesting(broker.mqtt_url):
            for seq, value in enumerate((20.0, 95.0, 96.0)):
                fake.measure(seq, now + timedelta(seconds=seq), value)
            fake.send_kept()
            assert fake.wait_acknowledged(2)
        fake.stop()
        assert fake.kept == {}
        assert fake.acks[-1] == {"boot_id": "b1", "seq": 2}
        with database.transaction() as session:
            assert session.scalars(select(Alert)).one().device_id == fake.device_id

    def test_the_broker_keeps_messages_while_ingest_is_away(
        self, database: Database, broker: Embedded
    ) -> None:
        fake = make_fake(database, broker.mqtt_url)
        with ingesting(broker.mqtt_url):
            pass
        with database.transaction() as session:
            fake.measure_many(5, clock.now(session))
        fake.send_kept()
        with ingesting(broker.mqtt_url):
            assert fake.wait_acknowledged(4)
        fake.stop()
        assert count(database, Reading) == 5

    def test_a_foreign_topic_or_token_stores_nothing(
        self, database: Database, broker: Embedded
    ) -> None:
        victim = make_fake(database, broker.mqtt_url)
        attacker = make_fake(database, broker.mqtt_url)
        with database.transaction() as session:
            attacker.measure(0, clock.now(session), 99.0)
        with ingesting(broker.mqtt_url):
            attacker.send_as(victim.device_id)
            attacker.send_kept()
            assert attacker.wait_acknowledged(0)
        victim.stop()
        attacker.stop()
        assert victim.acks == []
        with database.transaction() as session:
            assert session.scalars(select(Reading.device_id)).all() == [attacker.device_id]
            assert session.scalars(select(DropCount.reason)).all() == [Drop.WRONG_TOKEN]


class TestKilledIngest:
    @pytest.mark.parametrize("moment", ["ingest.before_commit", "ingest.after_commit"])
    def test_killed_around_the_commit_everything_is_stored_once(
        self, database: Database, broker: Embedded, moment: str, tmp_path: Path
    ) -> None:
        fake = make_fake(database, broker.mqtt_url)
        with database.transaction() as session:
            fake.measure_many(30, clock.now(session))
        with ingesting(broker.mqtt_url):
            pass  # from now on the broker keeps what ingest has not acknowledged
        fake.send_kept()
        token = tmp_path / "killed"
        killer = f"{moment}=kill@{token}"
        with ingest_process(broker.mqtt_url, database, killer) as process:
            assert process.wait(180) == -signal.SIGKILL
        before = count(database, Reading)
        assert before == 0 if moment == "ingest.before_commit" else before > 0
        assert fake.highest_ack == -1
        with ingest_process(broker.mqtt_url, database):
            # the broker gives back what was not acknowledged to it; the device repeats too
            fake.send_kept()
            assert fake.wait_acknowledged(29, 180)
        fake.stop()
        assert count(database, Reading) == 30
        assert count(database, DeviceMessage) == 30


class TestBrokerKilled:
    def test_what_the_broker_lost_the_device_repeats(
        self, database: Database, tmp_path: Path
    ) -> None:
        embedded = start(tmp_path, postgres=False, broker=False)
        fake = make_fake(database, embedded.mqtt_url)
        with database.transaction() as session:
            fake.measure_many(50, clock.now(session))
        with ingesting(embedded.mqtt_url) as ingest:
            fake.send_kept()
            os.kill(embedded.pids["mqtt"], signal.SIGKILL)
            assert eventually(lambda: "mqtt" not in embedded.pids)
            embedded.revive()
            fake.wait_connected()
            assert ingest.subscribed.wait(30)
            fake.send_kept()
            assert fake.wait_acknowledged(49)
        fake.stop()
        embedded.stop()
        assert count(database, Reading) == 50


class TestMqttIngest:
    def test_refuses_a_broker_that_cannot_tell_devices_apart_in_production(self) -> None:
        production = settings().model_copy(
            update={"environment": "production", "mqtt_url": "mqtt://broker:1883"}
        )
        with pytest.raises(UnsafeBrokerError):
            MqttIngest(production)
        MqttIngest(production.model_copy(update={"mqtt_per_device_acl": True}))

    def test_one_message_the_database_refuses_blocks_no_other(
        self, database: Database, broker: Embedded
    ) -> None:
        before = metrics.DROPPED.labels(Drop.REFUSED_BY_DATABASE)._value.get()
        fake = make_fake(database, broker.mqtt_url)
        with database.transaction() as session:
            session.execute(text("ALTER TABLE readings ADD CHECK (value <> 666)"))
            now = clock.now(session)
        for seq, value in enumerate((1.0, 666.0, 3.0)):
            fake.measure(seq, now + timedelta(seconds=seq), value)
        with ingesting(broker.mqtt_url):
            fake.send_kept()
            assert fake.wait_acknowledged(0)
            assert eventually(lambda: count(database, Reading) == 2)
        fake.stop()
        assert fake.highest_ack == 0
        assert metrics.DROPPED.labels(Drop.REFUSED_BY_DATABASE)._value.get() > before


class TestIncomingOf:
    def test_garbage_is_handed_on_as_undecodable(self) -> None:
        (made,) = incoming_of(Delivery(1, "devices/x/readings", b"\xff"), is_proven=False)
        assert (made.device_id, made.message) == (None, None)
