"""Sparkplug payloads written byte by byte from the specification, by other code than ours."""

import struct


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def metric(
    name: str = "",
    *,
    alias: int | None = None,
    ts: int = 0,
    datatype: int = 0,
    value: float | bool | None = None,
) -> bytes:
    """A float becomes a double (field 13), a bool field 14, a whole number field 10 or 11."""
    out = b""
    if name:
        out += b"\x0a" + varint(len(name.encode())) + name.encode()
    if alias is not None:
        out += b"\x10" + varint(alias)
    if ts:
        out += b"\x18" + varint(ts)
    if datatype:
        out += b"\x20" + varint(datatype)
    if value is None:
        out += b"\x38\x01"
    elif isinstance(value, bool):
        out += b"\x70" + varint(value)
    elif isinstance(value, float):
        out += b"\x69" + struct.pack("<d", value)
    elif datatype in (4, 8):
        out += b"\x58" + varint(value & (1 << 64) - 1)
    else:
        out += b"\x50" + varint(value & (1 << 32) - 1)
    return b"\x12" + varint(len(out)) + out


def payload(*metrics: bytes, seq: int | None = None, ts: int = 1772366400000) -> bytes:
    counted = b"" if seq is None else b"\x18" + varint(seq)
    return b"\x08" + varint(ts) + b"".join(metrics) + counted
