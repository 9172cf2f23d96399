"""One connection of a subscriber: what arrives is read when asked for and acknowledged when told.

A library client reads ahead in a thread of its own; here nothing is read while a batch is stored,
so a slow database slows the broker down, and a message costs a tenth of the time.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from iot_ingest.broker import packets

PORTS = {"mqtt": 1883, "mqtts": 8883}
KEEPALIVE_SECONDS = 60
ANSWER_SECONDS = 10.0
SEND_SECONDS = 30.0
CHUNK_BYTES = 1 << 18


class LostError(OSError):
    """The connection to the broker is gone."""


class RefusedError(LostError):
    """The broker does not let this client in, or not to these topics."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as the broker gave it; `packet_id` is 0 at QoS 0."""

    packet_id: int
    topic: str
    payload: bytes


class Connection:
    """A session that the broker keeps under `client_id`, over one TCP or TLS connection."""

    def __init__(self, url: str, client_id: str, topics: Sequence[str]) -> None:
        """Raises OSError (RefusedError, LostError among it) when the broker cannot be had."""
        self._parser = packets.Parser()
        self._arrived: deque[Delivery] = deque()
        self._answers: deque[tuple[int, bytes]] = deque()
        self._published = 0
        self._socket = _open(url)
        try:
            self._log_in(url, client_id, topics)
        except BaseException:
            self._socket.close()
            raise

    @property
    def waiting(self) -> int:
        """Messages received and not yet collected."""
        return len(self._arrived)

    def collect(self, most: int, seconds: float) -> list[Delivery]:
        """What is there, at most so many; waits for the first. Raises LostError."""
        self.stay_alive()
        wait = 0.0 if self._arrived else seconds
        while len(self._arrived) < most and self._receive(wait):
            wait = 0.0
        return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]

    def acknowledge(
        self, deliveries: Iterable[Delivery], messages: Iterable[tuple[str, bytes]]
    ) -> None:
        """Tell the broker that these are stored, and publish (topic, payload)s at QoS 0.

        Raises LostError.
        """
        parts = [packets.puback(each.packet_id) for each in deliveries if each.packet_id]
        parts += [packets.publish(topic.encode(), payload) for topic, payload in messages]
        self._send(b"".join(parts))

    def publish(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """(topic, payload)s at QoS 1; whether they arrive is for the receiver to say.

        Raises LostError.
        """
        parts = []
        for topic, payload in messages:
            parts.append(packets.publish(topic.encode(), payload, self._published))
            self._published += 1
        if parts:
            self._send(b"".join(parts))

    def stay_alive(self) -> None:
        """To be called at least every half minute while nothing is collected. Raises LostError."""
        now = time.monotonic()
        self._answers.clear()
        if now - self._sent > KEEPALIVE_SECONDS / 2:
            self._send(packets.PING)
        elif now - self._heard > 2 * KEEPALIVE_SECONDS:
            raise LostError("The broker is silent.")

    def close(self) -> None:
        with contextlib.suppress(LostError):
            self._send(packets.DISCONNECT)
        self._socket.close()

    def _log_in(self, url: str, client_id: str, topics: Sequence[str]) -> None:
        address = urlsplit(url)
        login = (
            (unquote(address.username), unquote(address.password or ""))
            if address.username
            else None
        )
        self._send(
            packets.connect(client_id, login, keepalive_seconds=KEEPALIVE_SECONDS, clean=False)
        )
        code = self._answer(packets.CONNACK)[1]
        if code:
            raise RefusedError(f"The broker refuses the login (code {code}).")
        self._send(packets.subscribe(topics, qos=1))
        if packets.REFUSED_SUBSCRIPTION in self._answer(packets.SUBACK)[2:]:
            raise RefusedError(f"The broker refuses a subscription to {', '.join(topics)}.")

    def _answer(self, kind: int) -> bytes:
        until = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < until:
            while self._answers:
                found, body = self._answers.popleft()
                if found == kind:
                    return body
            self._receive(1.0)
        raise LostError("The broker does not answer.")

    def _receive(self, seconds: float) -> bool:
        """Read once; False when nothing came in that time."""
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(CHUNK_BYTES)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError as error:
            raise LostError(str(error)) from error
        if not data:
            raise LostError("The broker closed the connection.")
        self._heard = time.monotonic()
        try:
            for kind, flags, body in self._parser.feed(data):
                if kind == packets.PUBLISH:
                    topic, packet_id, payload = packets.published(flags, body)
                    self._arrived.append(Delivery(packet_id, topic, payload))
                else:
                    self._answers.append((kind, body))
        except packets.MalformedError as error:
            raise LostError(str(error)) from error
        return True

    def _send(self, data: bytes) -> None:
        self._sent = time.monotonic()
        self._socket.settimeout(SEND_SECONDS)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise LostError(str(error)) from error


def _open(url: str) -> socket.socket:
    address = urlsplit(url)
    host = address.hostname or "127.0.0.1"
    plain = socket.create_connection((host, address.port or PORTS[address.scheme]), ANSWER_SECONDS)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if address.scheme != "mqtts":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
