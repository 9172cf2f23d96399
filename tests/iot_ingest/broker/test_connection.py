"""What a batch may hold, and what a broker that is none does to us."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from iot_ingest.broker import connection
from iot_ingest.broker.connection import Connection, LostError
from kernel.embedded import Embedded, start


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Embedded]:
    embedded = start(tmp_path / "mqtt", postgres=False, broker=False)
    yield embedded
    embedded.stop()


@pytest.fixture
def stranger() -> Iterator[str]:
    """Somebody who listens and speaks no MQTT."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        caller, _ = listener.accept()
        caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        caller.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield f"mqtt://127.0.0.1:{listener.getsockname()[1]}"
    thread.join(20)
    listener.close()


def collect_often(reader: Connection) -> None:
    for _ in range(50):
        reader.collect(10, 0.2)


def send(url: str, count: int, payload: bytes) -> None:
    sender = paho.Client(CallbackAPIVersion.VERSION2, client_id="sender")
    host, _, port = url.removeprefix("mqtt://").partition(":")
    sender.connect(host, int(port))
    sender.loop_start()
    for number in range(count):
        sender.publish(f"a/{number}", payload, qos=1).wait_for_publish(20)
    sender.disconnect()
    sender.loop_stop()


class TestCollect:
    def test_is_bounded_in_messages_and_in_bytes(
        self, broker: Embedded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection, "MOST_BYTES", 1_000)
        reader = Connection(broker.mqtt_url, "reader", ["a/+"])
        send(broker.mqtt_url, 12, b"x" * 400)
        sizes, topics = list[int](), list[str]()
        while len(topics) < 12:
            batch = reader.collect(100, 10.0)
            reader.acknowledge(batch, [])
            sizes.append(len(batch))
            topics += [each.topic for each in batch]
        reader.close()
        assert topics == [f"a/{number}" for number in range(12)]
        assert max(sizes) <= 3

    def test_what_is_not_acknowledged_comes_again(self, broker: Embedded) -> None:
        reader = Connection(broker.mqtt_url, "reader", ["a/+"])
        send(broker.mqtt_url, 3, b"x")
        batch = list[str]()
        while len(batch) < 3:
            batch += [each.topic for each in reader.collect(100, 10.0)]
        reader.close()
        again, reader = list[str](), Connection(broker.mqtt_url, "reader", ["a/+"])
        while len(again) < 3:
            again += [each.topic for each in reader.collect(100, 10.0)]
        reader.close()
        assert again == batch

    def test_notices_that_the_broker_goes_away(self, broker: Embedded) -> None:
        reader = Connection(broker.mqtt_url, "reader", ["a/+"])
        broker.stop()
        with pytest.raises(LostError):
            collect_often(reader)


class TestConnection:
    def test_somebody_else_at_the_port_is_no_broker(self, stranger: str) -> None:
        with pytest.raises(OSError):
            Connection(stranger, "reader", ["a"])

    def test_nobody_at_the_port_is_an_error_of_the_network(self) -> None:
        with pytest.raises(OSError):
            Connection("mqtt://127.0.0.1:1", "reader", ["a"])
