"""The packets of MQTT 3.1.1: a thousand devices in one process need less than any library does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
PING = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"
REFUSED_SUBSCRIPTION = 0x80
MOST_IDS = 65_535
LARGEST_LENGTH_BYTES = 4


class MalformedError(ValueError):
    """This is not MQTT."""


def connect(
    client_id: str,
    login: tuple[str, str] | None,
    *,
    keepalive_seconds: int,
    clean: bool,
    will: tuple[str, bytes] | None = None,
) -> bytes:
    """`clean=False` brings back what the broker kept for this client; `will` (topic, payload) is
    what it publishes at QoS 1 when the client is gone without a word."""
    flags, rest = 0x02 if clean else 0x00, [_text(client_id)]
    if will is not None:
        flags |= 0x0C
        rest += [_text(will[0]), len(will[1]).to_bytes(2, "big") + will[1]]
    if login is not None:
        flags |= 0xC0
        rest += map(_text, login)
    head = _text("MQTT") + bytes((4, flags)) + keepalive_seconds.to_bytes(2, "big")
    return _packet(0x10, head + b"".join(rest))


def subscribe(topics: Sequence[str], qos: int) -> bytes:
    body = b"".join(_text(topic) + bytes((qos,)) for topic in topics)
    return _packet(0x82, b"\x00\x01" + body)


def publish(topic: bytes, payload: bytes, number: int | None = None) -> bytes:
    """With QoS 1 under the packet id that follows from `number` (from 0 up); with QoS 0 without."""
    head = len(topic).to_bytes(2, "big") + topic
    if number is None:
        return _packet(0x30, head + payload)
    return _packet(0x32, head + (number % MOST_IDS + 1).to_bytes(2, "big") + payload)


def puback(packet_id: int) -> bytes:
    return b"\x40\x02" + packet_id.to_bytes(2, "big")


def published(flags: int, body: bytes) -> tuple[str, int, bytes]:
    """(topic, packet id or 0 at QoS 0, payload) of a PUBLISH. Raises MalformedError."""
    end = 2 + int.from_bytes(body[:2], "big")
    start = end + 2 if flags & 0x06 else end
    if start > len(body):
        raise MalformedError("A PUBLISH ends before its payload.")
    packet_id = int.from_bytes(body[end:start], "big")
    try:
        return body[2:end].decode(), packet_id, body[start:]
    except UnicodeDecodeError as error:
        raise MalformedError("A topic is UTF-8.") from error


class Parser:
    """Whole packets out of what the network gives in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """(kind, flags, body) of each packet that is whole now. Raises MalformedError."""
        buffer = self._rest + data if self._rest else data
        at, end = 0, len(buffer)
        while True:
            length, start, shift = 0, at + 1, 0
            while start < end:
                byte = buffer[start]
                length |= (byte & 0x7F) << shift
                start, shift = start + 1, shift + 7
                if byte < 0x80:
                    break
                if shift == 7 * LARGEST_LENGTH_BYTES:
                    raise MalformedError("A length has at most four bytes.")
            else:
                break
            if start + length > end:
                break
            yield buffer[at] >> 4, buffer[at] & 0x0F, buffer[start : start + length]
            at = start + length
        self._rest = buffer[at:]


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _packet(head: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray((head,))
    while length > 0x7F:
        encoded.append(length & 0x7F | 0x80)
        length >>= 7
    encoded.append(length)
    return bytes(encoded) + body
