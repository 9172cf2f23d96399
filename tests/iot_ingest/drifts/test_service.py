"""Metrics of one asset that leave their usual places together, from stored readings to an alert."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import Disposition, TriageReason
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.decisions import service as decisions
from iot_ingest.devices.models import Device
from iot_ingest.drifts import service
from iot_ingest.drifts.models import DriftState
from iot_ingest.drifts.vectors import vectors
from iot_ingest.readings.means import Mean
from iot_ingest.readings.models import Reading
from iot_ingest.rules import service as rules
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import CORROBORATION, DRIFT, Danger, Severity
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.errors import Invalid
from tests.factories.assets import make_asset
from tests.factories.iot_ingest import make_device, make_rule

NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
METRICS = ("flow", "heat", "pressure")
MINUTES = 700


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def make_pump(session: Session) -> tuple[Device, Device]:
    """Two devices on one asset: one for flow and heat, one for pressure."""
    asset = make_asset(session, model="P-7")
    return make_device(session, asset), make_device(session, asset)


def watch_group(session: Session, **over: object) -> None:
    first, *others = METRICS
    values = {"measure": Measure.MODEL, "model_name": DRIFT, "duration_seconds": 0,
              "model": "P-7", "together": others, **over}  # fmt: skip
    make_rule(session, metric=first, **values)


def store(session: Session, pump: tuple[Device, Device], drift_from: int, drift_to: int) -> None:
    """A reading a minute of each metric; flow and pressure are off for a while."""
    values = np.random.default_rng(1).normal(20, 1, (MINUTES, len(METRICS)))
    values[drift_from:drift_to, 0] -= 3
    values[drift_from:drift_to, 2] += 3
    begin = NOON - timedelta(minutes=MINUTES)
    rows = [
        {"device_id": pump[name == "pressure"].id, "metric": name, "value": value,
         "ts": begin + timedelta(minutes=at)}
        for at, vector in enumerate(values)
        for name, value in zip(METRICS, vector.tolist(), strict=True)
    ]  # fmt: skip
    session.execute(insert(Reading), rows)


def alerts(session: Session) -> list[Alert]:
    return list(session.scalars(select(Alert)))


class TestWatch:
    def test_a_drift_is_one_alert_that_names_its_metrics(self, session: Session) -> None:
        watch_group(session)
        store(session, make_pump(session), 600, MINUTES)
        assert service.watch(session) == 1
        (alert,) = alerts(session)
        drift = alert.evidence["drift"]
        assert {one["metric"] for one in drift["metrics"][:2]} == {"flow", "pressure"}
        assert drift["times_the_limit"] > 1
        words = reason_in_words(alert.evidence)
        assert "together" in words["en"]
        assert "gemeinsam" in words["de"]

    def test_needs_review_as_no_card_speaks_for_it(self, session: Session) -> None:
        watch_group(session)
        store(session, make_pump(session), 600, MINUTES)
        service.watch(session)
        (alert,) = alerts(session)
        decisions.decide(session, alert.id)
        assert (alert.triage_reason, alert.work_order_id) == (TriageReason.NO_CARD, None)

    def test_is_over_when_all_are_back(self, session: Session) -> None:
        watch_group(session)
        store(session, make_pump(session), 500, 540)
        service.watch(session)
        (alert,) = alerts(session)
        assert alert.disposition is Disposition.SELF_CLEARED

    def test_goes_on_where_it_stopped(self, session: Session) -> None:
        watch_group(session)
        store(session, make_pump(session), 600, MINUTES)
        clock.freeze(session, NOON - timedelta(minutes=150))
        assert service.watch(session) == 1
        assert alerts(session) == []
        clock.freeze(session, NOON)
        assert service.watch(session) == 1
        assert service.watch(session) == 0
        assert len(alerts(session)) == 1
        assert session.scalars(select(DriftState)).one().state["known"]["seen"] == MINUTES - 2

    def test_learns_anew_when_its_rule_names_other_metrics(self, session: Session) -> None:
        watch_group(session)
        store(session, make_pump(session), 600, MINUTES)
        clock.freeze(session, NOON - timedelta(minutes=150))
        service.watch(session)
        rule = session.scalars(select(Rule)).one()
        rules.change(session, rule, {"together": ["pressure"]})
        clock.freeze(session, NOON)
        assert service.watch(session) == 1
        known = session.scalars(select(DriftState)).one().state["known"]
        assert (known["metrics"], known["seen"]) == (["flow", "pressure"], 150)

    def test_other_models_of_assets_are_left_alone(self, session: Session) -> None:
        watch_group(session, model="P-8")
        store(session, make_pump(session), 600, MINUTES)
        assert service.watch(session) == 0


class TestCorroboration:
    """A drift of flow and pressure, and an error that a device of the same asset reports."""

    @pytest.fixture
    def pump(self, session: Session) -> tuple[Device, Device]:
        watch_group(session)
        error = {"metric": "error_code", "op": "gt", "threshold": 0.0, "clear_threshold": 0.0}
        make_rule(session, metric="flow", measure=Measure.MODEL, model_name=CORROBORATION,
                  model="P-7", companions=[error], severity=Severity.CRITICAL,
                  duration_seconds=0)  # fmt: skip
        pump = make_pump(session)
        store(session, pump, 600, MINUTES)
        return pump

    def report(self, session: Session, device: Device, minutes_ago: int, code: float) -> None:
        row = {"device_id": device.id, "metric": "error_code", "value": code,
               "ts": NOON - timedelta(minutes=minutes_ago)}  # fmt: skip
        session.execute(insert(Reading), [row])

    def test_a_drift_and_an_error_are_one_alert_that_says_more(
        self, session: Session, pump: tuple[Device, Device]
    ) -> None:
        self.report(session, pump[1], 200, 0.0)
        self.report(session, pump[1], 180, 41.0)
        service.watch(session)
        (alert,) = alerts(session)
        assert alert.severity is Severity.CRITICAL
        assert alert.evidence["signs"] == 2
        (confirming,) = alert.evidence["corroborated_by"]
        assert (confirming["kind"], confirming["metric"], confirming["value"]) == (
            "error", "error_code", 41.0)  # fmt: skip
        assert "An error confirms it: error code was 41." in reason_in_words(alert.evidence)["en"]
        assert "Ein Fehler bestätigt es" in reason_in_words(alert.evidence)["de"]

    def test_the_error_may_come_while_the_drift_goes_on_and_counts_once(
        self, session: Session, pump: tuple[Device, Device]
    ) -> None:
        clock.freeze(session, NOON - timedelta(minutes=60))
        service.watch(session)
        (alert,) = alerts(session)
        assert (alert.severity, "signs" in alert.evidence) == (Severity.WARNING, False)
        self.report(session, pump[0], 30, 41.0)
        for minutes in (20, 10, 0):
            clock.freeze(session, NOON - timedelta(minutes=minutes))
            service.watch(session)
        (alert,) = alerts(session)
        assert (alert.severity, alert.evidence["occurrences"]) == (Severity.CRITICAL, 2)

    def test_neither_a_drift_nor_an_error_alone_is_enough(
        self, session: Session, pump: tuple[Device, Device]
    ) -> None:
        self.report(session, pump[0], 100, 0.0)
        self.report(session, make_pump(session)[0], 60, 41.0)
        service.watch(session)
        (alert,) = alerts(session)
        assert alert.severity is Severity.WARNING
        assert "corroborated_by" not in alert.evidence


class TestRule:
    def test_a_drift_names_what_is_watched_together(self, session: Session) -> None:
        with pytest.raises(Invalid, match="together"):
            watch_group(session, together=[])
        with pytest.raises(Invalid, match="once"):
            watch_group(session, together=["flow"])

    def test_danger_is_watched_with_a_limit(self, session: Session) -> None:
        with pytest.raises(Invalid, match="limit"):
            watch_group(session, danger=Danger.GAS)


class TestVectors:
    def test_one_for_each_minute_once_all_were_heard(self) -> None:
        def mean(minute: int, metric: str, value: float) -> Mean:
            return Mean(NOON + timedelta(minutes=minute), metric, value)

        means = [mean(0, "a", 1), mean(1, "b", 2), mean(2, "a", 3), mean(90, "a", 4)]
        found = [values for _, values in vectors(means, "ab", {})]
        assert found == [[1, 2], [3, 2]]
