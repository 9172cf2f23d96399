"""The decision table at work: remote fix first, choices, work order, dates and costs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.messaging.models import Message
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, Disposition, RemoteOutcome
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import answers, ports
from iot_ingest.decisions import service as decisions
from iot_ingest.intake.service import ingest
from iot_ingest.playbooks import service
from iot_ingest.playbooks.lifecycle import FirstStep
from iot_ingest.playbooks.models import Playbook
from iot_ingest.rules.lifecycle import Danger
from kernel import clock
from kernel.errors import Conflict
from tests.client import ApiClient
from tests.factories.iot_ingest import make_alert, make_device, make_rule, make_run
from tests.factories.work_orders import make_work_type
from tests.principals import dispatcher, principal

Client = Callable[..., ApiClient]
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture(autouse=True)
def noon(session: Session) -> None:
    clock.freeze(session, NOON)


@pytest.fixture
def commands() -> Iterator[list[str]]:
    """What devices were told."""
    sent: list[str] = []

    def send(session: Session, device_id: UUID, command: str) -> bool:
        sent.append(command)
        return True

    with ports.remote_fix.wired(send):
        yield sent


def make_playbook(session: Session, **over: Any) -> Playbook:
    return service.write(session, {"fault_class": "overheating", "criticality": 1, **over})


def messages(session: Session) -> int:
    return session.query(Message).count()


class TestRemoteFirst:
    def test_nobody_is_bothered_until_the_retest(
        self, session: Session, commands: list[str], run_jobs: Callable[[], int]
    ) -> None:
        make_playbook(session, remote_command="restart")
        alert = make_alert(session)
        decisions.decide(session, alert.id)
        decisions.decide(session, alert.id)
        assert (commands, messages(session)) == (["restart"], 0)
        clock.freeze(session, NOON + timedelta(minutes=15))
        run_jobs()
        session.refresh(alert)
        assert (alert.remote_outcome, messages(session)) == (RemoteOutcome.FAILED, 1)

    def test_quiet_before_the_retest_means_fixed(
        self, session: Session, commands: list[str]
    ) -> None:
        make_playbook(session, remote_command="restart")
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        ingest(session, make_run(device, 0, NOON, [95.0]))
        alert = session.query(Alert).one()
        decisions.decide(session, alert.id)
        clock.freeze(session, NOON + timedelta(minutes=5))
        ingest(session, make_run(device, 1, NOON + timedelta(minutes=5), [20.0]))
        session.refresh(alert)
        assert (alert.status, alert.disposition) == (
            AlertStatus.CLEARED,
            Disposition.REMOTE_FIXED,
        )

    def test_danger_does_not_wait_for_it(self, session: Session, commands: list[str]) -> None:
        make_playbook(session, remote_command="shut", danger=True, offers_ignore=False)
        alert = make_alert(session, make_rule(session, danger=Danger.GAS))
        decisions.decide(session, alert.id)
        assert commands == ["shut"]
        assert alert.work_order_id is not None

    def test_a_device_that_takes_no_commands_costs_no_time(self, session: Session) -> None:
        make_playbook(session, remote_command="restart")
        alert = make_alert(session)
        with ports.remote_fix.wired(ports.no_remote_fix):
            decisions.decide(session, alert.id)
        assert messages(session) == 1


class TestChoices:
    def test_the_customer_may_have_it_tried_and_is_asked_again(
        self, session: Session, commands: list[str], run_jobs: Callable[[], int]
    ) -> None:
        alert = make_alert(session)
        decisions.decide(session, alert.id)
        make_playbook(session, remote_command="restart", offers_remote=True)
        assert answers.choices_of(session, alert) == list(Choice)
        for _ in range(2):
            answers.answer(session, alert.id, Choice.REMOTE_FIX)
        assert commands == ["restart"]
        assert answers.choices_of(session, alert) == []
        clock.freeze(session, NOON + timedelta(minutes=15))
        run_jobs()
        session.refresh(alert)
        assert answers.choices_of(session, alert) == [Choice.SLOT, Choice.IGNORE]
        assert messages(session) == 2

    def test_ignore_is_offered_neither_by_the_table_nor_with_danger(self, session: Session) -> None:
        gas = make_alert(session, make_rule(session, danger=Danger.GAS))
        make_playbook(session)
        assert Choice.IGNORE not in answers.choices_of(session, gas)
        session.add(Playbook(fault_class="gas", danger=True, offers_ignore=True))
        with pytest.raises(IntegrityError, match="danger_never_ignored"):
            session.flush()

    def test_a_remote_fix_that_was_not_offered_is_refused(self, session: Session) -> None:
        alert = make_alert(session)
        with pytest.raises(Conflict):
            answers.answer(session, alert.id, Choice.REMOTE_FIX)


class TestWorkOrder:
    def test_comes_at_once_with_the_tables_work_type_dates_and_cost(self, session: Session) -> None:
        make_work_type(session, code="swap", expected_minutes=75)
        make_playbook(
            session,
            first_step=FirstStep.WORK_ORDER,
            work_type_code="swap",
            parts_lead_hours=4,
            failure_cents=100_000,
        )
        curve = {"hours": [24, 48], "probability": [0.1, 0.3]}
        alert = make_alert(session, predicted_minutes=24 * 60, failure_curve=curve)
        decisions.decide(session, alert.id)
        assert alert.work_order_id is not None
        order = session.get_one(WorkOrder, alert.work_order_id)
        assert order.due_at == NOON + timedelta(hours=19, minutes=30)
        assert order.earliest_at == NOON + timedelta(hours=4)
        assert order.delay_cost_cents_per_day == 3_000 + 10_000
        assert order.failure_curve == curve

    def test_the_row_of_the_assets_criticality_counts(self, session: Session) -> None:
        make_playbook(session, criticality=4, first_step=FirstStep.WORK_ORDER)
        make_playbook(session)
        alert = make_alert(session)
        decisions.decide(session, alert.id)
        assert alert.work_order_id is None


class TestApi:
    def test_supervisors_write_the_table(self, session: Session, client: Client) -> None:
        body = {"fault_class": "noise", "criticality": 2}
        assert client(dispatcher()).post("/api/playbooks", json=body).status_code == 403
        staff = client(principal("supervisor"))
        made = staff.post("/api/playbooks", json=body)
        assert made.status_code == 201
        url = f"/api/playbooks/{made.json()['id']}"
        changed = staff.put(
            url, json={**body, "floor_minutes": 30}, headers={"If-Match": made.headers["ETag"]}
        )
        assert changed.json()["floor_minutes"] == 30
        for wrong, code in (
            ({"danger": True}, "danger_never_ignored"),
            ({"offers_remote": True}, "remote_command_missing"),
            ({"work_type_code": "nothing"}, "unknown_work_type"),
        ):
            answer = staff.post("/api/playbooks", json={**body, "criticality": 3, **wrong})
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert staff.delete(url).status_code == 204
        assert staff.get("/api/playbooks").json()["items"] == []
