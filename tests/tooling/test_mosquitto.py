"""The broker's real configuration keeps each device to its own topics and login."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import paho.mqtt.client as paho
import pytest

from iot_ingest.devices.tokens import mosquitto_hash
from iot_ingest.devices.topics import ALL_READINGS, ack_topic, readings_topic
from tests.tooling import mosquitto

pytestmark = pytest.mark.mosquitto
PATIENCE_SECONDS = 30.0

Write = Callable[..., None]


class Client:
    """One connection; remembers what arrived and whether the broker let it in."""

    def __init__(
        self, port: int, user: str | None, password: str = "", client_id: str | None = None
    ) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.something = threading.Condition()
        self.refused: bool | None = None
        self.connections = 0
        self.losses = 0
        self.subscriptions = 0
        self.paho = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=client_id or f"{user}-{uuid4()}"
        )
        self.paho.reconnect_delay_set(1, 1)
        if user is not None:
            self.paho.username_pw_set(user, password)
        self.paho.on_connect = self._connected
        self.paho.on_disconnect = self._lost
        self.paho.on_message = self._arrived
        self.paho.on_subscribe = self._subscribed
        self.port = port

    def _connected(
        self, client: object, data: object, flags: object, reason: object, *_: object
    ) -> None:
        with self.something:
            self.refused = bool(getattr(reason, "is_failure", False))
            self.connections += not self.refused
            self.something.notify_all()

    def _lost(self, *_: object) -> None:
        with self.something:
            self.losses += 1
            self.something.notify_all()

    def _subscribed(self, *_: object) -> None:
        with self.something:
            self.subscriptions += 1
            self.something.notify_all()

    def _arrived(self, client: object, data: object, message: paho.MQTTMessage) -> None:
        with self.something:
            self.arrived.append((message.topic, message.payload))
            self.something.notify_all()

    def wait(self, condition: Callable[[], bool]) -> bool:
        with self.something:
            return self.something.wait_for(condition, PATIENCE_SECONDS)


@contextmanager
def connected(port: int, user: str | None, password: str = "") -> Iterator[Client]:
    client = Client(port, user, password)
    client.paho.connect("127.0.0.1", port)
    client.paho.loop_start()
    try:
        assert client.wait(lambda: client.refused is not None)
        yield client
    finally:
        client.paho.disconnect()
        client.paho.loop_stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[int, Write]]:
    """The port of devices, and a function that writes logins: `write(ingest="secret", ...)`."""
    with mosquitto.running(tmp_path) as found:

        def write(**passwords: str) -> None:
            lines = [f"{user}:{mosquitto_hash(secret)}" for user, secret in passwords.items()]
            found.logins.write_text("\n".join(lines) + "\n")
            found.logins.chmod(0o600)

        write(ingest="reader")
        wait_for_port(found.device_port)
        yield found.device_port, write


def wait_for_port(port: int) -> None:
    """Connecting again and again is what a device does, too."""
    client = Client(port, "ingest", "reader")
    client.paho.connect_async("127.0.0.1", port)
    client.paho.loop_start()
    assert client.wait(lambda: client.connections > 0)
    client.paho.disconnect()
    client.paho.loop_stop()


def let_in(port: int, device: UUID, token: str) -> bool:
    """Whether the broker has read the new logins; it is told about them every second."""
    client = Client(port, str(device), token)
    client.paho.connect_async("127.0.0.1", port)
    client.paho.loop_start()
    try:
        return client.wait(lambda: client.connections > 0)
    finally:
        client.paho.disconnect()
        client.paho.loop_stop()


class TestLogins:
    def test_nobody_comes_in_without_one(self, broker: tuple[int, Write]) -> None:
        port, _ = broker
        with connected(port, None) as stranger:
            assert stranger.refused
        with connected(port, "ingest", "wrong") as guesser:
            assert guesser.refused

    def test_a_new_device_comes_in_and_a_revoked_one_is_out(
        self, broker: tuple[int, Write]
    ) -> None:
        port, write = broker
        device = uuid4()
        write(ingest="reader", **{str(device): "token"})
        assert let_in(port, device, "token")
        with connected(port, str(device), "token") as client:
            assert not client.refused
            write(ingest="reader")
            assert client.wait(lambda: client.losses > 0 and client.refused is True)


class TestTopics:
    def test_a_device_reaches_its_own_two_topics_only(self, broker: tuple[int, Write]) -> None:
        port, write = broker
        mine, other = uuid4(), uuid4()
        write(ingest="reader", **{str(mine): "token", str(other): "other"})
        assert let_in(port, mine, "token")
        with (
            connected(port, "ingest", "reader") as ingest,
            connected(port, str(mine), "token") as device,
        ):
            ingest.paho.subscribe(ALL_READINGS, qos=1)
            device.paho.subscribe(ack_topic(mine), qos=1)
            device.paho.subscribe(ack_topic(other), qos=1)
            device.paho.subscribe(ALL_READINGS, qos=1)
            assert ingest.wait(lambda: ingest.subscriptions == 1)
            assert device.wait(lambda: device.subscriptions == 3)
            device.paho.publish(readings_topic(other), b"forged", qos=1)
            device.paho.publish(ack_topic(mine), b"forged", qos=1)
            device.paho.publish(readings_topic(mine), b"real", qos=1)
            assert ingest.wait(lambda: bool(ingest.arrived))
            ingest.paho.publish(ack_topic(other), b"not yours", qos=1)
            ingest.paho.publish(ack_topic(mine), b"yours", qos=1)
            assert device.wait(lambda: bool(device.arrived))
            assert ingest.arrived == [(readings_topic(mine), b"real")]
            assert device.arrived == [(ack_topic(mine), b"yours")]

    def test_nobody_takes_the_session_of_another_over(self, broker: tuple[int, Write]) -> None:
        port, write = broker
        mine, other = uuid4(), uuid4()
        write(ingest="reader", **{str(mine): "token", str(other): "other"})
        assert let_in(port, mine, "token")
        with connected(port, str(mine), "token") as victim:
            attacker = Client(port, str(other), "other", client_id=str(mine))
            attacker.paho.connect("127.0.0.1", port)
            attacker.paho.loop_start()
            assert attacker.wait(lambda: attacker.connections > 0)
            victim.paho.subscribe(ack_topic(mine), qos=1)
            assert victim.wait(lambda: victim.subscriptions == 1)
            assert victim.losses == 0
            attacker.paho.disconnect()
            attacker.paho.loop_stop()
