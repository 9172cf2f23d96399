"""Later forecasts and the orders that were opened by earlier ones."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import list_visits_of
from iot_ingest.alerts import openings
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import service
from iot_ingest.devices.models import Device
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallOutcome
from iot_ingest.outreach.models import CallTask
from iot_ingest.rules.detector import Measure, Signal
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import DeviceReading, Finding
from kernel import clock
from kernel.audit import history
from tests.factories.iot_ingest import make_alert, make_rule
from tests.factories.sla import make_policy
from tests.factories.work_orders import make_work_type, walk

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(session: Session) -> None:
    clock.freeze(session, MONDAY)


def open_order(session: Session, hours: int, **over: object) -> tuple[Alert, WorkOrder]:
    """An order that lasts so long by the first forecast, of a rule that waits ten days at most."""
    rule = make_rule(session, severity=Severity.CRITICAL, response_hours=240, **over)
    alert = make_alert(session, rule, predicted_minutes=hours * 60)
    service.decide(session, alert.id)
    return alert, session.get_one(WorkOrder, alert.work_order_id)


def foretell(
    session: Session,
    alert: Alert,
    hours: float | None,
    signal: Signal = Signal.FIRED,
    *,
    act: bool = True,
) -> None:
    """What a scoring job would say an hour later, and what its events do."""
    clock.freeze(session, clock.now(session) + HOUR)
    rule = session.get_one(Rule, alert.rule_id)
    device = session.get_one(Device, alert.device_id)
    now = clock.now(session)
    reading = DeviceReading(device.id, alert.asset_id, "P-7", rule.metric, now, 1.0)
    minutes = None if hours is None else round(hours * 60)
    told = {"forecast": {"lower_hours": hours or 0.0}}
    finding = Finding(rule, reading, signal, now, evidence=told, predicted_minutes=minutes)
    openings.apply(session, [finding])
    if act:
        service.follow_forecast(session, alert.id)


def promise(session: Session, order: WorkOrder, start: datetime) -> None:
    visit = visit_of(session, order)
    session.add(
        Booking(
            visit_id=visit.id,
            customer_id=order.customer_id,
            arrival_start=start,
            arrival_end=start + 2 * HOUR,
        )
    )
    session.flush()


def visit_of(session: Session, order: WorkOrder) -> Visit:
    return list_visits_of(session, order.id)[0]


class TestFollow:
    def test_a_sooner_failure_makes_work_due_sooner_and_waiting_dearer(
        self, session: Session
    ) -> None:
        alert, order = open_order(session, 120)
        assert order.due_at == MONDAY + timedelta(hours=119.5)
        foretell(session, alert, 40)
        assert order.due_at == MONDAY + timedelta(hours=40.5)
        assert visit_of(session, order).due_at == order.due_at
        entry = history(session, order.id)[-1]
        assert entry.why == "later forecast 40 h"
        assert "due_at" in entry.changes

    def test_the_jobs_of_a_forecast_do_it(
        self, session: Session, run_jobs: Callable[[], int]
    ) -> None:
        alert, order = open_order(session, 120)
        foretell(session, alert, 40, act=False)
        run_jobs()
        session.refresh(order)
        assert order.due_at == MONDAY + timedelta(hours=40.5)

    def test_a_graver_rule_has_its_own_response_time(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        graver = make_rule(session, severity=Severity.CRITICAL, response_hours=4)
        alert.rule_id = graver.id
        session.flush()
        service.decide(session, alert.id)
        assert order.due_at == MONDAY + timedelta(hours=4)

    @pytest.mark.parametrize("signal", [Signal.FORETOLD, Signal.CLEARED])
    def test_a_later_failure_gives_more_time(self, session: Session, signal: Signal) -> None:
        alert, order = open_order(session, 30)
        foretell(session, alert, 100, signal)
        assert order.due_at == MONDAY + timedelta(hours=100.5)
        foretell(session, alert, None, signal)
        assert order.due_at == MONDAY + timedelta(hours=240)
        assert history(session, order.id)[-1].why == "later forecast"

    def test_the_same_forecast_and_small_moves_change_nothing(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        version = order.version
        foretell(session, alert, 119)
        foretell(session, alert, 110)
        service.decide(session, alert.id)
        assert order.version == version
        foretell(session, alert, 60)
        version = order.version
        service.follow_forecast(session, alert.id)
        assert order.version == version

    def test_what_presses_is_never_put_off_by_waiting(self, session: Session) -> None:
        alert, order = open_order(session, 1)
        due = order.due_at
        for _ in range(3):
            foretell(session, alert, 0)
        assert order.due_at == due

    def test_the_contract_stays_the_latest(self, session: Session) -> None:
        policy = make_policy(session, calendar_id=None, arrive_minutes=1440, resolve_minutes=2880)
        make_work_type(session, code="urgent", sla_policy_id=policy.id)
        alert, order = open_order(session, 10, work_type_code="urgent")
        foretell(session, alert, 100)
        assert order.due_at == MONDAY + timedelta(days=1)

    def test_what_somebody_set_by_hand_stays(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        by_hand = MONDAY + timedelta(hours=90)
        work_orders.edit(session, order.id, {"due_at": by_hand})
        foretell(session, alert, 20)
        assert order.due_at == by_hand
        cents, alert.severity = order.delay_cost_cents_per_day, Severity.WARNING
        foretell(session, alert, 19, Signal.FORETOLD)
        assert order.delay_cost_cents_per_day < cents
        foretell(session, alert, 5, Signal.FORETOLD)
        assert order.due_at == by_hand

    def test_a_promised_window_stays_and_somebody_phones_once(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        due = order.due_at
        promise(session, order, MONDAY + timedelta(hours=72))
        foretell(session, alert, 100)
        assert session.scalars(select(CallTask)).all() == []
        foretell(session, alert, 24)
        task = session.scalars(select(CallTask)).one()
        assert task.reason == (
            "May fail sooner: due by 24 Nov 08:30, arrival promised until 26 Nov 09:00."
            " Offer an earlier window."
        )
        assert task.words["de"].startswith("Fällt vielleicht früher aus: fällig bis 24.11. 08:30")
        outreach.finish_call(session, task, CallOutcome.TOLD, "wants to keep it")
        foretell(session, alert, 20)
        assert len(session.scalars(select(CallTask)).all()) == 1
        assert order.due_at == due

    def test_nothing_moves_when_somebody_is_on_the_way(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        due = order.due_at
        walk(session, visit_of(session, order), VisitStatus.EN_ROUTE)
        foretell(session, alert, 20)
        assert order.due_at == due

    def test_a_model_without_a_card_moves_nothing(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        due, rule = order.due_at, session.get_one(Rule, alert.rule_id)
        rule.measure, rule.model_name = Measure.MODEL, "unproven"
        session.flush()
        foretell(session, alert, 20)
        assert order.due_at == due

    def test_an_alert_that_ended_moves_nothing(self, session: Session) -> None:
        alert, order = open_order(session, 120)
        work_orders.cancel(session, order.id, "double")
        service.follow_forecast(session, alert.id)
        assert order.due_at == MONDAY + timedelta(hours=119.5)
