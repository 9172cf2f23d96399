"""Sparkplug B: births name metrics and give them aliases, data uses those, deaths end a session.

Topics are `spBv1.0/{group}/{kind}/{edge node}[/{device}]`. What an edge node said at its birth is
its session, which the caller keeps and hands in again.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec
from google.protobuf.message import DecodeError

from iot_ingest.readings.decoders.names import metric_name
from iot_ingest.readings.decoders.sparkplug_schema import VALUES, Payload
from iot_ingest.readings.messages import DecodedMessage, RawReading, Undecodable

MOST_METRICS = 1_000
MOST_ALIASES, MOST_DEVICES = 5_000, 500
"""Of one edge node: its session is kept whole, and read with each of its messages."""
LONGEST_NAME = 200
NODE = ""
"""Stands for the edge node itself where a device's name is asked for."""
CONTROL = ("Node Control/", "Device Control/", "bdSeq")
SIGNED_BITS = {1: 8, 2: 16, 3: 32, 4: 64}
"""Datatypes Int8 to Int64, whose negative values travel as unsigned numbers."""
SEQUENCES = 256
BOOLEAN = 11


class Kind(StrEnum):
    """What a topic says about its message."""

    NODE_BIRTH = "NBIRTH"
    NODE_DATA = "NDATA"
    NODE_DEATH = "NDEATH"
    DEVICE_BIRTH = "DBIRTH"
    DEVICE_DATA = "DDATA"
    DEVICE_DEATH = "DDEATH"


BIRTHS = {Kind.NODE_BIRTH, Kind.DEVICE_BIRTH}
OF_DEVICES = {Kind.DEVICE_BIRTH, Kind.DEVICE_DATA, Kind.DEVICE_DEATH}


class Metric(msgspec.Struct, frozen=True):
    """What an alias stands for."""

    name: str
    datatype: int


class SparkplugSession(msgspec.Struct):
    """What is known of one edge node since its last birth. `aliases` by device and alias."""

    is_online: bool = False
    birth: int | None = None
    seq: int | None = None
    aliases: dict[str, dict[int, Metric]] = {}


@dataclass(slots=True)
class Read:
    """What one message said. `needs_rebirth`: the node must say again what it has."""

    messages: list[DecodedMessage] = field(default_factory=list)
    unknown_aliases: int = 0
    is_stale: bool = False
    needs_rebirth: bool = False


def decode(kind: Kind, device: str, payload: bytes, session: SparkplugSession) -> Read:
    """Read one message and bring the session up to date. Raises `Undecodable`, and leaves the
    session alone then."""
    parsed = _parsed(payload)
    if (kind in OF_DEVICES) != (device != NODE):
        raise Undecodable(f"{kind} and its topic do not fit.")
    if kind is Kind.NODE_DEATH:
        return _node_death(parsed, session)
    if kind is Kind.DEVICE_BIRTH:
        _ensure_room(device, len(parsed.metrics), session)
    read = Read(needs_rebirth=_is_out_of_step(kind, parsed.seq, session))
    if kind is Kind.NODE_BIRTH:
        session.is_online, session.birth, session.aliases = True, _birth_number(parsed), {}
    if parsed.HasField("seq"):
        session.seq = parsed.seq
    if kind is Kind.DEVICE_DEATH:
        session.aliases.pop(device, None)
        read.messages.append(_presence(device, online=False))
        return read
    if kind in BIRTHS:
        session.aliases[device] = {
            metric.alias: Metric(metric.name, metric.datatype)
            for metric in parsed.metrics
            if metric.HasField("alias")
        }
        read.messages.append(_presence(device, online=True))
    _read_metrics(read, device, parsed, session)
    return read


def _parsed(payload: bytes) -> Any:
    parsed = Payload()
    try:
        parsed.ParseFromString(payload)
    except DecodeError as error:
        raise Undecodable("This is no Sparkplug payload.") from error
    # The library gives a text that is no UTF-8 as bytes.
    if any(isinstance(metric.name, bytes) for metric in parsed.metrics):
        raise Undecodable("Names are UTF-8.")
    if len(parsed.metrics) > MOST_METRICS:
        raise Undecodable(f"A message has at most {MOST_METRICS} metrics.")
    for metric in parsed.metrics:
        if len(metric.name) > LONGEST_NAME or not metric.name.isprintable():
            raise Undecodable(f"Names have at most {LONGEST_NAME} printable characters.")
    return parsed


def _ensure_room(device: str, metrics: int, session: SparkplugSession) -> None:
    others = [len(known) for name, known in session.aliases.items() if name != device]
    if len(device) > LONGEST_NAME or not device.isprintable():
        raise Undecodable(f"Names have at most {LONGEST_NAME} printable characters.")
    if len(others) >= MOST_DEVICES or sum(others) + metrics > MOST_ALIASES:
        raise Undecodable(
            f"An edge node has at most {MOST_DEVICES} devices and {MOST_ALIASES} aliases."
        )


def _is_out_of_step(kind: Kind, seq: int, session: SparkplugSession) -> bool:
    """A message is missing, or there was no birth before this one."""
    if kind is Kind.NODE_BIRTH:
        return False
    expected = None if session.seq is None else (session.seq + 1) % SEQUENCES
    return not session.is_online or seq != expected


def _node_death(parsed: Any, session: SparkplugSession) -> Read:
    """The broker may deliver the will of a connection that has long been replaced."""
    number = _birth_number(parsed)
    if None not in (number, session.birth) and number != session.birth:
        return Read(is_stale=True)
    devices = [name for name in session.aliases if name != NODE]
    session.is_online, session.seq, session.aliases = False, None, {}
    return Read(messages=[_presence(name, online=False) for name in (NODE, *devices)])


def _birth_number(parsed: Any) -> int | None:
    """`bdSeq`: births and the deaths that belong to them carry the same."""
    for metric in parsed.metrics:
        if metric.name == "bdSeq":
            value = _value(metric, metric.datatype)
            return value if isinstance(value, int) else None
    return None


def _presence(device: str, *, online: bool) -> DecodedMessage:
    return DecodedMessage(boot_id=None, seq=None, readings=(), child=device or None, online=online)


def _read_metrics(read: Read, device: str, parsed: Any, session: SparkplugSession) -> None:
    known, readings = session.aliases.get(device, {}), []
    for metric in parsed.metrics:
        meant = known.get(metric.alias) if not metric.name and metric.HasField("alias") else None
        name = meant.name if meant else metric.name
        if not name:
            read.unknown_aliases += 1
            read.needs_rebirth = True
        elif not metric.is_null and not name.startswith(CONTROL):
            datatype = metric.datatype or (meant.datatype if meant else 0)
            ts = metric.timestamp or parsed.timestamp or None
            readings.append(RawReading(metric_name(name), ts, _value(metric, datatype)))
    if readings:
        read.messages.append(
            DecodedMessage(boot_id=None, seq=None, readings=tuple(readings), child=device or None)
        )


def _value(metric: Any, datatype: int) -> object:
    for name in VALUES:
        if metric.HasField(name):
            value = getattr(metric, name)
            bits = SIGNED_BITS.get(datatype)
            if bits and name in ("int_value", "long_value"):
                value &= (1 << bits) - 1
                return value - (1 << bits) if value >> (bits - 1) else value
            return value
    return None


def rebirth_command() -> bytes:
    """What is published to a node's NCMD topic so that it gives birth again."""
    command = Payload()
    metric = command.metrics.add(name="Node Control/Rebirth", datatype=BOOLEAN)
    metric.boolean_value = True
    made: bytes = command.SerializeToString()
    return made
