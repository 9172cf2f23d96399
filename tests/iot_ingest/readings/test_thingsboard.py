"""ThingsBoard's telemetry, as its documentation shows it and as devices garble it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.readings.decoders import thingsboard
from iot_ingest.readings.decoders.names import metric_name
from iot_ingest.readings.messages import RawReading, Undecodable
from iot_ingest.readings.quality import METRIC
from tests.iot_ingest.readings.test_own_json import JSON, captured

T = 1451649600512


class TestDecode:
    def test_values_without_a_time(self) -> None:
        message = thingsboard.decode(captured("thingsboard_values.json"))
        assert message.readings == (
            RawReading("temperature", None, 42.2),
            RawReading("relative_humidity", None, 70),
            RawReading("firmware", None, "v2.4.1"),
        )
        assert not message.is_counted

    def test_a_list_with_times(self) -> None:
        message = thingsboard.decode(captured("thingsboard_list.json"))
        assert message.readings == (
            RawReading("temperature", 1772366400000, 21.5),
            RawReading("temperature", 1772366460000, 21.7),
            RawReading("co2", None, 612),
        )

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            ({"temperature": 22.5, "humidity": 61}, [("temperature", None, 22.5),
                                                     ("humidity", None, 61)]),
            ({"ts": T, "values": {"temperature": 22.5}}, [("temperature", T, 22.5)]),
            ([{"temperature": 22.5}, {"humidity": 61}], [("temperature", None, 22.5),
                                                         ("humidity", None, 61)]),
            ([{"ts": T, "values": {"a": 1}}, {"ts": T + 1000, "values": {"a": 2}}],
             [("a", T, 1), ("a", T + 1000, 2)]),
            ({"text": "value1", "flag": True, "long": 73, "nested": {"key": 1}, "list": [1, 2]},
             [("text", None, "value1"), ("flag", None, True), ("long", None, 73),
              ("nested", None, {"key": 1}), ("list", None, [1, 2])]),
        ],
    )  # fmt: skip
    def test_every_shape_that_is_documented(
        self, payload: object, expected: list[tuple[str, int | None, object]]
    ) -> None:
        """thingsboard.io/docs/reference/mqtt-api/telemetry: which shapes and types of value."""
        message = thingsboard.decode(json.dumps(payload).encode())
        assert message.readings == tuple(RawReading(*one) for one in expected)

    @pytest.mark.parametrize(
        "payload", [b"", b"3", b"[3]", b'{"ts": 1, "values": 3}', b'"x"', b"[" * 100_000]
    )
    def test_refuses_another_shape(self, payload: bytes) -> None:
        with pytest.raises(Undecodable):
            thingsboard.decode(payload)

    @given(st.binary(max_size=200) | JSON.map(lambda document: json.dumps(document).encode()))
    def test_anything_is_refused_or_gives_no_more_than_it_may(self, payload: bytes) -> None:
        with contextlib.suppress(Undecodable):
            message = thingsboard.decode(payload)
            assert len(message.readings) <= thingsboard.MOST_READINGS
            assert message.child is None
        with contextlib.suppress(Undecodable):
            of_children = thingsboard.decode_gateway(payload)
            assert len(of_children) <= thingsboard.MOST_DEVICES
            assert all(message.child for message in of_children)


class TestDecodeGateway:
    def test_a_message_for_each_device(self) -> None:
        first, second = thingsboard.decode_gateway(captured("thingsboard_gateway.json"))
        assert (first.child, second.child) == ("Boiler 1", "Boiler 2")
        assert first.readings[0] == RawReading("supply_temp", 1772366400000, 61.5)
        assert len(second.readings) == 2

    def test_without_a_time_it_is_of_now(self) -> None:
        """thingsboard.io/docs/reference/gateway-api/telemetry: `ts` need not be there."""
        payload = {"Device A": [{"values": {"temperature": 42, "humidity": 80}}]}
        (message,) = thingsboard.decode_gateway(json.dumps(payload).encode())
        assert message.readings == (
            RawReading("temperature", None, 42),
            RawReading("humidity", None, 80),
        )

    @pytest.mark.parametrize("payload", [b"[]", b'{"": [{"a": 1}]}', b'{"a\\u0000": [{"a": 1}]}'])
    def test_refuses_another_shape(self, payload: bytes) -> None:
        with pytest.raises(Undecodable):
            thingsboard.decode_gateway(payload)


class TestDecodePresence:
    def test_who_came(self) -> None:
        told = b'{"device": "Boiler 1", "type": "default"}'
        message = thingsboard.decode_presence(told, online=True)
        assert (message.child, message.online, message.is_telemetry) == ("Boiler 1", True, False)


class TestMetricName:
    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [
            ("Temperature", "temperature"),
            ("Supply Air/Temp °C", "supply_air/temp_c"),
            ("1h load", "m_1h_load"),
            ("°", "°"),
        ],
    )
    def test_is_written_as_ours(self, theirs: str, ours: str) -> None:
        assert metric_name(theirs) == ours

    @given(st.text(max_size=100))
    def test_is_taken_or_left_as_it_was(self, name: str) -> None:
        assert METRIC.fullmatch(metric_name(name)) or metric_name(name) == name
