"""Work orders of alerts: who may have one, with what dates and at what cost of waiting."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import Source
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.evidence import curve_from
from iot_ingest.alerts.lifecycle import TriageReason, delay_cost_cents_per_day, priority_of
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.queries import count_acted_on
from iot_ingest.alerts.reasons import reason_in_words
from iot_ingest.decisions.ports import model_may_open_orders
from iot_ingest.decisions.remote import playbook_of
from iot_ingest.playbooks.lifecycle import (
    DAY,
    deadlines,
    delay_cost_cents,
    failure_within,
)
from iot_ingest.rules.detector import Measure
from iot_ingest.rules.lifecycle import Standing
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.errors import Conflict

RESPONSE_FLOOR = timedelta(hours=1)
TOLD = ("due_at", "earliest_at", "delay_cost_cents_per_day")
"""Columns of a work order that come from what is foretold."""


def review_needed(session: Session, alert: Alert, rule: Rule) -> TriageReason | None:
    """Why somebody must look before anything is done. What threatens people and what somebody has
    seen needs no review."""
    if alert.danger.threatens_people or alert.reviewed_at is not None:
        return None
    if lacks_card(session, alert, rule):
        return TriageReason.NO_CARD
    if rule.standing is Standing.TRIAGE:
        return TriageReason.LOW_PRECISION
    if rule.weekly_budget is not None:
        week_ago = clock.now(session) - timedelta(days=7)
        if count_acted_on(session, rule.id, week_ago) > rule.weekly_budget:
            return TriageReason.OVER_BUDGET
    return None


def open_work_order(
    session: Session, alert: Alert, rule: Rule, window: tuple[datetime, datetime] | None = None
) -> None:
    """Hand the fault, its evidence and its deadlines down to a new work order.

    The one way from an alert to a work order. Raises Conflict `needs_review` for an alert of a
    model without a passing card that nobody has approved.
    """
    if lacks_card(session, alert, rule):
        raise Conflict("Somebody must look at this first.", code="needs_review")
    asset = get_asset(session, alert.asset_id)
    playbook = playbook_of(session, alert)
    told = dates_of(session, alert, rule)
    order = work_orders.open(
        session,
        customer_id=alert.customer_id,
        site_id=alert.site_id,
        work_type_code=(playbook and playbook.work_type_code) or rule.work_type_code,
        source=Source.IOT,
        title=f"{rule.name}: {asset.name}",
        description=_describe(alert),
        asset_id=asset.id,
        priority=priority_of(alert.severity, alert.danger),
        reported_at=alert.opened_at,
        earliest_at=told.earliest_at,
        delay_cost_cents_per_day=told.delay_cost_cents_per_day,
        failure_curve=alert.failure_curve,
        fault_class=alert.fault_class,
        alert_id=alert.id,
        window=window,
    )
    if order.due_at is None or told.due_at < order.due_at:  # until here it had the contract's
        work_orders.edit(session, order.id, {"due_at": told.due_at})
    alert.work_order_id = order.id
    remember(alert, order)
    session.flush()


@dataclass(frozen=True, slots=True)
class OrderDates:
    """What a work order is told of its time, in UTC and cents; `presses` as in Deadlines."""

    due_at: datetime
    earliest_at: datetime
    delay_cost_cents_per_day: int
    presses: bool


def dates_of(
    session: Session, alert: Alert, rule: Rule, asked_at: datetime | None = None
) -> OrderDates:
    """From the response time, the response floor, the lead of parts, which were asked for then
    (now), and what is foretold."""
    playbook = playbook_of(session, alert)
    asset = get_asset(session, alert.asset_id)
    now, left = clock.now(session), _time_left(session, alert)
    told = deadlines(
        now,
        latest=alert.opened_at + timedelta(hours=rule.response_hours),
        floor=timedelta(minutes=playbook.floor_minutes) if playbook else RESPONSE_FLOOR,
        parts_lead=timedelta(hours=playbook.parts_lead_hours if playbook else 0),
        q10=now + left if left is not None else None,
        asked_at=asked_at,
    )
    cents = delay_cost_cents(
        delay_cost_cents_per_day(alert.severity, asset.criticality),
        playbook.failure_cents if playbook else 0,
        failure_within(DAY, left, curve_from(alert.failure_curve, alert.opened_at - now)),
    )
    return OrderDates(told.due, told.earliest, cents, told.presses)


def remember(alert: Alert, order: WorkOrder, told: Collection[str] = TOLD) -> None:
    """Keep what the order has been told, to see later what people changed."""
    kept = dict(alert.order_dates or {})
    for name in told:
        value = getattr(order, name)
        kept[name] = value.isoformat() if isinstance(value, datetime) else value
    alert.order_dates = kept


def _time_left(session: Session, alert: Alert) -> timedelta | None:
    """Until the 10 % quantile of the time to failure; None when nothing predicts it."""
    if alert.predicted_minutes is None:
        return None
    q10 = alert.opened_at + timedelta(minutes=alert.predicted_minutes)
    return q10 - clock.now(session)


def lacks_card(session: Session, alert: Alert, rule: Rule) -> bool:
    """Whether a model without a passing card speaks, and nobody has looked at it."""
    if rule.measure is not Measure.MODEL or alert.reviewed_at is not None:
        return False
    return not model_may_open_orders()(session, rule.model_name or "")


def _describe(alert: Alert) -> str:
    told = reason_in_words(alert.evidence).get("en", "")
    return f"{told} Severity {alert.severity}, danger {alert.danger}.".strip()
