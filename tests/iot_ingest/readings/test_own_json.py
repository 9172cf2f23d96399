"""Our own JSON format, with captured messages and with garbage."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.readings.decoders import own_json
from iot_ingest.readings.messages import DecodedMessage, RawReading, Undecodable

CAPTURED = Path(__file__).parent / "captured"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["boot_id", "seq", "readings", "metric", "ts", "value", "token", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def is_read_or_refused(payload: bytes) -> bool:
    try:
        return isinstance(own_json.decode(payload), DecodedMessage)
    except Undecodable:
        return True


def captured(name: str) -> bytes:
    return (CAPTURED / name).read_bytes()


class TestDecode:
    def test_reads_a_gateway_message(self) -> None:
        message = own_json.decode(captured("own_json_gateway.json"))
        assert (message.boot_id, message.seq, message.token) == ("6f1c2e", 41, None)
        assert message.readings == (
            RawReading("temperature", "2026-03-01T12:00:00Z", 81.4),
            RawReading("vibration_rms", 1772366400000, 3),
            RawReading("door", "2026-03-01T13:00:00+01:00", True),
        )

    def test_keeps_the_good_values_beside_a_nan(self) -> None:
        message = own_json.decode(captured("own_json_nan.json"))
        assert (message.token, message.oldest) == ("ffd_secret", 40)
        bad, good = message.readings
        assert isinstance(bad.value, float)
        assert math.isnan(bad.value)
        assert good.value == 1.25

    def test_takes_a_message_without_identity(self) -> None:
        message = own_json.decode(captured("own_json_bare.json"))
        assert not message.is_counted
        assert message.readings == (RawReading("power_w", None, 12.5),)

    @pytest.mark.parametrize(
        "payload",
        [
            b"",
            b"\xff\xfe",
            b"[]",
            b"12",
            b"{}",
            b'{"readings": 3}',
            b'{"readings": [3]}',
            b'{"boot_id": "a", "readings": []}',
            b'{"seq": 1, "readings": []}',
            b'{"boot_id": "a", "seq": -1, "readings": []}',
            b'{"boot_id": "a", "seq": 1.5, "readings": []}',
            b'{"boot_id": "a", "seq": true, "readings": []}',
            b'{"boot_id": "", "seq": 1, "readings": []}',
            b'{"boot_id": "a\\u0000", "seq": 1, "readings": []}',
            b'{"boot_id": "\\ud800", "seq": 1, "readings": []}',
            b'{"boot_id": "a", "seq": 9223372036854775808, "readings": []}',
            b"[" * 100_000,
        ],
    )
    def test_refuses_another_shape(self, payload: bytes) -> None:
        with pytest.raises(Undecodable):
            own_json.decode(payload)

    def test_refuses_a_message_with_too_many_readings(self) -> None:
        message = {"readings": [{"metric": "a", "value": 1}] * 1001}
        with pytest.raises(Undecodable):
            own_json.decode(json.dumps(message).encode())

    @given(st.binary(max_size=200))
    def test_survives_any_bytes(self, payload: bytes) -> None:
        assert is_read_or_refused(payload)

    @given(JSON)
    def test_survives_any_json(self, document: object) -> None:
        assert is_read_or_refused(json.dumps(document).encode())
