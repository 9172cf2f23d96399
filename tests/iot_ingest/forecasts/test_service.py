"""From stored lives to a trained model, and from a promoted model to a dated work order."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.customers.models import Site
from dispatch.work_orders.lifecycle import WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts import service as alert_service
from iot_ingest.alerts.lifecycle import Choice, Disposition, TriageReason
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.decisions import answers
from iot_ingest.decisions import service as decisions
from iot_ingest.forecasts import queries, service, training
from iot_ingest.forecasts.models import Forecast
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned
from iot_ingest.predictions import service as models
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.readings.models import Reading
from iot_ingest.rollups.service import roll_up
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.threshold import Op
from kernel import clock
from kernel.errors import Conflict
from tests.factories.assets import make_asset
from tests.factories.customers import make_site
from tests.factories.iot_ingest import make_device, make_rule
from tests.factories.work_orders import make_work_order, make_work_type

NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
HOUR = timedelta(hours=1)
MACHINES = 22
SUBJECT = Subject(("heat", "noise"), HOUR, "worn")
ERRORS = Subject(("error1", "error2"), HOUR, "jammed")


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOW)


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session)


def life(number: int, hours: int) -> np.ndarray:
    """Heat rises over the last 60 hours of a machine, noise over the last 30."""
    draw = np.random.default_rng(number)
    left = np.arange(hours, 0, -1.0)
    heat = 40 + np.maximum(0, 60 - left) / 6
    noise = 10 + np.maximum(0, 30 - left) / 3
    return np.column_stack([heat, noise]) + draw.normal(0, 0.4, (hours, 2))


def store(session: Session, asset: Asset, until: datetime, values: np.ndarray) -> None:
    device = make_device(session, asset)
    begin = until - HOUR * len(values)
    rows = [
        {"device_id": device.id, "metric": metric, "ts": begin + HOUR * at, "value": float(value)}
        for at, vector in enumerate(values)
        for metric, value in zip(SUBJECT.metrics, vector, strict=True)
    ]
    session.execute(insert(Reading), rows)


def repair(session: Session, site: Site, asset: Asset, at: datetime, fault: str) -> None:
    order = make_work_order(session, site, asset_id=asset.id, fault_class=fault,
                            work_type_code="repair")  # fmt: skip
    session.execute(
        update(WorkOrder)
        .where(WorkOrder.id == order.id)
        .values(version=WorkOrder.version + 1, reported_at=at, completed_at=at + 2 * HOUR,
                status=WorkOrderStatus.COMPLETED)
    )  # fmt: skip


def wear_out(session: Session, site: Site) -> Learned:
    """A fleet that ran to failure some time ago, and what is learned from it."""
    for number in range(MACHINES):
        asset = make_asset(session, site, model="P-7")
        hours = 80 + number % 5 * 10
        failed_at = NOW - timedelta(days=20)
        store(session, asset, failed_at, life(number, hours))
        repair(session, site, asset, failed_at, "worn")
    lives = training.read_lives(session, ["P-7"], SUBJECT)
    assert len(lives) == MACHINES
    return training.learn_lives(lives, SUBJECT)


def keep(session: Session, learned: Learned, kind: ModelKind, *, promoted: bool) -> UUID:
    model = models.keep(session, "wear", kind, learned.content, learned.card)
    if promoted:
        models.promote(session, model)
    return model.id


def foretell(session: Session, metric: str, fault_class: str, **over: object) -> None:
    values = {"measure": Measure.MODEL, "model_name": "wear", "model": "P-7",
              "fault_class": fault_class, "severity": Severity.CRITICAL, "duration_seconds": 0,
              "work_type_code": "repair", "response_hours": 24 * 14, **over}  # fmt: skip
    make_rule(session, metric=metric, **values)


def make_worn(session: Session, site: Site, hours_left: int) -> Asset:
    """A machine that will fail so soon."""
    asset = make_asset(session, site, model="P-7", criticality=4)
    store(session, asset, NOW, life(99, 100)[: 100 - hours_left])
    return asset


def alerts(session: Session) -> list[Alert]:
    return list(session.scalars(select(Alert)))


class TestRemainingLife:
    LEARNED: ClassVar[list[Learned]] = []

    @pytest.fixture
    def learned(self, session: Session, site: Site) -> Learned:
        """One fleet is worn out for all tests of the class."""
        make_work_type(session, code="repair")
        if not self.LEARNED:
            self.LEARNED.append(wear_out(session, site))
        return self.LEARNED[0]

    def test_a_promoted_model_opens_a_dated_work_order(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        assert learned.card["passes"], learned.card
        keep(session, learned, ModelKind.REMAINING_LIFE, promoted=True)
        foretell(session, "heat", "worn", op=Op.BELOW, threshold=48.0, clear_threshold=72.0)
        worn, sound = make_worn(session, site, 25), make_worn(session, site, 75)
        assert service.score(session) == 2
        assert service.score(session) == 0
        (alert,) = alerts(session)
        assert alert.asset_id == worn.id
        (forecast,) = queries.latest_of_asset(session, worn.id)
        assert forecast.is_known
        assert 10 <= (forecast.lower_hours or 0) <= 25
        assert (forecast.lower_hours or 0) <= (forecast.hours_left or 0) <= 35
        assert alert.predicted_minutes == round((forecast.lower_hours or 0) * 60)
        assert "nine times in ten" in reason_in_words(alert.evidence)["en"]
        decisions.decide(session, alert.id)
        order = session.get_one(WorkOrder, alert.work_order_id)
        assert order.due_at is not None
        assert NOW < order.due_at < NOW + timedelta(minutes=alert.predicted_minutes or 0)
        assert order.earliest_at is not None
        assert order.earliest_at <= order.due_at
        assert order.delay_cost_cents_per_day > 0
        assert order.failure_curve == forecast.failure_curve
        assert queries.latest_of_asset(session, sound.id)[0].is_known

    def test_without_a_promoted_card_no_way_leads_to_a_work_order(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        keep(session, learned, ModelKind.REMAINING_LIFE, promoted=False)
        foretell(session, "heat", "worn", op=Op.BELOW, threshold=48.0, clear_threshold=72.0)
        make_worn(session, site, 25)
        service.score(session)
        (alert,) = alerts(session)
        decisions.decide(session, alert.id)
        assert alert.triage_reason is TriageReason.NO_CARD
        window = answers.offered_windows(session, alert)[0]
        with pytest.raises(Conflict) as refused:
            answers.answer(session, alert.id, Choice.SLOT, (window.start, window.end))
        assert refused.value.code == "needs_review"
        assert alert.work_order_id is None
        decisions.approve(session, alert.id)
        assert alert.work_order_id is not None

    def test_what_is_unlike_all_that_was_learned_is_left_alone(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        model_id = keep(session, learned, ModelKind.REMAINING_LIFE, promoted=True)
        foretell(session, "heat", "worn", op=Op.BELOW, threshold=48.0, clear_threshold=72.0)
        odd = make_asset(session, site, model="P-7")
        store(session, odd, NOW, life(99, 60) + np.array([0.0, 80.0]))
        new = make_asset(session, site, model="P-7")
        store(session, new, NOW, life(98, 3))
        service.score(session)
        assert alerts(session) == []
        assert not session.get_one(Forecast, (odd.id, model_id, NOW)).is_known
        assert session.get_one(Forecast, (new.id, model_id, NOW)).hours_left is None

    def test_a_refuted_rule_is_silent_for_a_week(
        self, session: Session, site: Site, learned: Learned
    ) -> None:
        keep(session, learned, ModelKind.REMAINING_LIFE, promoted=True)
        foretell(session, "heat", "worn", op=Op.BELOW, threshold=48.0, clear_threshold=72.0)
        worn = make_worn(session, site, 25)
        service.score(session)
        alert_service.clear(session, alerts(session)[0].id, Disposition.FALSE_ALARM)
        clock.freeze(session, NOW + HOUR)
        store(session, worn, NOW + HOUR, life(99, 100)[75:76])
        assert service.score(session) == 1
        assert [alert.is_open for alert in alerts(session)] == [False]


class TestFailures:
    def make_presses(self, session: Session, site: Site) -> None:
        """An error of one kind means nothing; the other kind a failure follows in ten hours."""
        make_work_type(session, code="repair")
        for number in range(MACHINES):
            asset = make_asset(session, site, model="P-7")
            device = make_device(session, asset)
            draw = np.random.default_rng(number)
            for step in range(8):
                at = NOW - timedelta(days=150 - 15 * step, hours=float(draw.uniform(0, 100)))
                is_bad = bool(draw.uniform() < 0.4)
                metric = ERRORS.metrics[is_bad]
                session.add(Reading(device_id=device.id, metric=metric, ts=at, value=1.0))
                if is_bad:
                    repair(session, site, asset, at + 10 * HOUR, "jammed")

    def test_its_probability_opens_a_work_order(self, session: Session, site: Site) -> None:
        self.make_presses(session, site)
        session.flush()
        roll_up(session)
        machines = training.read_machines(session, ["P-7"], ERRORS)
        learned = training.learn_failures(machines, ERRORS)
        assert learned.card["passes"], learned.card
        keep(session, learned, ModelKind.FAILURES, promoted=True)
        foretell(session, "error2", "jammed", op=Op.ABOVE, threshold=0.3, clear_threshold=0.2)
        told = {}
        for metric in ERRORS.metrics:
            asset = make_asset(session, site, model="P-7")
            device = make_device(session, asset)
            for days, name in ((30, "error1"), (0, metric)):
                at = NOW - timedelta(days=days) - 2 * HOUR
                session.add(Reading(device_id=device.id, metric=name, ts=at, value=1.0))
            told[metric] = asset
        session.flush()
        assert service.score(session) == 2
        assert service.score(session) == 0
        (alert,) = alerts(session)
        assert alert.asset_id == told["error2"].id
        assert (alert.failure_curve or {})["hours"] == [24.0]
        assert "probability" in reason_in_words(alert.evidence)["en"]
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None
        (noise,) = queries.latest_of_asset(session, told["error1"].id)
        assert noise.probability is not None
        assert noise.probability < 0.2
