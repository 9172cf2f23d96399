"""Models are kept and promoted; the streaming detector looks at what is stored."""

import math
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import TriageReason
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service as decisions
from iot_ingest.devices.models import Device
from iot_ingest.predictions import queries, service
from iot_ingest.predictions.lifecycle import CORROBORATION, STREAMING, ModelKind, ModelStatus
from iot_ingest.predictions.models import DetectorState, TrainedModel
from iot_ingest.readings.models import Reading
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Severity
from kernel import clock
from kernel.errors import Conflict, Invalid, NotFound
from tests.factories.iot_ingest import make_device, make_rule

STEP = timedelta(minutes=5)
DAYS = 4


def keep(session: Session, name: str = "pumps", *, passes: bool = True) -> TrainedModel:
    kind = ModelKind.REMAINING_LIFE
    return service.keep(session, name, kind, {"kind": str(kind)}, {"passes": passes})


class TestPromote:
    def test_only_with_a_passing_card(self, session: Session) -> None:
        with pytest.raises(Conflict, match="floors"):
            service.promote(session, keep(session, passes=False))
        assert not queries.may_open_orders(session, "pumps")

    def test_retires_the_number_before(self, session: Session) -> None:
        first, second = keep(session), keep(session)
        service.promote(session, first)
        service.promote(session, second)
        assert (first.status, second.status) == (ModelStatus.RETIRED, ModelStatus.PROMOTED)
        assert queries.may_open_orders(session, "pumps")

    def test_twice_is_once(self, session: Session) -> None:
        model = service.promote(session, keep(session))
        assert service.promote(session, model).status is ModelStatus.PROMOTED


class TestKeep:
    def test_counts_numbers_by_name(self, session: Session) -> None:
        assert [keep(session).number, keep(session).number, keep(session, "fans").number] == [
            1,
            2,
            1,
        ]
        assert queries.get_model(session, "pumps").number == 2
        assert queries.get_model(session, "pumps@1").number == 1

    def test_a_detector_keeps_its_name(self, session: Session) -> None:
        with pytest.raises(Invalid):
            keep(session, STREAMING)

    def test_an_unknown_number_is_not_found(self, session: Session) -> None:
        keep(session)
        with pytest.raises(NotFound):
            queries.get_model(session, "pumps@x")


def store(
    session: Session, device: Device, metric: str, until: datetime, jump: float = 0.0
) -> None:
    """Days of a daily rhythm; the last readings are higher by `jump`."""
    count = int(timedelta(days=DAYS) / STEP)
    rows = [
        {
            "device_id": device.id,
            "metric": metric,
            "ts": until - STEP * (count - 1 - at),
            "value": 20 + 3 * math.sin(at / 45) + at % 7 / 50 + (jump if at >= count - 3 else 0),
        }
        for at in range(count)
    ]
    session.execute(insert(Reading), rows)


def watched(session: Session, metric: str = "temperature", **over: object) -> None:
    values = {"measure": Measure.MODEL, "model_name": STREAMING, "duration_seconds": 0, **over}
    make_rule(session, metric=metric, **values)


def alerts_of(session: Session, device: Device) -> list[Alert]:
    return list(session.scalars(select(Alert).where(Alert.device_id == device.id)))


class TestWatchStreams:
    def test_opens_an_alert_that_needs_review(self, session: Session) -> None:
        device = make_device(session)
        watched(session)
        store(session, device, "temperature", clock.now(session), jump=30)
        service.watch_streams(session)
        (alert,) = alerts_of(session, device)
        decisions.decide(session, alert.id)
        assert alert.triage_reason is TriageReason.NO_CARD
        assert alert.work_order_id is None

    def test_sees_every_reading_once(self, session: Session) -> None:
        device = make_device(session)
        watched(session)
        store(session, device, "temperature", clock.now(session))
        assert service.watch_streams(session) == 1
        assert service.watch_streams(session) == 0
        state = session.get_one(DetectorState, (device.id, "temperature"))
        assert state.state["points"] == int(timedelta(days=DAYS) / STEP)
        assert alerts_of(session, device) == []

    def test_says_nothing_of_what_is_old(self, session: Session) -> None:
        device = make_device(session)
        watched(session)
        store(session, device, "temperature", clock.now(session) - timedelta(days=3), jump=30)
        service.watch_streams(session)
        assert alerts_of(session, device) == []

    def test_two_metrics_raise_the_alert(self, session: Session) -> None:
        device = make_device(session)
        for metric in ("current", "temperature"):
            watched(session, metric)
            watched(session, metric, model_name=CORROBORATION, severity=Severity.CRITICAL)
            store(session, device, metric, clock.now(session), jump=30)
        service.watch_streams(session)
        (alert,) = alerts_of(session, device)
        assert alert.severity is Severity.CRITICAL
