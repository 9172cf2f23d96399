"""From an alert to a dated visit, and what happens when nobody answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.messaging.models import Message
from dispatch.scheduling.bookings.models import Booking
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import Source, VisitStatus, WorkOrderStatus
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import answers, service
from iot_ingest.intake.service import ingest
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel import clock
from kernel.credentials import read_access
from kernel.errors import Conflict, Invalid
from tests.factories.iot_ingest import (
    make_alert,
    make_device,
    make_message,
    make_rule,
    make_run,
    reading,
)
from tests.factories.sla import make_policy
from tests.factories.technicians import make_shift, make_technician
from tests.factories.work_orders import make_work_type, walk

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")


@pytest.fixture(autouse=True)
def monday(session: Session) -> None:
    clock.freeze(session, MONDAY)


def order_of(session: Session, alert: Alert) -> WorkOrder:
    assert alert.work_order_id is not None
    return session.get_one(WorkOrder, alert.work_order_id)


def visit_of(session: Session, alert: Alert) -> Visit:
    return list_visits_of(session, order_of(session, alert).id)[0]


def messages(session: Session) -> list[str]:
    return list(session.scalars(select(Message.template).order_by(Message.id)))


def technician_for(session: Session, alert: Alert) -> Technician:
    territory = session.get_one(Territory, alert.territory_id)
    technician = make_technician(session, territory, skills={"boiler": 3})
    for day in range(3):
        make_shift(session, technician, MONDAY + timedelta(days=day, hours=1), hours=9)
    return technician


class TestOpenByHand:
    def test_a_word_of_the_office_is_enough_and_twice_is_once(self, session: Session) -> None:
        alert = make_alert(session, triage_reason="over_budget")
        service.open_by_hand(session, alert.id)
        order = order_of(session, alert)
        assert service.open_by_hand(session, alert.id).work_order_id == order.id
        assert alert.triage_reason is None
        assert order.due_at == alert.opened_at + timedelta(hours=48)

    def test_an_ended_alert_gets_none(self, session: Session) -> None:
        alert = make_alert(session)
        alerts.clear(session, alert.id, Disposition.FALSE_ALARM, "")
        with pytest.raises(Conflict, match="settled"):
            service.open_by_hand(session, alert.id)


class TestDecide:
    def test_what_is_done_without_an_answer_leaves_half_of_the_time_for_the_visit(
        self, session: Session
    ) -> None:
        alert = make_alert(session, make_rule(session, response_hours=8))
        service.decide(session, alert.id)
        assert alert.answer_due_at == MONDAY + timedelta(hours=4)

    def test_a_warning_asks_the_customer_and_opens_nothing(self, session: Session) -> None:
        alert = make_alert(session)
        service.decide(session, alert.id)
        assert alert.work_order_id is None
        assert alert.answer_due_at == MONDAY + timedelta(minutes=480)
        message = session.scalars(select(Message)).one()
        assert (message.template, message.alert_id) == ("alert_opened", alert.id)
        assert message.link is not None

    def test_the_link_opens_this_alert_and_nothing_else(self, session: Session) -> None:
        alert = make_alert(session)
        service.decide(session, alert.id)
        link = session.scalars(select(Message.link)).one() or ""
        address, _, token = link.partition("#token=")
        principal, _ = read_access(token)
        assert address.endswith(f"/customer/alerts/{alert.id}")
        assert (principal.subject_id, principal.only_record) == (alert.customer_id, alert.id)

    @pytest.mark.parametrize(
        ("over", "priority"),
        [({"severity": Severity.CRITICAL}, 4), ({"danger": Danger.GAS}, 5)],
    )
    def test_critical_faults_and_danger_get_their_work_order_now(
        self, session: Session, over: dict[str, object], priority: int
    ) -> None:
        alert = make_alert(session, make_rule(session, response_hours=24, **over))
        service.decide(session, alert.id)
        order = order_of(session, alert)
        assert (order.source, order.priority) == (Source.IOT, priority)
        assert order.due_at == MONDAY + timedelta(hours=24)
        assert (order.alert_id, order.fault_class) == (alert.id, alert.fault_class)
        assert order.delay_cost_cents_per_day > 0
        assert visit_of(session, alert).due_at == order.due_at
        assert "91.5" in order.description
        assert messages(session) == ["alert_opened"]

    def test_the_contract_wins_when_it_is_sooner(self, session: Session) -> None:
        policy = make_policy(session, calendar_id=None, arrive_minutes=120, resolve_minutes=480)
        make_work_type(session, code="urgent", sla_policy_id=policy.id)
        rule = make_rule(session, work_type_code="urgent", severity=Severity.CRITICAL)
        alert = make_alert(session, rule)
        service.decide(session, alert.id)
        assert order_of(session, alert).due_at == MONDAY + timedelta(hours=2)

    def test_a_predicted_failure_wins_when_it_is_sooner(self, session: Session) -> None:
        rule = make_rule(session, severity=Severity.CRITICAL)
        alert = make_alert(session, rule, predicted_minutes=90)
        service.decide(session, alert.id)
        assert order_of(session, alert).due_at == MONDAY + timedelta(minutes=60)

    def test_new_danger_is_asked_about_anew_and_within_a_quarter_of_an_hour(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        make_rule(session, duration_seconds=0)
        device = make_device(session)
        ingest(session, make_run(device, 0, MONDAY, [95.0]))
        run_jobs()
        alert = session.scalars(select(Alert)).one()
        answers.answer(session, alert.id, Choice.IGNORE)
        make_rule(session, metric="co_ppm", duration_seconds=0, danger=Danger.CO)
        ingest(session, [make_message(device, 1, [reading(MONDAY, 95.0, "co_ppm")])])
        run_jobs()
        session.refresh(alert)
        assert alert.work_order_id is not None
        assert alert.answer_due_at == MONDAY + timedelta(minutes=15)
        assert messages(session).count("alert_opened") == 2

    def test_deciding_twice_is_deciding_once(self, session: Session) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        service.decide(session, alert.id)
        order_id = alert.work_order_id
        service.decide(session, alert.id)
        assert alert.work_order_id == order_id
        assert messages(session) == ["alert_opened"]


class TestAnswer:
    def test_a_slot_somebody_can_keep_is_booked(self, session: Session) -> None:
        alert = make_alert(session)
        technician_for(session, alert)
        service.decide(session, alert.id)
        window = answers.offered_windows(session, alert)[0]
        answers.answer(session, alert.id, Choice.SLOT, (window.start, window.end))
        booking = session.scalars(select(Booking)).one()
        assert (booking.arrival_start, booking.arrival_end) == (window.start, window.end)
        assert visit_of(session, alert).status is VisitStatus.SCHEDULED
        assert (alert.answer, alert.status) == (Choice.SLOT, AlertStatus.ACKNOWLEDGED)

    def test_a_slot_nobody_can_keep_stays_a_wish_for_the_planner(self, session: Session) -> None:
        alert = make_alert(session)
        window = answers.offered_windows(session, alert)[0]
        answers.answer(session, alert.id, Choice.SLOT, (window.start, window.end))
        visit = visit_of(session, alert)
        assert (visit.window_start, visit.window_end) == (window.start, window.end)
        assert visit.status is VisitStatus.UNSCHEDULED

    def test_the_same_answer_again_changes_nothing_and_another_is_refused(
        self, session: Session
    ) -> None:
        alert = make_alert(session)
        technician_for(session, alert)
        first, second = answers.offered_windows(session, alert)[:2]
        for _ in range(2):
            answers.answer(session, alert.id, Choice.SLOT, (first.start, first.end))
        with pytest.raises(Conflict) as refused:
            answers.answer(session, alert.id, Choice.SLOT, (second.start, second.end))
        assert refused.value.code == "already_answered"

    @pytest.mark.parametrize("danger", [Danger.GAS, Danger.CO, Danger.ELECTRICAL])
    def test_danger_cannot_be_ignored(self, session: Session, danger: Danger) -> None:
        alert = make_alert(session, make_rule(session, danger=danger))
        with pytest.raises(Conflict) as refused:
            answers.answer(session, alert.id, Choice.IGNORE)
        assert refused.value.code == "danger_not_ignored"
        assert alert.answer is None

    def test_ignoring_takes_the_work_order_back(self, session: Session) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        service.decide(session, alert.id)
        order = order_of(session, alert)
        answers.answer(session, alert.id, Choice.IGNORE)
        assert order.status is WorkOrderStatus.CANCELLED
        assert alert.work_order_id is None
        assert alert.is_open

    def test_work_that_has_begun_is_not_ignored_away(self, session: Session) -> None:
        alert = make_alert(session, make_rule(session, severity=Severity.CRITICAL))
        service.decide(session, alert.id)
        visit = walk(session, visit_of(session, alert), VisitStatus.EN_ROUTE)
        with pytest.raises(Conflict) as refused:
            answers.answer(session, alert.id, Choice.IGNORE)
        assert refused.value.code == "under_way"
        assert visit.status is VisitStatus.EN_ROUTE
        assert alert.answer is None

    def test_needs_a_window_in_the_future(self, session: Session) -> None:
        alert = make_alert(session)
        with pytest.raises(Invalid, match="Choose"):
            answers.answer(session, alert.id, Choice.SLOT)
        past = (MONDAY - timedelta(hours=3), MONDAY - timedelta(hours=1))
        with pytest.raises(Invalid, match="begun"):
            answers.answer(session, alert.id, Choice.SLOT, past)

    def test_a_settled_alert_takes_no_answer(self, session: Session) -> None:
        alert = make_alert(
            session,
            status=AlertStatus.CLEARED,
            cleared_at=MONDAY,
            disposition=Disposition.SELF_CLEARED,
        )
        with pytest.raises(Conflict) as refused:
            answers.answer(session, alert.id, Choice.IGNORE)
        assert refused.value.code == "alert_cleared"
