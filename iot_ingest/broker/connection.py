"""One connection of a subscriber: what arrives is read when asked for and acknowledged when told.

Paho has no thread of its own here: nothing is read while a batch is stored, so a slow database
slows the broker down.
"""

import contextlib
import select
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

PORTS = {"mqtt": 1883, "mqtts": 8883}
KEEPALIVE_SECONDS = 60
ANSWER_SECONDS = 10.0
SEND_SECONDS = 30.0
PACKETS_AT_ONCE = 50
MOST_BYTES = 8_000_000
"""Of payloads in a batch: messages of the largest size would otherwise fill the memory."""
MOST_COMMANDS_ON_THE_WAY = 1_000


class LostError(OSError):
    """The connection to the broker is gone."""


class RefusedError(LostError):
    """The broker does not let this client in, or not to these topics."""


class Delivery(msgspec.Struct, frozen=True):
    """A message as the broker gave it; `packet_id` is 0 at QoS 0."""

    packet_id: int
    topic: str
    payload: bytes


class Connection:
    """A session under `client_id`, over one TCP or TLS connection; the broker keeps it, unless it
    `is_clean`."""

    def __init__(
        self, url: str, client_id: str, topics: Sequence[str] = (), *, is_clean: bool = False
    ) -> None:
        """Raises OSError (RefusedError, LostError among it) when the broker cannot be had."""
        self._arrived: deque[Delivery] = deque()
        self._arrived_bytes = 0
        self._refusal: str | None = None
        self._is_subscribed = False
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=is_clean,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.max_inflight_messages_set(MOST_COMMANDS_ON_THE_WAY)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        address = urlsplit(url)
        if address.username:
            client.username_pw_set(unquote(address.username), unquote(address.password or ""))
        if address.scheme == "mqtts":
            client.tls_set()
        port = address.port or PORTS[address.scheme]
        client.connect(address.hostname or "127.0.0.1", port, KEEPALIVE_SECONDS)
        self._wait_until(client.is_connected)
        if topics:
            client.subscribe([(topic, 1) for topic in topics])
            self._wait_until(lambda: self._is_subscribed)

    @property
    def waiting(self) -> int:
        """Messages received and not yet collected."""
        return len(self._arrived)

    def collect(self, most: int, seconds: float) -> list[Delivery]:
        """What is there, at most so many and some megabytes; waits for the first.

        Raises LostError.
        """
        self.stay_alive()
        wait = 0.0 if self._arrived else seconds
        while self._has_room(most) and self._has_something(wait):
            wait = 0.0
            self._read(most)
        batch, size = list[Delivery](), 0
        while self._arrived and len(batch) < most and size < MOST_BYTES:
            batch.append(self._arrived.popleft())
            size += len(batch[-1].payload)
        self._arrived_bytes -= size
        return batch

    def acknowledge(
        self, deliveries: Iterable[Delivery], messages: Iterable[tuple[str, bytes]]
    ) -> None:
        """Tell the broker that these are stored, and publish (topic, payload)s at QoS 0.

        Raises LostError.
        """
        for each in deliveries:
            if each.packet_id:
                self._client.ack(each.packet_id, 1)
        for topic, payload in messages:
            self._client.publish(topic, payload)
        self._send()

    def publish(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """(topic, payload)s at QoS 1; whether they arrive is for the receiver to say.

        Raises LostError.
        """
        for topic, payload in messages:
            self._client.publish(topic, payload, qos=1)
        self._send()

    def stay_alive(self) -> None:
        """To be called at least every half minute while nothing is collected. Raises LostError."""
        _check(self._client.loop_misc())

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._client.disconnect()

    def _on_connect(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if reason.is_failure:
            self._refusal = f"The broker refuses the login ({reason})."

    def _on_subscribe(self, _: Any, __: Any, ___: Any, reasons: list[Any], ____: Any) -> None:
        self._is_subscribed = True
        if any(reason.is_failure for reason in reasons):
            self._refusal = "The broker refuses a subscription."

    def _on_message(self, _: Any, __: Any, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # of no device: counted and let go
        payload = bytes(message.payload)
        self._arrived_bytes += len(payload)
        self._arrived.append(Delivery(message.mid if message.qos else 0, topic, payload))

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + ANSWER_SECONDS
        while not holds():
            code = self._client.loop(0.1)
            if self._refusal:
                raise RefusedError(self._refusal)
            _check(code)
            if time.monotonic() > until:
                raise LostError("The broker does not answer.")
        if self._refusal:
            raise RefusedError(self._refusal)

    def _has_something(self, seconds: float) -> bool:
        socket = self._open_socket()
        if getattr(socket, "pending", int)():  # TLS has read it from the network already
            return True
        return bool(select.select([socket], [], [], seconds)[0])

    def _has_room(self, most: int) -> bool:
        return len(self._arrived) < most and self._arrived_bytes < MOST_BYTES

    def _read(self, most: int) -> None:
        """Some packets: where one is there are mostly more, and asking each time costs."""
        for _ in range(PACKETS_AT_ONCE):
            before = len(self._arrived)
            _check(self._client.loop_read())
            if len(self._arrived) == before or not self._has_room(most):
                return

    def _send(self) -> None:
        until = time.monotonic() + SEND_SECONDS
        while self._client.want_write():
            select.select([], [self._open_socket()], [], 1.0)
            _check(self._client.loop_write())
            if time.monotonic() > until:
                raise LostError("The broker takes nothing any more.")
        self._open_socket()

    def _open_socket(self) -> Any:
        socket = self._client.socket()
        if socket is None:
            raise LostError("The broker closed the connection.")
        return socket


def _check(code: MQTTErrorCode) -> None:
    if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
        raise LostError(paho.error_string(code))
