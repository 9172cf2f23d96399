"""Open work orders follow later forecasts; a promised window stays, and somebody is told of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.clocks.service import contract_due
from dispatch.work_orders.lifecycle import OPEN_WORK_ORDERS, VisitStatus
from dispatch.work_orders.locks.service import lock_order
from dispatch.work_orders.models import Visit, WorkOrder
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import queries
from iot_ingest.decisions.orders import OrderDates, dates_of, lacks_card, remember
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallReason
from iot_ingest.playbooks.lifecycle import is_worth_moving, is_worth_repricing
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.db import because

HOUR = timedelta(hours=1)
STILL_FREE = frozenset({VisitStatus.UNSCHEDULED, VisitStatus.SCHEDULED})


def follow(session: Session, alert: Alert, rule: Rule) -> None:
    """Move due date, earliest useful date and cost of delay of a locked alert's open order to
    what is foretold now; safe to repeat.

    Small moves, dates that somebody set by hand, and orders whose technician is on the way are
    left alone, as is what a model without a card says. Where an arrival was promised nothing
    moves: when it would now come too late somebody has to phone, once for each promised window.
    """
    if not alert.is_open or alert.work_order_id is None or alert.triage_reason is not None:
        return
    if lacks_card(session, alert, rule):
        return
    order, visits = lock_order(session, alert.work_order_id)
    is_free = all(visit.status in STILL_FREE for visit in visits)
    if order.status not in OPEN_WORK_ORDERS or order.due_at is None or not is_free:
        return
    if alert.order_dates is None:  # opened before dates were remembered
        remember(alert, order)
    told = dates_of(session, alert, rule, asked_at=order.created_at)
    contract = contract_due(session, order.id)
    due = min(told.due_at, contract) if contract else told.due_at
    booking = _promise(session, visits)
    if booking is not None:
        _doubt(session, alert, order, booking, due)
        return
    changes = _changes(clock.now(session), alert, order, told, due, contract)
    if changes:
        because(session, _reason(session, alert))
        work_orders.edit(session, order.id, {**changes, "failure_curve": alert.failure_curve})
        remember(alert, order, changes)
        session.flush()


def _changes(
    now: datetime,
    alert: Alert,
    order: WorkOrder,
    told: OrderDates,
    due: datetime,
    contract: datetime | None,
) -> dict[str, Any]:
    """What is worth telling the planner. When the failure presses, waiting makes nothing later."""
    known, changes = alert.order_dates or {}, dict[str, Any]()
    assert order.due_at is not None
    is_ours = order.due_at == contract or order.due_at.isoformat() == known["due_at"]
    is_put_off = due > order.due_at and told.presses
    if is_ours and not is_put_off and is_worth_moving(now, order.due_at, due):
        changes["due_at"] = due
    earliest = order.earliest_at
    is_ours = earliest is not None and earliest.isoformat() == known["earliest_at"]
    if is_ours and earliest and is_worth_moving(now, earliest, told.earliest_at):
        changes["earliest_at"] = told.earliest_at
    cents = order.delay_cost_cents_per_day
    is_ours = cents == known["delay_cost_cents_per_day"]
    if is_ours and is_worth_repricing(cents, told.delay_cost_cents_per_day):
        changes["delay_cost_cents_per_day"] = told.delay_cost_cents_per_day
    return changes


def _promise(session: Session, visits: Sequence[Visit]) -> Booking | None:
    """The first arrival that the customer was promised."""
    promised = confirmed_by_visit(session, [visit.id for visit in visits]).values()
    return min(promised, key=lambda booking: booking.arrival_start, default=None)


def _doubt(
    session: Session, alert: Alert, order: WorkOrder, booking: Booking, due: datetime
) -> None:
    """A call, when the work has become due before the arrival that was promised."""
    assert order.due_at is not None
    window = booking.arrival_end.isoformat()
    is_known = (alert.order_dates or {}).get("called_about") == window
    is_sooner = due < order.due_at and is_worth_moving(clock.now(session), order.due_at, due)
    if is_known or not is_sooner or due >= booking.arrival_end:
        return
    because(session, _reason(session, alert))
    words = _too_late(session, order, due, booking.arrival_end)
    outreach.call(session, alert, words, CallReason.MAY_FAIL_SOONER)
    alert.order_dates = {**(alert.order_dates or {}), "called_about": window}
    session.flush()


def _too_late(
    session: Session, order: WorkOrder, due: datetime, promised: datetime
) -> dict[str, str]:
    """Why somebody phones, per language; times of the site."""
    zone = ZoneInfo(queries.time_zone_of(session, order.site_id))
    local = (due.astimezone(zone), promised.astimezone(zone))
    en, de = ([f"{at:{form}}" for at in local] for form in ("%d %b %H:%M", "%d.%m. %H:%M"))
    return {
        "en": f"May fail sooner: due by {en[0]}, arrival promised until {en[1]}."
        " Offer an earlier window.",
        "de": f"Fällt vielleicht früher aus: fällig bis {de[0]}, Ankunft zugesagt bis {de[1]}."
        " Ein früheres Zeitfenster anbieten.",
    }


def _reason(session: Session, alert: Alert) -> str:
    """For the history of the order, which shows the dates themselves."""
    if alert.predicted_minutes is None:
        return "later forecast"
    passed = (clock.now(session) - alert.opened_at) / HOUR
    return f"later forecast {max(alert.predicted_minutes / 60 - passed, 0):.0f} h"
