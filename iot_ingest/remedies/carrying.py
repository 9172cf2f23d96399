"""Carrying out what was granted: a sooner visit, a loan device, money, instructions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from dispatch.customers.queries import get_customer
from dispatch.messaging import service as messaging
from dispatch.messaging.templates import language_of
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS, Source, WorkOrderStatus
from dispatch.work_orders.models import WorkOrder
from iot_ingest.alerts.models import Alert
from iot_ingest.credits import service as credits
from iot_ingest.decisions.orders import open_work_order
from iot_ingest.decisions.remote import playbook_of
from iot_ingest.remedies import queries
from iot_ingest.remedies.lifecycle import RemedyKind, RemedyObstacle
from iot_ingest.remedies.models import Remedy
from iot_ingest.rules.models import Rule
from iot_ingest.storms.service import WAITING
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict

PRIORITY = 4
PRIORITY_FOR = timedelta(days=7)
SOON = timedelta(hours=24)
"""Priority visits and loan devices are due within it."""


def carry_out(session: Session, remedy: Remedy) -> None:
    """Do what a granted, locked remedy says, once; what stands in the way is noted instead."""
    if remedy.carried_out_at is not None:
        return
    (alert,) = locked(session, Alert, [remedy.alert_id])
    remedy.obstacle = WAYS[remedy.kind](session, remedy, alert)
    if remedy.obstacle is None:
        remedy.carried_out_at = clock.now(session)
    session.flush()


def collect(session: Session, alert_id: UUID) -> None:
    """The alert is over: a loan device that was brought is fetched, one that was not stays here.
    Safe to repeat."""
    remedy = queries.find_remedy(session, alert_id)
    if remedy is None or remedy.kind is not RemedyKind.LOAN_DEVICE or remedy.order_id is None:
        return
    brought = get(session, WorkOrder, remedy.order_id)
    (remedy,) = locked(session, Remedy, [remedy.id])
    if remedy.collection_order_id is not None or brought.status is WorkOrderStatus.CANCELLED:
        return
    if brought.status not in DONE_WORK_ORDERS:
        try:
            with session.begin_nested():
                work_orders.cancel(session, brought.id, "The fault is over.")
            return
        except Conflict:
            pass  # somebody is on the way with it
    alert = get(session, Alert, alert_id)
    playbook = playbook_of(session, alert)
    code = (playbook and playbook.collect_work_type_code) or None
    if code is not None:
        order = _open(session, alert, code, "Collect loan device", None)
        remedy.collection_order_id = order.id
        session.flush()


def _sooner(session: Session, remedy: Remedy, alert: Alert) -> RemedyObstacle | None:
    """The visit comes before others, and within a day; it waits for no storm."""
    if not alert.is_open:
        return RemedyObstacle.ALERT_OVER
    try:
        with session.begin_nested():
            if alert.work_order_id is None:
                open_work_order(session, alert, get(session, Rule, alert.rule_id))
    except Conflict:
        return RemedyObstacle.NEEDS_REVIEW
    assert alert.work_order_id is not None
    now, order_id = clock.now(session), alert.work_order_id
    try:
        with session.begin_nested():
            until, why = now + PRIORITY_FOR, remedy.words["en"]
            order = work_orders.override_priority(session, order_id, PRIORITY, why, until)
            if order.due_at is None or order.due_at > now + SOON:
                work_orders.edit(session, order_id, {"due_at": now + SOON})
            if order.hold_reason == WAITING:
                work_orders.release(session, order_id)
    except Conflict:
        return RemedyObstacle.WORK_DONE
    remedy.order_id = order_id
    return None


def _lend(session: Session, remedy: Remedy, alert: Alert) -> RemedyObstacle | None:
    """An order brings the device; its work type names skills, minutes and the part reserved."""
    if not alert.is_open:
        return RemedyObstacle.ALERT_OVER
    playbook = playbook_of(session, alert)
    if playbook is None or playbook.loan_work_type_code is None:
        return RemedyObstacle.NO_LOAN_TYPE
    order = _open(session, alert, playbook.loan_work_type_code, "Loan device", PRIORITY)
    remedy.order_id = order.id
    _tell(session, alert, "remedy_loan", {})
    return None


def _credit(session: Session, remedy: Remedy, alert: Alert) -> RemedyObstacle | None:
    """The money stands with the customer until a bill takes it."""
    if remedy.cost_cents == 0:
        return None
    words = {language: str(text) for language, text in remedy.words.items()}
    credits.grant(session, alert, remedy.cost_cents, remedy.currency, words)
    amount = f"{remedy.cost_cents / 100:.2f} {remedy.currency}"
    _tell(session, alert, "remedy_credit", {"amount": amount})
    return None


def _instruct(session: Session, remedy: Remedy, alert: Alert) -> RemedyObstacle | None:
    """What helps meanwhile is sent, and stands on the customer's page."""
    if not alert.is_open:
        return RemedyObstacle.ALERT_OVER
    playbook = playbook_of(session, alert)
    told = playbook.workaround if playbook else None
    if not told:
        return RemedyObstacle.NO_INSTRUCTIONS
    remedy.instructions = dict(told)
    locale = get_customer(session, alert.customer_id).locale
    text = told.get(language_of(locale)) or told["en"]
    _tell(session, alert, "remedy_workaround", {"instructions": text})
    return None


WAYS: Mapping[RemedyKind, Callable[[Session, Remedy, Alert], RemedyObstacle | None]] = {
    RemedyKind.PRIORITY_VISIT: _sooner,
    RemedyKind.LOAN_DEVICE: _lend,
    RemedyKind.CREDIT: _credit,
    RemedyKind.WORKAROUND: _instruct,
}


def _open(
    session: Session, alert: Alert, work_type_code: str, title: str, priority: int | None
) -> WorkOrder:
    return work_orders.open(
        session,
        customer_id=alert.customer_id,
        site_id=alert.site_id,
        work_type_code=work_type_code,
        source=Source.IOT,
        title=f"{title}: {get_asset(session, alert.asset_id).name}",
        asset_id=alert.asset_id,
        priority=priority,
        due_at=clock.now(session) + SOON if priority else None,
    )


def _tell(session: Session, alert: Alert, template: str, values: Mapping[str, object]) -> None:
    asset = get_asset(session, alert.asset_id).name
    messaging.send(
        session,
        template=template,
        customer_id=alert.customer_id,
        values={"asset": asset, **values},
        about={"alert_id": alert.id},
    )
