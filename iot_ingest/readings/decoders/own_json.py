"""Firstfix's own JSON: {"boot_id", "seq", "readings": [{"metric", "ts", "value"}]}."""

import json
from typing import Annotated, Any
from uuid import UUID

import msgspec

from iot_ingest.readings.messages import Answer, DecodedMessage, RawReading, Undecodable

MOST_READINGS = 1_000
LONGEST_BOOT_ID = 64
LARGEST_ANSWER = 4_000
HIGHEST_SEQ = 2**63 - 1

Count = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST_SEQ)]


class _Message(msgspec.Struct):
    readings: Annotated[list[RawReading], msgspec.Meta(max_length=MOST_READINGS)]
    boot_id: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_BOOT_ID)] | None = None
    seq: Count | None = None
    oldest: Count | None = None
    token: str | None = None
    device_id: str | None = None


class _Status(msgspec.Struct):
    online: bool
    token: str | None = None


class _Answer(msgspec.Struct):
    id: UUID
    ok: bool
    result: Any = None
    token: str | None = None


_decoder = msgspec.json.Decoder(_Message)


def decode(payload: bytes) -> DecodedMessage:
    """One message. A value that is no number is kept for the quality gate: it costs one reading,
    not the message. Raises `Undecodable` when the bytes have another shape.
    """
    try:
        return _checked(_decoder.decode(payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:  # C libraries print NaN, Infinity and 1e999, which strict JSON refuses
        return from_object(json.loads(payload))
    except (ValueError, RecursionError) as error:
        raise Undecodable("This is not JSON.") from error


def decode_status(payload: bytes) -> DecodedMessage:
    """`{"online": true}`, which a device publishes on connecting and leaves as its last will with
    false. Raises `Undecodable`.
    """
    try:
        status = msgspec.json.decode(payload, type=_Status)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("A status says whether the device is online.") from error
    return DecodedMessage(
        boot_id=None, seq=None, readings=(), token=status.token, online=status.online
    )


def decode_answer(payload: bytes) -> DecodedMessage:
    """`{"id": ..., "ok": true, "result": ...}`: what became of a command. Raises `Undecodable`."""
    try:
        said = msgspec.json.decode(payload, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("An answer names the command and says whether it was done.") from error
    if len(payload) > LARGEST_ANSWER or b"\\u0000" in payload:
        raise Undecodable(f"An answer has at most {LARGEST_ANSWER} bytes and no NUL.")
    answer = Answer(said.id, said.ok, said.result)
    return DecodedMessage(boot_id=None, seq=None, readings=(), token=said.token, answer=answer)


def from_object(message: Any) -> DecodedMessage:
    """One message that is parsed already. Raises `Undecodable`."""
    try:
        return _checked(msgspec.convert(message, _Message))
    except msgspec.ValidationError as error:
        raise Undecodable(str(error)) from error


def _checked(message: _Message) -> DecodedMessage:
    if (message.boot_id is None) != (message.seq is None):
        raise Undecodable("`boot_id` and `seq` come together or not at all.")
    for text in (message.boot_id, message.token, message.device_id):
        if text is not None and not text.isprintable():
            raise Undecodable("Texts are printable.")
    return DecodedMessage(
        boot_id=message.boot_id,
        seq=message.seq,
        readings=tuple(message.readings),
        token=message.token,
        device_id=message.device_id,
        oldest=message.oldest,
    )
