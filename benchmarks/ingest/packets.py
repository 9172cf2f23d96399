"""MQTT 3.1.1 as far as a device needs it: five packets out, three in."""

from __future__ import annotations

from collections.abc import Iterator

PUBLISH, PUBACK, SUBACK = 3, 4, 9
KEEPALIVE_SECONDS = 120
MOST_IDS = 65_535


def connect(client_id: str, login: tuple[str, str] | None) -> bytes:
    flags, fields = 0x02, [client_id]
    if login is not None:
        flags |= 0xC0
        fields += login
    body = _text("MQTT") + bytes((4, flags)) + KEEPALIVE_SECONDS.to_bytes(2, "big")
    return _packet(0x10, body + b"".join(_text(each) for each in fields))


def subscribe(topic: str) -> bytes:
    """At QoS 0: an acknowledgement that gets lost is made good by the next."""
    return _packet(0x82, b"\x00\x01" + _text(topic) + b"\x00")


def publish(topic: bytes, number: int, payload: bytes) -> bytes:
    """With QoS 1; `number` from 0 up becomes the packet id."""
    packet_id = (number % MOST_IDS + 1).to_bytes(2, "big")
    return _packet(0x32, len(topic).to_bytes(2, "big") + topic + packet_id + payload)


def payload_of(body: bytes) -> bytes:
    """Of a PUBLISH with QoS 0."""
    return body[2 + int.from_bytes(body[:2], "big") :]


class Parser:
    """Whole packets out of what the network gives in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(kind, body) of each packet that is whole now."""
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
            else:
                break
            if start + length > end:
                break
            yield buffer[at] >> 4, buffer[start : start + length]
            at = start + length
        self._rest = buffer[at:]


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _packet(head: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray()
    while length > 0x7F:
        encoded.append(length & 0x7F | 0x80)
        length >>= 7
    encoded.append(length)
    return bytes((head,)) + bytes(encoded) + body
