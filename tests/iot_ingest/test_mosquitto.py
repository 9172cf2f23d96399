"""What devices, gateways and strangers send through a real Mosquitto, from login to stored row."""

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition
from uuid import UUID

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select

from iot_ingest.devices.models import Device, DeviceContact
from iot_ingest.devices.queries import list_broker_logins
from iot_ingest.devices.tokens import mosquitto_hash
from iot_ingest.devices.topics import SUBSCRIPTIONS
from iot_ingest.readings.models import DeadLetter, DeviceMessage, DropCount, Reading
from iot_ingest.readings.quality import Drop
from kernel import clock
from tests.conftest import Database
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_device_with_token
from tests.iot_ingest.devices_under_test import FakeDevice
from tests.iot_ingest.intake.test_bad_input import World, cases, good, make_world
from tests.iot_ingest.readings.sparkplug_bytes import metric, payload
from tests.iot_ingest.test_mqtt import count, ingest_process, ingesting
from tests.tooling import mosquitto
from tests.waiting import eventually

pytestmark = pytest.mark.mosquitto
PATIENCE_SECONDS = 60.0
NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
LONGEST_TOPIC_BYTES = 65_535


@pytest.fixture(autouse=True)
def noon(database: Database) -> None:
    with database.transaction() as session:
        clock.freeze(session, NOON)


@dataclass
class Broker:
    """Mosquitto with the access rules of the containers, and one login that none of them binds:
    what a wrong rule, or a bridge to a foreign broker, would let through."""

    running: mosquitto.Broker

    @property
    def url(self) -> str:
        """For ingest."""
        return f"mqtt://ingest:reader@127.0.0.1:{self.running.port}"

    def let_in(self, database: Database) -> None:
        """Writes the logins of all devices, as `firstfix logins` does."""
        own = {"ingest": mosquitto_hash("reader"), "intruder": mosquitto_hash("anything")}
        with database.transaction() as session:
            logins = [*own.items(), *((str(row[0]), row[1]) for row in list_broker_logins(session))]
        self.running.logins.write_text("".join(f"{user}:{key}\n" for user, key in logins))
        self.running.logins.chmod(0o600)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with mosquitto.running(tmp_path) as found:
        rules = tmp_path / "config" / "acl"
        rules.write_text(f"{rules.read_text()}\nuser intruder\ntopic readwrite #\n")
        yield Broker(found)


class Wire:
    """A connection that publishes bytes one after another, and remembers what it is told."""

    def __init__(self, port: int, user: str, password: str, will: tuple[str, bytes] | None) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._changed, self._subscribed = Condition(), 0
        self.paho = paho.Client(CallbackAPIVersion.VERSION2, client_id=user)
        self.paho.username_pw_set(user, password)
        self.paho.reconnect_delay_set(1, 1)
        self.paho.on_message = self._on_message
        self.paho.on_subscribe = self._on_subscribe
        if will is not None:
            self.paho.will_set(will[0], will[1], qos=1)
        self.paho.connect_async("127.0.0.1", port)
        self.paho.loop_start()
        assert eventually(self.paho.is_connected), "the broker does not let it in"

    def listen(self, topic: str) -> None:
        self.paho.subscribe(topic, qos=1)
        with self._changed:
            assert self._changed.wait_for(lambda: self._subscribed > 0, PATIENCE_SECONDS)

    def send(self, topic: str, content: bytes) -> None:
        """Returns when the broker has it, so that what follows comes after it."""
        self.paho.publish(topic, content, qos=1).wait_for_publish(PATIENCE_SECONDS)

    def vanish(self) -> None:
        """Without a word, so that the broker speaks the will."""
        self.paho.loop_stop()
        sock = self.paho.socket()
        assert sock is not None
        sock.close()

    def _on_message(self, _: object, __: object, message: paho.MQTTMessage) -> None:
        with self._changed:
            self.heard.append((message.topic, message.payload))
            self._changed.notify_all()

    def _on_subscribe(self, *_: object) -> None:
        with self._changed:
            self._subscribed += 1
            self._changed.notify_all()


@contextmanager
def wire(
    broker: Broker, user: UUID | str, password: str, will: tuple[str, bytes] | None = None
) -> Iterator[Wire]:
    made = Wire(broker.running.device_port, str(user), password, will)
    try:
        yield made
    finally:
        made.paho.disconnect()
        made.paho.loop_stop()


@dataclass(frozen=True)
class Gateway:
    id: UUID
    token: str
    pump: UUID
    """The device behind it that it calls `pump`."""


@pytest.fixture
def gateway(database: Database, broker: Broker) -> Gateway:
    with database.transaction() as session:
        asset = make_asset(session)
        node, token = make_device_with_token(session, asset, kind="gateway")
        pump, _ = make_device_with_token(session, asset, gateway_id=node.id, gateway_name="pump")
        found = Gateway(node.id, token, pump.id)
    broker.let_in(database)
    return found


def stored(database: Database, device_id: UUID) -> list[tuple[str, float]]:
    with database.transaction() as session:
        rows = session.execute(
            select(Reading.metric, Reading.value)
            .where(Reading.device_id == device_id)
            .order_by(Reading.ts, Reading.metric)
        )
        return [(row[0], row[1]) for row in rows]


def is_online(database: Database, device_id: UUID) -> bool | None:
    with database.transaction() as session:
        return session.get_one(DeviceContact, device_id).online


def dropped(database: Database) -> Counter[str]:
    with database.transaction() as session:
        rows = session.execute(
            select(DropCount.reason, func.sum(DropCount.times)).group_by(DropCount.reason)
        )
        return Counter({reason: int(times) for reason, times in rows})


def epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class TestSharedSubscription:
    def test_two_processes_share_the_messages_and_each_is_taken_in_once(
        self, database: Database, broker: Broker, tmp_path: Path
    ) -> None:
        with database.transaction() as session:
            device, token = make_device_with_token(session)
            device_id = device.id
        broker.let_in(database)
        url = f"mqtt://127.0.0.1:{broker.running.device_port}"
        with ExitStack() as stack:
            first, second = (
                stack.enter_context(sharing(broker, database, tmp_path / name))
                for name in ("one", "two")
            )
            for ready in (tmp_path / "one", tmp_path / "two"):
                assert eventually(ready.exists, 120), "ingest does not get through to the broker"
            fake = FakeDevice(url, device_id, token, login=True)
            stack.callback(fake.stop)
            fake.wait_connected()
            fake.measure_many(40, NOON - timedelta(minutes=1))
            # One of them stands still: what is stored now came through the other alone.
            first.send_signal(signal.SIGSTOP)
            fake.send_kept()
            assert eventually(lambda: count(database, Reading) >= 10)
            assert count(database, Reading) < 40
            first.send_signal(signal.SIGCONT)
            assert fake.wait_acknowledged(39, PATIENCE_SECONDS)
            assert second.poll() is None
        assert (count(database, Reading), count(database, DeviceMessage)) == (40, 40)
        assert dropped(database) == Counter()


@contextmanager
def sharing(broker: Broker, database: Database, ready: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ingest, named like the file that appears once it has subscribed."""
    over = {
        "FIRSTFIX_MQTT_PER_DEVICE_ACL": "true",
        "INGEST_NAME": ready.name,
        "INGEST_READY": str(ready),
    }
    with ingest_process(broker.url, database, **over) as process:
        try:
            yield process
        finally:
            os.kill(process.pid, signal.SIGCONT)


class TestThingsBoardGateway:
    def test_connects_speaks_for_its_device_and_disconnects(
        self, database: Database, broker: Broker, gateway: Gateway
    ) -> None:
        topic = f"v1/gateway/{gateway.id}"
        content = {"pump": [{"ts": epoch_ms(NOON), "values": {"Supply Temp": 61.5}}]}
        with (
            ingesting(broker.url, mqtt_per_device_acl=True),
            wire(broker, gateway.id, gateway.token) as sender,
        ):
            sender.send(f"{topic}/connect", b'{"device": "pump"}')
            sender.send(f"{topic}/telemetry", json.dumps(content).encode())
            assert eventually(lambda: stored(database, gateway.pump) == [("supply_temp", 61.5)])
            assert is_online(database, gateway.pump)
            sender.send(f"{topic}/disconnect", b'{"device": "pump"}')
            assert eventually(lambda: is_online(database, gateway.pump) is False)
        assert dropped(database) == Counter()


class TestSparkplug:
    def test_from_birth_over_aliases_and_a_lost_message_to_the_will(
        self, database: Database, broker: Broker, gateway: Gateway
    ) -> None:
        def topic(kind: str) -> str:
            behind = "/pump" if kind.startswith("D") else ""
            return f"spBv1.0/plant/{kind}/{gateway.id}{behind}"

        at = epoch_ms(NOON)
        death = payload(metric("bdSeq", datatype=4, value=3))
        birth = payload(metric("bdSeq", datatype=4, value=3), seq=0, ts=at - 9000)
        named = metric("Supply Temp", alias=7, datatype=10, value=60.5)
        with (
            ingesting(broker.url, mqtt_per_device_acl=True),
            wire(broker, gateway.id, gateway.token, (topic("NDEATH"), death)) as node,
        ):
            node.listen(topic("NCMD"))
            node.send(topic("NBIRTH"), birth)
            node.send(topic("DBIRTH"), payload(named, seq=1, ts=at - 8000))
            node.send(topic("DDATA"), payload(metric(alias=7, value=61.5), seq=2, ts=at - 7000))
            expected = [("supply_temp", 60.5), ("supply_temp", 61.5)]
            assert eventually(lambda: stored(database, gateway.pump) == expected)
            assert (is_online(database, gateway.id), is_online(database, gateway.pump)) == (
                True,
                True,
            )
            assert node.heard == []
            # Message 3 is lost on the way: the node is asked to say again what it has.
            node.send(topic("DDATA"), payload(metric(alias=7, value=62.5), seq=4, ts=at - 5000))
            assert eventually(lambda: len(node.heard) == 1)
            (asked, command) = node.heard[0]
            assert asked == topic("NCMD")
            assert b"Node Control/Rebirth" in command
            assert eventually(lambda: len(stored(database, gateway.pump)) == 3)
            node.vanish()
            assert eventually(lambda: is_online(database, gateway.id) is False)
            assert is_online(database, gateway.pump) is False
        assert dropped(database) == Counter()


def is_matched(topic: str, pattern: str) -> bool:
    """Whether the broker hands a message of this topic to whoever subscribes to the pattern."""
    return paho.topic_matches_sub(pattern, topic)


def can_be_published(topic: str) -> bool:
    """MQTT has no packet for the others."""
    return (
        0 < len(topic.encode()) <= LONGEST_TOPIC_BYTES
        and not set(topic) & {"+", "#", "\0"}
        and not topic.startswith("$")
    )


class TestBadInput:
    @pytest.mark.parametrize("knows_devices", [True, False])
    def test_every_kind_is_counted_and_the_good_between_is_stored(
        self, database: Database, broker: Broker, knows_devices: bool
    ) -> None:
        """Once from a broker that has checked the devices, once from one that has not."""
        with database.transaction() as session:
            world: World = make_world(session)
        broker.let_in(database)
        tried = [case for case in cases(world) if case.is_proven is knows_devices]
        expected: Counter[str] = Counter()
        kept = 0
        with (
            ingesting(broker.url, mqtt_per_device_acl=knows_devices),
            wire(broker, "intruder", "anything") as stranger,
        ):
            for seq, case in enumerate(tried):
                topic = case.topic.replace("{id}", str(world.device_id))
                if can_be_published(topic):
                    stranger.send(topic, case.payload)
                    reaches = any(is_matched(topic, pattern) for pattern in SUBSCRIPTIONS)
                    expected[str(case.reason)] += case.times if reaches else 0
                    kept += reaches
                fine = good(world, seq)
                if not knows_devices:
                    fine = json.dumps({**json.loads(fine), "token": world.token}).encode()
                stranger.send(f"devices/{world.device_id}/readings", fine)
            assert eventually(lambda: count(database, Reading) == len(tried), 120)
            assert eventually(lambda: sum(dropped(database).values()) == sum(expected.values()))
        assert kept >= (100 if knows_devices else 5)
        found = dropped(database)
        # NaN and infinity have two spellings each: in one batch the second is the first again.
        found[Drop.NOT_A_NUMBER] += found.pop(Drop.DUPLICATE_MESSAGE, 0)
        assert +found == +expected
        with database.transaction() as session:
            letters = set(session.scalars(select(DeadLetter.reason)))
            assert session.get_one(Device, world.device_id)
        assert letters == set(+expected)
