"""Nobody answers: reminded, by a second channel, phoned, and then the default."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.models import Message
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders.lifecycle import WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import answers, service, silence
from iot_ingest.outreach.lifecycle import CallOutcome, StepKind, StepStatus, StopReason
from iot_ingest.outreach.models import AnswerStep, CallTask
from iot_ingest.outreach.queries import list_steps
from iot_ingest.rules.lifecycle import Danger, NoAnswer
from kernel import clock
from tests.factories.assets import make_asset
from tests.factories.customers import make_customer, make_site
from tests.factories.iot_ingest import make_alert, make_device, make_rule
from tests.factories.technicians import make_shift, make_technician
from tests.factories.territories import make_territory

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")
RunJobs = Callable[[], int]
UNTIL_CALLED = (60, 30, 15)
"""Minutes from step to step of a question that gives an hour."""


@pytest.fixture(autouse=True)
def monday(session: Session) -> None:
    clock.freeze(session, MONDAY)


def wait(session: Session, run_jobs: RunJobs, minutes: float) -> None:
    clock.freeze(session, clock.now(session) + timedelta(minutes=minutes))
    run_jobs()


def asked(session: Session, *, device: object = None, **rule: object) -> Alert:
    used = make_rule(session, answer_minutes=60, **rule)
    alert = make_alert(session, used, device=device) if device else make_alert(session, used)
    service.decide(session, alert.id)
    return alert


def silent(session: Session, run_jobs: RunJobs, **rule: object) -> Alert:
    """Nobody has answered to the end of the ladder."""
    alert = asked(session, **rule)
    for minutes in (*UNTIL_CALLED, 15):
        wait(session, run_jobs, minutes)
    return alert


def letters(session: Session, alert: Alert) -> list[tuple[str, Channel]]:
    sent = session.scalars(select(Message).where(Message.alert_id == alert.id).order_by(Message.id))
    return [(message.template, message.channel) for message in sent]


def taken(session: Session, alert: Alert) -> list[StepKind]:
    return [s.kind for s in list_steps(session, alert.id) if s.status is StepStatus.DONE]


def ahead(session: Session, alert: Alert) -> list[AnswerStep]:
    return [s for s in list_steps(session, alert.id) if s.status is StepStatus.WAITING]


def calls(session: Session) -> list[CallTask]:
    return list(session.scalars(select(CallTask).order_by(CallTask.id)))


class TestLadder:
    def test_same_channel_then_another_then_a_call(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = asked(session)
        for minutes in UNTIL_CALLED:
            wait(session, run_jobs, minutes)
        (_, first), *reminders = letters(session, alert)
        other = Channel.EMAIL if first is Channel.SMS else Channel.SMS
        assert reminders == [("alert_reminder", first), ("alert_reminder", other)]
        (task,) = calls(session)
        assert task.words["de"] == "Keine Antwort auf: " + task.reason.removeprefix(
            "No answer to: "
        )
        assert [step.kind for step in ahead(session, alert)] == [StepKind.DEFAULT]

    def test_each_step_is_taken_once(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session)
        clock.freeze(session, MONDAY + timedelta(minutes=60))
        for _ in range(3):
            silence.act_on_silence(session, alert.id)
        run_jobs()
        assert taken(session, alert) == [StepKind.ASK, StepKind.REMIND]

    def test_a_late_worker_keeps_the_steps_apart(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session)
        wait(session, run_jobs, 600)
        assert taken(session, alert) == [StepKind.ASK, StepKind.REMIND]
        assert ahead(session, alert)[0].due_at == MONDAY + timedelta(minutes=630)
        assert alert.answer_due_at == MONDAY + timedelta(minutes=660)

    def test_in_danger_all_is_done_within_a_quarter_of_an_hour(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = asked(session, danger=Danger.CO)
        for _ in range(4):
            wait(session, run_jobs, 5.1)
        assert taken(session, alert) == [*StepKind]
        (task,) = calls(session)
        assert task.due_at <= clock.now(session) + timedelta(minutes=10)
        assert alert.work_order_id is not None

    def test_a_customer_with_one_address_has_no_second_channel(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        customer = make_customer(session, email=None)
        device = make_device(session, make_asset(session, make_site(session, customer)))
        alert = asked(session, device=device)
        for minutes in UNTIL_CALLED:
            wait(session, run_jobs, minutes)
        by_kind = {step.kind: step.status for step in list_steps(session, alert.id)}
        assert by_kind[StepKind.SECOND_CHANNEL] is StepStatus.SKIPPED
        assert len(calls(session)) == 1

    def test_without_any_address_it_comes_to_a_call_and_the_same_end(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        customer = make_customer(session, email=None, phone=None)
        device = make_device(session, make_asset(session, make_site(session, customer)))
        alert = asked(session, device=device)
        for minutes in (*UNTIL_CALLED, 15):
            wait(session, run_jobs, minutes)
        assert taken(session, alert) == [StepKind.ASK, StepKind.CALL, StepKind.DEFAULT]
        assert alert.work_order_id is not None

    def test_an_alert_asked_before_there_were_ladders_begins_one(self, session: Session) -> None:
        alert = make_alert(session, answer_due_at=MONDAY)
        silence.act_on_silence(session, alert.id)
        assert ahead(session, alert)[0].kind is StepKind.REMIND


class TestNight:
    EVENING = datetime.fromisoformat("2026-11-23T20:30:00+01:00")
    MORNING = datetime.fromisoformat("2026-11-24T07:00:00+01:00")

    @pytest.fixture(autouse=True)
    def evening(self, session: Session, monday: None) -> None:
        clock.freeze(session, self.EVENING)

    def test_reminders_and_calls_wait_for_the_morning(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = asked(session)
        wait(session, run_jobs, 60)
        assert [step.due_at for step in ahead(session, alert)] == [
            self.MORNING + timedelta(minutes=minutes) for minutes in (0, 30, 45, 60)
        ]
        clock.freeze(session, self.MORNING - timedelta(seconds=1))
        run_jobs()
        assert taken(session, alert) == [StepKind.ASK]
        for minutes in (0.1, 30, 15):
            wait(session, run_jobs, minutes)
        assert len(letters(session, alert)) == 3
        assert len(calls(session)) == 1

    def test_it_is_the_night_of_the_customer(self, session: Session, run_jobs: RunJobs) -> None:
        site = make_site(session, time_zone="America/New_York")
        alert = asked(session, device=make_device(session, make_asset(session, site)))
        wait(session, run_jobs, 60)
        assert taken(session, alert) == [StepKind.ASK, StepKind.REMIND]

    def test_danger_does_not_wait(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session, danger=Danger.GAS)
        for minutes in (60, 5.1, 5.1):
            wait(session, run_jobs, minutes)
        assert StepKind.CALL in taken(session, alert)

    def test_a_visit_due_before_the_morning_is_ordered_without_waking_anybody(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = asked(session, response_hours=8)
        for minutes in (*UNTIL_CALLED, 15):
            wait(session, run_jobs, minutes)
        assert alert.work_order_id is not None
        assert taken(session, alert) == [StepKind.ASK, StepKind.DEFAULT]
        assert calls(session) == []


class TestDefault:
    def test_opens_the_work_order(self, session: Session, run_jobs: RunJobs) -> None:
        alert = silent(session, run_jobs)
        assert alert.work_order_id is not None
        order = session.get_one(WorkOrder, alert.work_order_id)
        assert order.status is WorkOrderStatus.OPEN
        assert alert.answer_due_at is None

    def test_or_closes_where_the_rule_says_so_and_nobody_phones_any_more(
        self, session: Session, run_jobs: RunJobs
    ) -> None:
        alert = silent(session, run_jobs, no_answer=NoAnswer.CLOSE)
        assert (alert.status, alert.disposition) == (AlertStatus.CLEARED, Disposition.UNANSWERED)
        assert alert.work_order_id is None
        assert [task.outcome for task in calls(session)] == [CallOutcome.NOT_NEEDED]

    def test_or_books_the_first_window(self, session: Session, run_jobs: RunJobs) -> None:
        territory = make_territory(session)
        technician = make_technician(session, territory, skills={"boiler": 3})
        make_shift(session, technician, MONDAY + timedelta(hours=1), hours=10)
        device = make_device(
            session, make_asset(session, make_site(session, territory_id=territory.id))
        )
        alert = silent(session, run_jobs, device=device, no_answer=NoAnswer.BOOK)
        assert alert.work_order_id is not None
        visit = list_visits_of(session, alert.work_order_id)[0]
        assert session.scalars(select(Booking)).one().visit_id == visit.id


class TestStop:
    def test_an_answer_stops_everything(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session)
        wait(session, run_jobs, 60)
        answers.answer(session, alert.id, Choice.IGNORE)
        wait(session, run_jobs, 2 * 24 * 60)
        assert [template for template, _ in letters(session, alert)] == [
            "alert_opened",
            "alert_reminder",
        ]
        rest = [s for s in list_steps(session, alert.id) if s.status is StepStatus.STOPPED]
        assert {step.stopped_by for step in rest} == {StopReason.ANSWERED}
        assert alert.work_order_id is None

    def test_an_answer_makes_the_call_needless(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session)
        for minutes in UNTIL_CALLED:
            wait(session, run_jobs, minutes)
        answers.answer(session, alert.id, Choice.IGNORE)
        run_jobs()
        assert [task.outcome for task in calls(session)] == [CallOutcome.NOT_NEEDED]

    def test_so_does_the_end_of_the_alert(self, session: Session, run_jobs: RunJobs) -> None:
        alert = asked(session)
        alerts.clear(session, alert.id, Disposition.FALSE_ALARM)
        run_jobs()
        assert {s.stopped_by for s in list_steps(session, alert.id)} == {None, StopReason.ENDED}
        wait(session, run_jobs, 600)
        assert len(letters(session, alert)) == 1
