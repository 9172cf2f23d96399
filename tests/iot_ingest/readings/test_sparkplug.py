"""Sparkplug B: a session from birth to death, what is out of step, and garbage."""

import copy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iot_ingest.readings.decoders import sparkplug
from iot_ingest.readings.decoders.sparkplug import NODE, Kind, Read, SparkplugSession
from iot_ingest.readings.messages import RawReading, Undecodable
from tests.iot_ingest.readings.sparkplug_bytes import metric, payload

NOW = 1772366400000


def born(birth: int = 4) -> SparkplugSession:
    """A node that gave birth, and its device `pump` with an alias."""
    session = SparkplugSession()
    first = payload(metric("bdSeq", datatype=4, value=birth), seq=0)
    sparkplug.decode(Kind.NODE_BIRTH, NODE, first, session)
    device = payload(metric("Supply Temp", alias=7, datatype=10, value=60.5), seq=1)
    sparkplug.decode(Kind.DEVICE_BIRTH, "pump", device, session)
    return session


def data(session: SparkplugSession, *metrics: bytes, seq: int = 2) -> Read:
    return sparkplug.decode(Kind.DEVICE_DATA, "pump", payload(*metrics, seq=seq), session)


class TestBirth:
    def test_says_who_is_there_and_what_it_measures(self) -> None:
        session = SparkplugSession()
        read = sparkplug.decode(
            Kind.NODE_BIRTH,
            NODE,
            payload(
                metric("bdSeq", datatype=4, value=4),
                metric("Node Control/Rebirth", datatype=11, value=False),
                metric("CPU Load", alias=1, datatype=10, value=0.25),
                seq=0,
            ),
            session,
        )
        presence, values = read.messages
        assert (presence.online, presence.child) == (True, None)
        assert values.readings == (RawReading("cpu_load", NOW, 0.25),)
        assert (session.birth, session.seq, session.aliases[NODE][1].name) == (4, 0, "CPU Load")
        assert not read.needs_rebirth

    def test_begins_afresh(self) -> None:
        session = born()
        sparkplug.decode(Kind.NODE_BIRTH, NODE, payload(seq=0), session)
        assert "pump" not in session.aliases

    def test_a_node_fills_no_memory_with_devices_or_names(self) -> None:
        session = born()
        many = [metric(f"m{n}", alias=n + 1) for n in range(900)]
        for number in range(5):
            sparkplug.decode(Kind.DEVICE_BIRTH, f"d{number}", payload(*many, seq=1), session)
        with pytest.raises(Undecodable, match="aliases"):
            sparkplug.decode(Kind.DEVICE_BIRTH, "d5", payload(*many, seq=1), session)
        assert "d5" not in session.aliases
        for name in ("x" * 201, "a\0b"):
            with pytest.raises(Undecodable, match="printable"):
                sparkplug.decode(Kind.NODE_BIRTH, NODE, payload(metric(name), seq=0), born())


class TestData:
    def test_an_alias_stands_for_its_metric(self) -> None:
        read = data(born(), metric(alias=7, ts=NOW + 5, value=61.5))
        (message,) = read.messages
        assert message.child == "pump"
        assert message.readings == (RawReading("supply_temp", NOW + 5, 61.5),)
        assert not read.needs_rebirth

    @pytest.mark.parametrize(
        ("datatype", "value"), [(1, -5), (2, -300), (3, -70_000), (4, -(2**40)), (8, 2**63)]
    )
    def test_whole_numbers_keep_their_sign(self, datatype: int, value: int) -> None:
        read = data(born(), metric("level", datatype=datatype, value=value))
        assert read.messages[0].readings[0].value == value

    def test_no_value_is_no_reading(self) -> None:
        assert data(born(), metric("level", datatype=10)).messages == []

    def test_an_unknown_alias_is_counted_and_a_birth_asked_for(self) -> None:
        read = data(born(), metric(alias=9, value=1.0), metric(alias=7, value=2.0))
        assert (read.unknown_aliases, read.needs_rebirth, len(read.messages)) == (1, True, 1)

    def test_a_gap_asks_for_a_birth_and_loses_nothing(self) -> None:
        read = data(born(), metric(alias=7, value=2.0), seq=5)
        assert (read.needs_rebirth, len(read.messages)) == (True, 1)

    def test_the_sequence_goes_round(self) -> None:
        session = born()
        session.seq = 255
        assert not data(session, metric(alias=7, value=2.0), seq=0).needs_rebirth

    def test_data_before_a_birth_asks_for_one(self) -> None:
        read = data(SparkplugSession(), metric("level", value=1.0))
        assert (read.needs_rebirth, len(read.messages)) == (True, 1)


class TestDeath:
    def test_ends_the_session_of_the_node_and_its_devices(self) -> None:
        session = born()
        read = sparkplug.decode(
            Kind.NODE_DEATH, NODE, payload(metric("bdSeq", datatype=4, value=4)), session
        )
        assert [(m.child, m.online) for m in read.messages] == [(None, False), ("pump", False)]
        assert not session.is_online

    def test_of_an_older_connection_means_nothing(self) -> None:
        session = born(birth=5)
        read = sparkplug.decode(
            Kind.NODE_DEATH, NODE, payload(metric("bdSeq", datatype=4, value=4)), session
        )
        assert (read.is_stale, session.is_online) == (True, True)

    def test_of_a_device_leaves_the_others(self) -> None:
        session = born()
        read = sparkplug.decode(Kind.DEVICE_DEATH, "pump", payload(seq=2), session)
        assert [(m.child, m.online) for m in read.messages] == [("pump", False)]
        assert session.is_online


class TestSession:
    def test_outlives_a_restart_as_json(self) -> None:
        kept = msgspec.json.encode(born())
        session = msgspec.convert(msgspec.json.decode(kept), SparkplugSession, strict=False)
        assert session == born()
        assert data(session, metric(alias=7, value=1.0)).unknown_aliases == 0


class TestRebirthCommand:
    def test_is_what_the_specification_says(self) -> None:
        assert sparkplug.rebirth_command() == metric(
            "Node Control/Rebirth", datatype=11, value=True
        )


class TestGarbage:
    @given(st.binary(max_size=200), st.sampled_from(list(Kind)), st.sampled_from([NODE, "pump"]))
    def test_is_read_or_refused_and_then_changes_nothing(
        self, garbage: bytes, kind: Kind, device: str
    ) -> None:
        session, before = born(), copy.deepcopy(born())
        try:
            sparkplug.decode(kind, device, garbage, session)
        except Undecodable:
            assert session == before

    @given(st.integers(0, 60), st.integers(0, 255))
    def test_one_wrong_byte_is_refused_or_gives_one_metric_at_most(
        self, place: int, byte: int
    ) -> None:
        good = bytearray(payload(metric("level", alias=3, datatype=10, value=1.5), seq=2))
        good[place % len(good)] = byte
        session, before = born(), copy.deepcopy(born())
        try:
            read = sparkplug.decode(Kind.DEVICE_DATA, "pump", bytes(good), session)
        except Undecodable:
            assert session == before
        else:
            assert sum(len(message.readings) for message in read.messages) <= 1
            assert session.aliases == before.aliases
