"""Firstfix's own JSON: {"boot_id", "seq", "readings": [{"metric", "ts", "value"}]}."""

import json
from typing import Any

import msgspec

from iot_ingest.readings.messages import DecodedMessage, RawReading, Undecodable

MOST_READINGS = 1_000
LONGEST_BOOT_ID = 64
HIGHEST_SEQ = 2**63 - 1


def decode(payload: bytes) -> DecodedMessage:
    """One message. A value that is no number is kept for the quality gate: it costs one reading,
    not the message. Raises `Undecodable` when the bytes have another shape.
    """
    return from_object(_parse(payload))


def from_object(message: Any) -> DecodedMessage:
    if not isinstance(message, dict):
        raise Undecodable("A message is a JSON object.")
    readings = message.get("readings")
    if not isinstance(readings, list) or len(readings) > MOST_READINGS:
        raise Undecodable(f"`readings` is a list of at most {MOST_READINGS}.")
    boot_id, seq = _identity(message)
    return DecodedMessage(
        boot_id=boot_id,
        seq=seq,
        readings=tuple(_reading(item) for item in readings),
        token=_text(message, "token"),
        device_id=_text(message, "device_id"),
        oldest=_count(message, "oldest"),
    )


def _parse(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:  # C libraries print NaN and Infinity, which strict JSON refuses
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Undecodable("This is not JSON.") from error


def _identity(message: dict[Any, Any]) -> tuple[str | None, int | None]:
    boot_id, seq = _text(message, "boot_id"), _count(message, "seq")
    if (boot_id is None) != (seq is None):
        raise Undecodable("`boot_id` and `seq` come together or not at all.")
    if boot_id is not None and not 0 < len(boot_id) <= LONGEST_BOOT_ID:
        raise Undecodable(f"`boot_id` has 1 to {LONGEST_BOOT_ID} characters.")
    return boot_id, seq


def _reading(item: Any) -> RawReading:
    if not isinstance(item, dict):
        raise Undecodable("A reading is a JSON object.")
    return RawReading(metric=item.get("metric"), ts=item.get("ts"), value=item.get("value"))


def _text(message: dict[Any, Any], name: str) -> str | None:
    text = message.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not text.isprintable():
        raise Undecodable(f"`{name}` is a printable text.")
    return text


def _count(message: dict[Any, Any], name: str) -> int | None:
    count = message.get(name)
    if count is None:
        return None
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= HIGHEST_SEQ:
        raise Undecodable(f"`{name}` is a whole number from 0 up.")
    return count
