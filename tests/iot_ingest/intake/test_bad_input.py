"""Whatever a device, a stranger or a broken network may send is counted, and stops nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from iot_ingest.broker.connection import Delivery
from iot_ingest.devices import service as devices
from iot_ingest.inbound import read
from iot_ingest.intake.service import Outcome, ingest
from iot_ingest.readings.models import DeadLetter, Reading
from iot_ingest.readings.quality import Drop
from kernel import clock
from tests.factories.iot_ingest import make_device, make_device_with_token
from tests.iot_ingest.readings.sparkplug_bytes import metric, payload

DAY = timedelta(days=1)
VALUES = (
    "NaN Infinity -Infinity null true false [] {} [1] 1e999 -1e999"
    ' "" "12" "NaN" "twelve" {"v":1} [[1]] "0x10"'
).split()
METRICS = [
    *("", " ", "A", "Temp", "1x", "a b", "a;drop table", "ä", "a" * 64, "a\n", "a\0", "../x", "-a"),
    *(" a", "temperature ", "${a}", "a%00", "a\ud7ff", None, 5, True, [], {}),
]
HUGE = ["1.7e308", "-1.7e308", "2e100"]
TIMES = (
    '"yesterday" "2026-13-01T00:00:00Z" "2026-03-01T12:00:00" "12:00" "" [] {} true NaN Infinity'
    ' 1e300 -1e300 "2026-02-30T00:00:00Z" "1e9"'
).split()
AHEAD = [timedelta(minutes=11), DAY, 365 * DAY, 7000 * 365 * DAY]
BEHIND = [14 * DAY + timedelta(minutes=1), 365 * DAY]
LONG_AGO = ["0", "-1", "1", '"1969-12-31T23:59:59Z"', "1e8"]
SHAPES = [
    *(b"", b"\x00", b"\xff\xfe", b"[]", b"12", b"null", b'"x"', b"{", b"{}", b"<r/>", b"a=1&b=2"),
    *(b"\x1f\x8b\x08\x00", b"\x08\x01\x12", b"[" * 100_000, b'{"readings":', b'{"readings": 3}'),
    *(b'{"readings": [3]}', b'{"readings": {}}', b'{"boot_id": "a", "readings": []}'),
    *(b'{"seq": 1, "readings": []}', b'{"boot_id": "a", "seq": -1, "readings": []}'),
    b'{"boot_id": "a", "seq": 1.5, "readings": []}',
    b'{"boot_id": "a", "seq": true, "readings": []}',
    b'{"boot_id": "a", "seq": "1", "readings": []}',
    b'{"boot_id": "", "seq": 1, "readings": []}',
    b'{"boot_id": 7, "seq": 1, "readings": []}',
    b'{"boot_id": "a\\u0000", "seq": 1, "readings": []}',
    b'{"boot_id": "\\ud800", "seq": 1, "readings": []}',
    b'{"boot_id": "a", "seq": 9223372036854775808, "readings": []}',
    b'{"boot_id": "a", "seq": 1, "oldest": -1, "readings": []}',
    b'{"boot_id": "' + b"a" * 65 + b'", "seq": 1, "readings": []}',
    b'{"token": 1, "readings": []}',
    json.dumps({"readings": [{"metric": "a", "value": 1}] * 1001}).encode(),
]
TOPICS = [
    *("", "/", "devices", "devices//readings", "devices/../readings", "devices/x/readings"),
    *("devices/+/readings", "devices/#", "$SYS/broker", "v1/devices/me/telemetry"),
    *("devices/{id}", "devices/{id}/readings/extra", "DEVICES/{id}/readings", "{id}"),
    *("devices/{id}\0/readings", "devices/' OR 1=1 --/readings", "v1/gateway/{id}/rpc"),
    *("spBv1.0/g/NDATA/x", "spBv1.0/g/NDATA/{id}/a/b", "devices/" + "a" * 60_000 + "/readings"),
]


@dataclass(frozen=True)
class World:
    now: datetime
    device_id: UUID
    token: str
    other_id: UUID
    revoked_id: UUID
    strict_id: UUID


@dataclass(frozen=True)
class Case:
    """What is sent, and why how much of it is dropped."""

    name: str
    reason: Drop
    payload: bytes
    topic: str = "devices/{id}/readings"
    times: int = 1
    is_proven: bool = True


def with_reading(**over: str) -> bytes:
    parts = {"metric": '"temperature"', "value": "1", **over}
    inside = ",".join(f'"{name}":{value}' for name, value in parts.items())
    return f'{{"readings":[{{{inside}}}]}}'.encode()


def cases(world: World) -> Iterator[Case]:
    for value in (*VALUES, "1" + "0" * 400):
        yield Case(f"value {value[:20]}", Drop.NOT_A_NUMBER, with_reading(value=value))
    for value in HUGE:
        yield Case(f"value {value}", Drop.OUT_OF_RANGE, with_reading(value=value))
    for name in METRICS:
        yield Case(f"metric {name!r:.20}", Drop.BAD_METRIC, with_reading(metric=json.dumps(name)))
    for ts in TIMES:
        yield Case(f"time {ts}", Drop.BAD_TIME, with_reading(ts=ts))
    for ahead in AHEAD:
        ts = (world.now + ahead).timestamp() if ahead > 999 * DAY else world.now + ahead
        text = str(ts * 1000) if isinstance(ts, float) else json.dumps(ts.isoformat())
        yield Case(f"clock {ahead} ahead", Drop.IN_THE_FUTURE, with_reading(ts=text))
    for behind in BEHIND:
        ts_text = json.dumps((world.now - behind).isoformat())
        yield Case(f"clock {behind} behind", Drop.TOO_OLD, with_reading(ts=ts_text))
    for long_ago in LONG_AGO:
        yield Case(f"clock at {long_ago}", Drop.TOO_OLD, with_reading(ts=long_ago))
    for number, shape in enumerate(SHAPES):
        yield Case(f"shape {number} {shape[:30]!r}", Drop.UNDECODABLE, shape)
    whole = good(world, 0)
    for end in range(1, len(whole), 9):
        yield Case(f"truncated at {end}", Drop.UNDECODABLE, whole[:end])
    for topic in TOPICS:
        yield Case(f"topic {topic[:30]!r}", Drop.UNKNOWN_DEVICE, whole, topic)
    yield from foreign(world, whole)
    yield from other_formats()


def foreign(world: World, whole: bytes) -> Iterator[Case]:
    of_other = json.dumps({"device_id": str(world.other_id), "readings": []}).encode()
    stolen = json.dumps({"token": world.token, "readings": []}).encode()
    other = f"devices/{world.other_id}/readings"
    yield Case("stranger", Drop.UNKNOWN_DEVICE, whole, f"devices/{uuid4()}/readings")
    yield Case("revoked", Drop.REVOKED_DEVICE, whole, f"devices/{world.revoked_id}/readings")
    yield Case("says it is another", Drop.WRONG_DEVICE, of_other)
    yield Case("no token", Drop.WRONG_TOKEN, b'{"readings": []}', is_proven=False)
    yield Case("another's token", Drop.WRONG_TOKEN, stolen, other, is_proven=False)
    yield Case("status without token", Drop.WRONG_TOKEN, b'{"online":true}', STATUS, 1, False)
    yield Case("telemetry without token", Drop.WRONG_TOKEN, b'{"a":1}', THINGSBOARD, 1, False)
    yield Case("sparkplug without login", Drop.WRONG_TOKEN, b"", SPARKPLUG, 1, False)


STATUS = "devices/{id}/status"
THINGSBOARD = "v1/devices/{id}/telemetry"
GATEWAY = "v1/gateway/{id}/telemetry"
CONNECT = "v1/gateway/{id}/connect"
SPARKPLUG = "spBv1.0/g/NDATA/{id}"


def other_formats() -> Iterator[Case]:
    yield Case("status that says nothing", Drop.UNDECODABLE, b"{}", STATUS)
    yield Case("status in words", Drop.UNDECODABLE, b"offline", STATUS)
    yield Case("thingsboard list of numbers", Drop.UNDECODABLE, b"[1]", THINGSBOARD)
    yield Case("thingsboard text", Drop.NOT_A_NUMBER, b'{"a":"on"}', THINGSBOARD)
    yield Case("thingsboard time", Drop.BAD_TIME, b'{"ts":"now","values":{"a":1}}', THINGSBOARD)
    yield Case("gateway list", Drop.UNDECODABLE, b"[]", GATEWAY)
    yield Case("unknown child", Drop.UNKNOWN_CHILD, b'{"Pump":[{"a":1}]}', GATEWAY)
    yield Case("two unknown", Drop.UNKNOWN_CHILD, b'{"P":[{"a":1}],"Q":[{"a":1}]}', GATEWAY, 2)
    yield Case("unknown child connects", Drop.UNKNOWN_CHILD, b'{"device":"Pump"}', CONNECT)
    yield Case("nobody connects", Drop.UNDECODABLE, b"{}", CONNECT)
    yield Case("sparkplug garbage", Drop.UNDECODABLE, b"\xff\xff\xff", SPARKPLUG)
    yield Case("sparkplug kind", Drop.UNDECODABLE, b"", "spBv1.0/g/NWHAT/{id}")
    yield Case("sparkplug birth of nobody", Drop.UNDECODABLE, b"", "spBv1.0/g/DBIRTH/{id}")
    nameless = payload(metric(alias=3, value=1.0))
    yield Case("sparkplug alias", Drop.UNKNOWN_ALIAS, nameless, SPARKPLUG)
    unknown = payload(metric("level", value=1.0))
    yield Case("sparkplug child", Drop.UNKNOWN_CHILD, unknown, "spBv1.0/g/DDATA/{id}/pump")


def good(world: World, seq: int) -> bytes:
    ts = (world.now - timedelta(hours=1) + timedelta(seconds=seq)).isoformat()
    reading = {"metric": "temperature", "ts": ts, "value": seq}
    return json.dumps({"boot_id": "good", "seq": seq, "readings": [reading]}).encode()


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def make_world(session: Session) -> World:
    device, token = make_device_with_token(session)
    revoked = make_device(session)
    devices.revoke(session, revoked.id)
    strict = make_device(session, messages_per_minute=3)
    other = make_device(session)
    now = clock.now(session)
    return World(now, device.id, token, other.id, revoked.id, strict.id)


def send(session: Session, *deliveries: Delivery, is_proven: bool = True) -> Outcome:
    inbound = read(session, deliveries, is_proven=is_proven)
    return ingest(session, inbound.incoming)


class TestBadInput:
    def test_every_kind_is_counted_and_the_good_beside_it_stored(
        self, session: Session, world: World
    ) -> None:
        tried = list(cases(world))
        assert len(tried) >= 100
        assert len({case.name for case in tried}) == len(tried)
        wrong = []
        for seq, case in enumerate(tried):
            topic = case.topic.replace("{id}", str(world.device_id))
            outcome = send(session, Delivery(1, topic, case.payload), is_proven=case.is_proven)
            if (outcome.dropped, outcome.accepted) != ({case.reason: case.times}, 0):
                wrong.append((case.name, outcome.dropped, outcome.accepted))
            through = send(
                session, Delivery(2, f"devices/{world.device_id}/readings", good(world, seq))
            )
            assert (through.dropped, through.accepted) == ({}, 1), case.name
            assert [ack.seq for ack in through.acks] == [seq]
        assert wrong == []
        assert session.scalar(select(func.count()).select_from(Reading)) == len(tried)

    def test_all_of_them_at_once_change_nothing_about_that(
        self, session: Session, world: World
    ) -> None:
        tried = [case for case in cases(world) if case.is_proven]
        deliveries = [
            Delivery(1, case.topic.replace("{id}", str(world.device_id)), case.payload)
            for case in tried
        ]
        fine = Delivery(2, f"devices/{world.device_id}/readings", good(world, 0))
        outcome = send(session, *deliveries, fine)
        assert outcome.accepted == 1
        assert sum(outcome.dropped.values()) == sum(case.times for case in tried)
        kept = session.execute(
            select(DeadLetter.reason, func.count()).group_by(DeadLetter.reason)
        ).all()
        told_apart = set(map(str, outcome.dropped)) - {Drop.DUPLICATE_MESSAGE}  # NaN twice
        assert {reason for reason, _ in kept} == told_apart
        assert max(count for _, count in kept) <= 50


class TestReplay:
    def test_a_message_and_a_reading_count_once(self, session: Session, world: World) -> None:
        own = f"devices/{world.device_id}/readings"
        once = Delivery(1, own, good(world, 0))
        assert send(session, once, once).dropped == {Drop.DUPLICATE_MESSAGE: 1}
        again = json.loads(good(world, 0)) | {"seq": 1}
        same_reading = Delivery(2, own, json.dumps(again).encode())
        assert send(session, same_reading).dropped == {Drop.DUPLICATE_READING: 1}

    def test_late_and_out_of_order_is_stored(self, session: Session, world: World) -> None:
        own = f"devices/{world.device_id}/readings"
        outcome = send(session, *(Delivery(n, own, good(world, n)) for n in (2, 0, 1)))
        assert (outcome.accepted, outcome.dropped) == (3, {})
        assert [ack.seq for ack in outcome.acks] == [2]


class TestQuota:
    def test_what_is_too_much_is_counted_and_not_acknowledged(
        self, session: Session, world: World
    ) -> None:
        own = f"devices/{world.strict_id}/readings"
        outcome = send(session, *(Delivery(n, own, good(world, n)) for n in range(5)))
        assert (outcome.accepted, outcome.dropped) == (3, {Drop.OVER_QUOTA: 2})
        assert [ack.seq for ack in outcome.acks] == [2]
