"""The life of an alert in the hands of people and work orders."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import service
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, Disposition, TriageReason
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import answers
from iot_ingest.decisions import service as decisions
from iot_ingest.devices.models import Device
from iot_ingest.escalations.models import Escalation
from iot_ingest.intake.service import ingest
from iot_ingest.rules.lifecycle import Danger, Severity
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.errors import Conflict, Invalid
from tests.client import ApiClient
from tests.factories.iot_ingest import make_alert, make_device, make_rule, make_run
from tests.factories.work_orders import walk
from tests.principals import dispatcher

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


def status_of(session: Session, alert: Alert) -> AlertStatus:
    session.refresh(alert)
    return alert.status


def with_work_order(session: Session) -> Alert:
    alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
    decisions.decide(session, alert.id)
    return alert


def finish(session: Session, alert: Alert, **report: str) -> None:
    assert alert.work_order_id is not None
    visit = walk(session, list_visits_of(session, alert.work_order_id)[0], VisitStatus.IN_PROGRESS)
    if report:
        work_orders.edit_visit(session, visit, {"report": report})
    work_orders.set_visit_status(session, visit, VisitStatus.COMPLETED)


class TestAcknowledge:
    def test_twice_is_once(self, session: Session) -> None:
        alert = make_alert(session)
        service.acknowledge(session, alert.id)
        version = alert.version
        service.acknowledge(session, alert.id)
        assert (alert.status, alert.version) == (AlertStatus.ACKNOWLEDGED, version)


class TestSnooze:
    def test_comes_back_when_its_time_is_over(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session)
        service.snooze(session, alert.id, NOON + timedelta(hours=2))
        run_jobs()
        assert status_of(session, alert) is AlertStatus.SNOOZED
        clock.freeze(session, NOON + timedelta(hours=2))
        run_jobs()
        assert status_of(session, alert) is AlertStatus.ACTIVE

    def test_a_longer_snooze_outlives_the_first(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session)
        service.snooze(session, alert.id, NOON + timedelta(hours=1))
        service.snooze(session, alert.id, NOON + timedelta(hours=5))
        clock.freeze(session, NOON + timedelta(hours=2))
        run_jobs()
        assert alert.status is AlertStatus.SNOOZED

    @pytest.mark.parametrize("hours", [-1, 0, 24 * 14 + 1])
    def test_refuses_a_time_past_or_too_far(self, session: Session, hours: int) -> None:
        with pytest.raises(Invalid):
            service.snooze(session, make_alert(session).id, NOON + timedelta(hours=hours))


class TestClear:
    def test_a_person_gives_the_outcome(self, session: Session) -> None:
        alert = service.clear(
            session, make_alert(session).id, Disposition.FALSE_ALARM, "sunlight on the sensor"
        )
        assert (alert.status, alert.cleared_at) == (AlertStatus.CLEARED, NOON)
        assert alert.evidence["note"] == "sunlight on the sensor"

    def test_nothing_clears_itself_by_hand(self, session: Session) -> None:
        with pytest.raises(Invalid):
            service.clear(session, make_alert(session).id, Disposition.SELF_CLEARED)

    def test_is_final_in_code_and_in_the_database(self, session: Session) -> None:
        alert = service.clear(session, make_alert(session).id, Disposition.REPAIRED)
        with pytest.raises(Conflict):
            service.acknowledge(session, alert.id)
        with pytest.raises(DBAPIError, match="cannot become"):
            session.execute(
                text(
                    "UPDATE alerts SET status = 'active', cleared_at = NULL, disposition = NULL,"
                    " version = version + 1"
                )
            )

    def test_after_a_repair_the_rules_count_from_zero_once_the_machine_settled(
        self, session: Session
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON, [95.0]))
        alert = session.scalars(select(Alert)).one()
        service.clear(session, alert.id, Disposition.REPAIRED)
        clock.freeze(session, NOON + timedelta(hours=1))
        later = [95.0] * 6  # at 5, 10, ... 30 minutes
        ingest(session, make_run(device, 1, NOON + timedelta(minutes=5), later))
        first, second = session.scalars(select(Alert).order_by(Alert.opened_at)).all()
        assert (first.id, first.disposition) == (alert.id, Disposition.REPAIRED)
        assert second.opened_at == NOON + timedelta(minutes=30)

    def test_after_a_false_alarm_the_same_reading_does_not_alarm_again(
        self, session: Session
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON, [95.0]))
        alert = session.scalars(select(Alert)).one()
        service.clear(session, alert.id, Disposition.FALSE_ALARM)
        clock.freeze(session, NOON + timedelta(hours=2))
        ingest(session, make_run(device, 1, NOON + timedelta(hours=1), [95.0, 95.0]))
        assert session.scalars(select(Alert)).all() == [alert]


class TestConclude:
    @pytest.mark.parametrize(
        ("report", "expected"),
        [
            ({}, Disposition.REPAIRED),
            ({"verdict": "false_alarm"}, Disposition.FALSE_ALARM),
            ({"verdict": "gremlins"}, Disposition.REPAIRED),
        ],
    )
    def test_the_technicians_verdict_ends_the_alert(
        self,
        session: Session,
        run_jobs: Callable[[], int],
        report: dict[str, str],
        expected: Disposition,
    ) -> None:
        alert = with_work_order(session)
        finish(session, alert, **report)
        run_jobs()
        session.refresh(alert)
        assert (alert.status, alert.disposition) == (AlertStatus.CLEARED, expected)

    def test_a_remote_fix_ends_it_as_one(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = with_work_order(session)
        assert alert.work_order_id is not None
        work_orders.complete_remotely(session, alert.work_order_id, "restarted")
        run_jobs()
        session.refresh(alert)
        assert alert.disposition is Disposition.REMOTE_FIXED

    def test_a_cancelled_work_order_leaves_the_alert_open(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert = with_work_order(session)
        assert alert.work_order_id is not None
        work_orders.cancel(session, alert.work_order_id, "opened twice")
        run_jobs()
        session.refresh(alert)
        assert alert.is_open
        assert alert.work_order_id is None


class TestApply:
    def test_a_worse_rule_is_decided_anew(self, session: Session) -> None:
        device = make_device(session)
        weak = make_rule(session, severity=Severity.INFO, duration_seconds=0)
        make_rule(session, severity=Severity.WARNING, duration_seconds=0, threshold=90.0)
        ingest(session, make_run(device, 0, NOON, [85.0]))
        (alert,) = session.scalars(select(Alert))
        alert.triage_reason = TriageReason.LOW_PRECISION
        session.flush()
        ingest(session, make_run(device, 1, NOON + timedelta(minutes=5), [95.0]))
        session.refresh(alert)
        assert alert.rule_id != weak.id
        assert (alert.severity, alert.triage_reason) == (Severity.WARNING, None)

    def send(self, session: Session, device: Device, seq: int, value: float) -> None:
        minutes = timedelta(minutes=5 * seq)
        clock.freeze(session, NOON + minutes)
        ingest(session, make_run(device, seq, NOON + minutes, [value]))

    def test_a_worse_sign_makes_the_alert_worse_and_is_decided_anew(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0)
        make_rule(
            session, duration_seconds=0, threshold=100.0, name="Burns", severity=Severity.CRITICAL
        )
        device = make_device(session)
        self.send(session, device, 0, 90.0)
        run_jobs()
        alert = session.scalars(select(Alert)).one()
        assert (alert.severity, alert.work_order_id) == (Severity.WARNING, None)
        self.send(session, device, 1, 110.0)
        run_jobs()
        session.refresh(alert)
        assert alert.severity is Severity.CRITICAL
        assert alert.work_order_id is not None
        assert session.get_one(Rule, alert.rule_id).name == "Burns"

    def test_danger_does_not_end_by_itself(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0, danger=Danger.CO)
        device = make_device(session)
        self.send(session, device, 0, 90.0)
        self.send(session, device, 1, 10.0)
        alert = session.scalars(select(Alert)).one()
        assert alert.is_open
        assert "quiet_since" in alert.evidence

    def test_an_alert_expires_by_its_sign_not_by_when_that_came_in(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0, auto_clear_hours=6)
        ingest(session, make_run(make_device(session), 0, NOON - timedelta(hours=5), [95.0]))
        alert = session.scalars(select(Alert)).one()
        clock.freeze(session, NOON + timedelta(minutes=59))
        run_jobs()
        assert status_of(session, alert) is AlertStatus.ACTIVE
        clock.freeze(session, NOON + timedelta(hours=1))
        run_jobs()
        assert status_of(session, alert) is AlertStatus.CLEARED

    def test_what_goes_on_firing_was_seen_by_its_latest_reading(
        self, session: Session, client: Client, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0, auto_clear_hours=1)
        ingest(session, make_run(make_device(session), 0, NOON - HOUR, [95.0] * 13))
        alert = session.scalars(select(Alert)).one()
        shown = client(dispatcher()).get(f"/api/alerts/{alert.id}").json()
        assert datetime.fromisoformat(shown["opened_at"]) == NOON - HOUR
        assert datetime.fromisoformat(shown["last_seen_at"]) == NOON
        clock.freeze(session, NOON + HOUR - MINUTE)
        run_jobs()
        assert status_of(session, alert) is AlertStatus.ACTIVE
        clock.freeze(session, NOON + HOUR)
        run_jobs()
        assert status_of(session, alert) is AlertStatus.CLEARED

    def test_a_sign_that_came_in_too_late_opens_nothing(self, session: Session) -> None:
        make_rule(session, duration_seconds=0, auto_clear_hours=6)
        ingest(session, make_run(make_device(session), 0, NOON - timedelta(hours=6), [95.0]))
        assert session.scalars(select(Alert)).all() == []

    def test_what_became_critical_is_not_left_as_long_as_a_warning(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0)
        make_rule(session, duration_seconds=0, threshold=100.0, severity=Severity.CRITICAL)
        device = make_device(session)
        self.send(session, device, 0, 90.0)
        self.send(session, device, 1, 110.0)
        clock.freeze(session, NOON + timedelta(minutes=21))
        run_jobs()
        alert = session.scalars(select(Alert)).one()
        session.refresh(alert)
        assert (alert.status, alert.escalation_level) == (AlertStatus.ACTIVE, 1)

    @pytest.mark.parametrize(
        "worse", [{"severity": Severity.CRITICAL}, {"danger": Danger.CO}, {"danger": Danger.GAS}]
    )
    def test_what_was_ignored_and_gets_worse_waits_for_somebody_again(
        self, session: Session, run_jobs: Callable[[], int], worse: dict[str, object]
    ) -> None:
        make_rule(session, duration_seconds=0)
        make_rule(session, duration_seconds=0, threshold=100.0, **worse)
        device = make_device(session)
        self.send(session, device, 0, 90.0)
        run_jobs()
        alert = session.scalars(select(Alert)).one()
        answers.answer(session, alert.id, Choice.IGNORE)
        self.send(session, device, 1, 110.0)
        run_jobs()
        assert status_of(session, alert) is AlertStatus.ACTIVE
        assert (alert.answer, alert.answer_due_at is None) == (None, False)
        assert alert.work_order_id is not None
        clock.freeze(session, NOON + timedelta(minutes=20))
        run_jobs()
        session.refresh(alert)
        assert alert.escalation_level == 1
        raised = session.scalars(select(Escalation)).one()
        assert (raised.alert_id, raised.level, raised.settled_at) == (alert.id, 1, None)

    @pytest.mark.parametrize("seen_to", ["acknowledge", "snooze"])
    def test_who_took_on_less_is_told_of_more(
        self, session: Session, run_jobs: Callable[[], int], seen_to: str
    ) -> None:
        make_rule(session, duration_seconds=0)
        make_rule(session, duration_seconds=0, threshold=100.0, severity=Severity.CRITICAL)
        device = make_device(session)
        self.send(session, device, 0, 90.0)
        alert = session.scalars(select(Alert)).one()
        service.escalate(session, alert.id, 1)
        service.escalate(session, alert.id, 2)
        if seen_to == "acknowledge":
            service.acknowledge(session, alert.id)
        else:
            service.snooze(session, alert.id, NOON + timedelta(days=1))
        self.send(session, device, 1, 110.0)
        assert status_of(session, alert) is AlertStatus.ACTIVE
        clock.freeze(session, NOON + timedelta(minutes=20))
        run_jobs()
        session.refresh(alert)
        assert alert.escalation_level == 3

    def test_what_another_device_tells_late_does_not_make_the_alert_old(
        self, session: Session
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        other = make_device(session, session.get_one(Asset, device.asset_id))
        self.send(session, device, 0, 90.0)
        ingest(session, make_run(other, 0, NOON - timedelta(days=10), [95.0]))
        alert = session.scalars(select(Alert)).one()
        assert alert.evidence["occurrences"] == 2
        assert alert.last_seen_at == NOON

    def test_one_quiet_device_does_not_end_what_another_still_reports(
        self, session: Session
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        other = make_device(session, session.get_one(Asset, device.asset_id))
        self.send(session, device, 0, 90.0)
        self.send(session, other, 0, 90.0)
        self.send(session, device, 1, 10.0)
        alert = session.scalars(select(Alert)).one()
        assert alert.is_open
        self.send(session, other, 1, 10.0)
        assert alert.disposition is Disposition.SELF_CLEARED
