"""Sparkplug B as other implementations send it, captured from the wire; each file says how."""

from collections.abc import Iterator

from iot_ingest.readings.decoders import sparkplug
from iot_ingest.readings.decoders.sparkplug import Kind, Read, SparkplugSession
from iot_ingest.readings.messages import RawReading
from tests.iot_ingest.readings.test_own_json import captured

NOON = 1772366400000


def played(name: str) -> Iterator[tuple[Kind, Read]]:
    """Each message of a captured session, read in the order it was sent."""
    session = SparkplugSession()
    for line in captured(name).decode().splitlines():
        if not line.startswith("#"):
            topic, payload = line.split()
            _, _, kind, _, *device = topic.split("/")
            read = sparkplug.decode(Kind(kind), "".join(device), bytes.fromhex(payload), session)
            yield Kind(kind), read


def readings_of(read: Read) -> list[RawReading]:
    return [reading for message in read.messages for reading in message.readings]


def online_of(read: Read) -> list[tuple[str | None, bool | None]]:
    return [(one.child, one.online) for one in read.messages if one.online is not None]


class TestPysparkplug:
    def test_a_session_from_birth_to_will_is_in_step(self) -> None:
        session = list(played("sparkplug_pysparkplug.txt"))
        assert [kind for kind, _ in session] == [
            Kind.NODE_BIRTH,
            Kind.DEVICE_BIRTH,
            Kind.NODE_DATA,
            Kind.DEVICE_DATA,
            Kind.DEVICE_DATA,
            Kind.DEVICE_DEATH,
            Kind.NODE_DEATH,
        ]
        assert not any(read.needs_rebirth or read.is_stale for _, read in session)
        assert not any(read.unknown_aliases for _, read in session)
        presence = [online_of(read) for _, read in session]
        assert presence == [
            [(None, True)], [("pump", True)], [], [], [], [("pump", False)], [(None, False)],
        ]  # fmt: skip

    def test_the_birth_names_every_type_and_leaves_out_what_is_null(self) -> None:
        _, birth = next(played("sparkplug_pysparkplug.txt"))
        assert readings_of(birth) == [
            RawReading("cpu_load", NOON, 0.25),
            RawReading("supply_temp", NOON, 60.5),
            RawReading("offset", NOON, -70_000),
            RawReading("steps", NOON, -5),
            RawReading("total", NOON, 2**63),
            RawReading("running", NOON, True),
            RawReading("firmware", NOON, "v2.4.1"),
        ]

    def test_data_goes_by_name_or_by_alias_alone(self) -> None:
        data = [read for kind, read in played("sparkplug_pysparkplug.txt") if kind.endswith("DATA")]
        assert [readings_of(read) for read in data] == [
            [RawReading("cpu_load", NOON + 1000, 0.5)],
            [RawReading("flow_rate", NOON + 2000, 13.0)],
            [RawReading("flow_rate", NOON + 3000, 13.5), RawReading("level", NOON + 3000, -301)],
        ]


class TestMqttSpbWrapper:
    def test_births_and_data_are_read(self) -> None:
        session = dict(played("sparkplug_mqtt_spb_wrapper.txt"))
        assert readings_of(session[Kind.DEVICE_BIRTH]) == [
            RawReading("data/flow_rate", NOON, 12.5),  # its births name groups of metrics, too
            RawReading("data/level", NOON, -300),
            RawReading("data/running", NOON, True),
            RawReading("data/state", NOON, "ok"),
        ]
        assert readings_of(session[Kind.NODE_DATA]) == [RawReading("cpu_load", NOON + 1000, 0.5)]
        assert readings_of(session[Kind.DEVICE_DATA]) == [
            RawReading("flow_rate", NOON + 2000, 13.0),
            RawReading("level", NOON + 2000, -301),
        ]

    def test_a_death_out_of_step_asks_for_a_birth_and_that_of_another_birth_ends_nothing(
        self,
    ) -> None:
        session = dict(played("sparkplug_mqtt_spb_wrapper.txt"))
        assert session[Kind.DEVICE_DEATH].needs_rebirth
        assert online_of(session[Kind.DEVICE_DEATH]) == [("pump", False)]
        assert session[Kind.NODE_DEATH].is_stale
