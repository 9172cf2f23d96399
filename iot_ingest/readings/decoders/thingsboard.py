"""ThingsBoard's telemetry, of a device and of a gateway, and a gateway's connect and disconnect.

https://thingsboard.io/docs/reference/mqtt-api/ and .../reference/gateway-api/
"""

from typing import Any

import msgspec

from iot_ingest.readings.decoders.names import metric_name
from iot_ingest.readings.messages import DecodedMessage, RawReading, Undecodable

MOST_READINGS = 1_000
MOST_DEVICES = 500
LONGEST_NAME = 200


class _Presence(msgspec.Struct):
    device: str


def decode(payload: bytes) -> DecodedMessage:
    """`{"temperature": 42}`, `{"ts": 1451649600512, "values": {...}}`, or a list of those.
    Raises `Undecodable`.
    """
    return _message(_parsed(payload), child=None)


def decode_gateway(payload: bytes) -> list[DecodedMessage]:
    """`{"Device A": [{"ts": ..., "values": {...}}, ...], ...}`, `ts` or not: a message for each
    device. Raises `Undecodable`.
    """
    document = _parsed(payload)
    if not isinstance(document, dict) or len(document) > MOST_DEVICES:
        raise Undecodable(f"Telemetry of a gateway names at most {MOST_DEVICES} devices.")
    return [_message(values, child=_name(name)) for name, values in document.items()]


def decode_presence(payload: bytes, *, online: bool) -> DecodedMessage:
    """`{"device": "Device A"}` on a gateway's connect or disconnect. Raises `Undecodable`."""
    try:
        name = msgspec.json.decode(payload, type=_Presence).device
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("A gateway names the device.") from error
    return DecodedMessage(boot_id=None, seq=None, readings=(), child=_name(name), online=online)


def _parsed(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("This is not JSON.") from error


def _message(document: Any, child: str | None) -> DecodedMessage:
    parts = document if isinstance(document, list) else [document]
    readings = tuple(reading for part in parts for reading in _readings(part))
    if len(readings) > MOST_READINGS:
        raise Undecodable(f"A message has at most {MOST_READINGS} readings.")
    return DecodedMessage(boot_id=None, seq=None, readings=readings, child=child)


def _readings(part: Any) -> list[RawReading]:
    if not isinstance(part, dict):
        raise Undecodable("Telemetry is an object of values, or a list of such objects.")
    ts, values = None, part
    is_wrapped = isinstance(part.get("values"), dict) and part.keys() <= {"ts", "values"}
    if is_wrapped or ("ts" in part and "values" in part):
        ts, values = part.get("ts"), part["values"]
        if not isinstance(values, dict):
            raise Undecodable("`values` is an object.")
    return [RawReading(metric_name(name), ts, value) for name, value in values.items()]


def _name(name: str) -> str:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Undecodable(f"A device's name has 1 to {LONGEST_NAME} printable characters.")
    return name
