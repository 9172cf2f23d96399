"""Gateways through the whole intake: what they say ends as readings of the devices behind them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from iot_ingest.broker.connection import Delivery
from iot_ingest.devices.models import Device
from iot_ingest.devices.queries import is_online
from iot_ingest.inbound import read
from iot_ingest.intake.service import Outcome, ingest
from iot_ingest.readings.models import Reading
from iot_ingest.readings.quality import Drop
from kernel import clock
from tests.factories.iot_ingest import make_device
from tests.iot_ingest.readings.sparkplug_bytes import metric, payload

Replies = list[tuple[str, bytes]]


@pytest.fixture
def node(session: Session) -> Device:
    return make_device(session)


@pytest.fixture
def pump(session: Session, node: Device) -> Device:
    return make_device(session, gateway_id=node.id, gateway_name="pump")


def send(session: Session, topic: str, content: bytes) -> tuple[Outcome, Replies]:
    """One message in a batch of its own, as if another process took each."""
    inbound = read(session, [Delivery(1, topic, content)], is_proven=True)
    outcome = ingest(session, inbound.incoming)
    session.expire_all()
    return outcome, inbound.replies


def sparkplug(session: Session, node: Device, kind: str, content: bytes) -> Outcome:
    of_device = "/pump" if kind.startswith("D") else ""
    outcome, replies = send(session, f"spBv1.0/plant/{kind}/{node.id}{of_device}", content)
    assert replies == []
    return outcome


def stored(session: Session, device: Device) -> list[tuple[str, float]]:
    rows = session.execute(
        select(Reading.metric, Reading.value)
        .where(Reading.device_id == device.id)
        .order_by(Reading.ts, Reading.metric)
    )
    return [(row[0], row[1]) for row in rows]


def now_ms(session: Session) -> int:
    return int(clock.now(session).timestamp() * 1000)


def be_born(session: Session, node: Device, at: int) -> None:
    birth = payload(metric("bdSeq", datatype=4, value=1), seq=0, ts=at - 2000)
    sparkplug(session, node, "NBIRTH", birth)
    named = metric("Supply Temp", alias=7, datatype=10, value=60.5)
    sparkplug(session, node, "DBIRTH", payload(named, seq=1, ts=at - 1000))


class TestSparkplug:
    def test_an_alias_of_the_birth_names_later_data_of_the_device(
        self, session: Session, node: Device, pump: Device
    ) -> None:
        at = now_ms(session)
        be_born(session, node, at)
        data = payload(metric(alias=7, value=61.5), seq=2, ts=at)
        assert sparkplug(session, node, "DDATA", data).accepted == 1
        assert stored(session, pump) == [("supply_temp", 60.5), ("supply_temp", 61.5)]
        assert stored(session, node) == []

    def test_a_repeated_message_is_stored_once(
        self, session: Session, node: Device, pump: Device
    ) -> None:
        at = now_ms(session)
        be_born(session, node, at)
        data = payload(metric(alias=7, value=61.5), seq=2, ts=at)
        sparkplug(session, node, "DDATA", data)
        topic = f"spBv1.0/plant/DDATA/{node.id}/pump"
        again, _ = send(session, topic, data)
        assert again.dropped == {Drop.DUPLICATE_MESSAGE: 1}
        assert len(stored(session, pump)) == 2

    def test_birth_and_death_say_who_is_there(
        self, session: Session, node: Device, pump: Device
    ) -> None:
        be_born(session, node, now_ms(session))
        assert is_online(session, node.id)
        assert is_online(session, pump.id)
        sparkplug(session, node, "DDEATH", payload(seq=2))
        assert is_online(session, node.id)
        assert not is_online(session, pump.id)
        sparkplug(session, node, "NDEATH", payload(metric("bdSeq", datatype=4, value=1)))
        assert not is_online(session, node.id)

    def test_data_before_a_birth_asks_for_one_and_not_at_every_message(
        self, session: Session, node: Device, pump: Device
    ) -> None:
        topic = f"spBv1.0/plant/DDATA/{node.id}/pump"
        data = [payload(metric(alias=7, value=1.0), seq=seq) for seq in (2, 3)]
        (asked, command), *more = send(session, topic, data[0])[1]
        assert (asked, more) == (f"spBv1.0/plant/NCMD/{node.id}", [])
        assert b"Node Control/Rebirth" in command
        assert send(session, topic, data[1])[1] == []


class TestThingsBoard:
    def test_a_gateway_speaks_for_its_devices(
        self, session: Session, node: Device, pump: Device
    ) -> None:
        at = now_ms(session)
        content = f'{{"pump": [{{"ts": {at}, "values": {{"Supply Temp": 61.5}}}}]}}'
        outcome, _ = send(session, f"v1/gateway/{node.id}/telemetry", content.encode())
        assert (outcome.accepted, outcome.dropped) == (1, {})
        assert stored(session, pump) == [("supply_temp", 61.5)]
