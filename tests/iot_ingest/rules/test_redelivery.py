"""Rules of every kind under redelivery, reorder and restart: no alert twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from iot_ingest.alerts import openings
from iot_ingest.alerts.models import Alert
from iot_ingest.devices.models import Device
from iot_ingest.intake.service import Incoming, ingest
from iot_ingest.rules import service as rules
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.models import RuleState
from iot_ingest.rules.threshold import Op
from kernel import clock
from kernel.events import EventRow
from tests.factories.iot_ingest import make_device, make_message, make_rule, reading

NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
KINDS: dict[str, dict[str, Any]] = {
    "duration": {"duration_seconds": 600},
    "repetition": {"duration_seconds": 0, "repeat_times": 3, "repeat_seconds": 3600},
    "rate": {
        "measure": Measure.RATE,
        "threshold": 60.0,
        "clear_threshold": 20.0,
        "rate_seconds": 1800,
        "duration_seconds": 0,
    },
    "companions": {
        "duration_seconds": 300,
        "companions": [{"metric": "current", "op": "gt", "threshold": 5.0, "clear_threshold": 4.0}],
    },
    "clear_after": {"duration_seconds": 0, "clear_after_seconds": 900},
}


@pytest.fixture(autouse=True)
def evening(session: Session) -> None:
    clock.freeze(session, NOON + timedelta(hours=12))


def day_of(device: Device, rng: Random) -> list[Incoming]:
    """Six hours in which the temperature goes up and down several times."""
    found = []
    for index in range(72):
        wave = 95.0 if (index // rng.choice((6, 7))) % 2 else 55.0
        at = NOON + timedelta(minutes=5 * index)
        values = [reading(at, wave + rng.random()), reading(at, wave / 10, "current")]
        found.append(make_message(device, index, values))
    return found


def deliver(session: Session, messages: Sequence[Incoming], size: int = 24) -> None:
    """In batches; between two of them nothing is remembered but what the database holds."""
    for first in range(0, len(messages), size):
        ingest(session, messages[first : first + size])
        session.flush()
        session.expunge_all()


def opened(session: Session) -> list[datetime]:
    return list(session.scalars(select(Alert.opened_at).order_by(Alert.opened_at)))


def announced(session: Session) -> int:
    count = select(func.count()).select_from(EventRow)
    return session.scalar(count.where(EventRow.name == "iot_ingest.AlertOpened")) or 0


@pytest.mark.parametrize("kind", KINDS)
class TestRedelivery:
    def test_the_same_messages_again_make_no_alert_more(self, session: Session, kind: str) -> None:
        make_rule(session, **KINDS[kind])
        clean, doubled = make_device(session), make_device(session)
        deliver(session, day_of(clean, Random(4)))
        expected = opened(session)
        assert expected
        messages = day_of(doubled, Random(4))
        rng = Random(7)
        again = [
            m
            for i in range(0, 72, 12)
            for m in (*messages[i : i + 12], *rng.sample(messages[: i + 12], 5))
        ]
        deliver(session, again, size=34)
        deliver(session, messages)
        assert opened(session) == sorted(expected * 2)
        assert announced(session) == len(expected) * 2

    def test_out_of_order_no_episode_is_counted_twice(self, session: Session, kind: str) -> None:
        make_rule(session, **KINDS[kind])
        device = make_device(session)
        messages = day_of(device, Random(4))
        rng = Random(1)
        late = sorted(range(72), key=lambda index: index + rng.uniform(0, 8))
        deliver(session, [messages[index] for index in late])
        once = opened(session)
        deliver(session, [messages[index] for index in late])
        assert opened(session) == once
        assert len(set(once)) == len(once) == announced(session)


class TestSilence:
    def rule(self, session: Session) -> None:
        make_rule(
            session,
            measure=Measure.SILENCE,
            op=Op.AT_LEAST,
            threshold=900.0,
            clear_threshold=900.0,
            duration_seconds=0,
        )

    def look(self, session: Session, minutes: int) -> None:
        clock.freeze(session, NOON + timedelta(minutes=minutes))
        openings.apply(session, rules.find_silent(session))
        session.expire_all()

    def test_opens_one_alert_and_ends_it_when_the_device_speaks(self, session: Session) -> None:
        self.rule(session)
        device = make_device(session)
        ingest(session, [make_message(device, 0, [reading(NOON, 50.0)])])
        for minutes in (14, 15, 16, 60):
            self.look(session, minutes)
        alert = session.scalars(select(Alert)).one()
        assert alert.opened_at == NOON + timedelta(minutes=15)
        assert alert.evidence["value"] == 900.0
        spoken = make_message(device, 1, [reading(NOON + timedelta(minutes=61), 50.0)])
        clock.freeze(session, NOON + timedelta(minutes=61))
        ingest(session, [spoken])
        ingest(session, [spoken])
        assert not session.scalars(select(Alert)).one().is_open

    def test_a_device_that_never_spoke_is_not_missed(self, session: Session) -> None:
        self.rule(session)
        make_device(session)
        self.look(session, 600)
        assert session.scalar(select(func.count()).select_from(RuleState)) == 0
