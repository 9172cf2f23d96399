"""From an alert to a dated visit: tell the customer, open the work order, act on silence."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.roles import CUSTOMER
from dispatch.assets.queries import get_asset
from dispatch.customers.models import Customer, PreferredChannel
from dispatch.customers.queries import get_customer
from dispatch.messaging import service as messaging
from dispatch.messaging.lifecycle import Channel
from dispatch.scheduling.slots import service as slots
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import Source
from dispatch.work_orders.models import Visit
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import (
    AlertStatus,
    Choice,
    Disposition,
    answer_wait,
    delay_cost_cents_per_day,
    due_of,
    may_be_ignored,
    opens_at_once,
    priority_of,
)
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import queries
from iot_ingest.decisions.models import CallTask
from iot_ingest.decisions.windows import OfferedWindow, wishes
from iot_ingest.events import AlertAnswerDue, AlertAnswered, CallNeeded
from iot_ingest.rules.lifecycle import NoAnswer
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.credentials import issue_access
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import later, publish
from kernel.principal import Principal
from kernel.settings import settings

LINK_LIFE = timedelta(days=14)
CALL_WITHIN = timedelta(minutes=30)
DAYS_OFFERED = 7
FIRST_ASK, LAST_ASK = 1, 2


def decide(session: Session, alert_id: UUID) -> None:
    """What a new or worsened alert asks for; safe to repeat.

    Danger and critical faults get their work order now; every customer is asked for a time.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        return
    rule = get(session, Rule, alert.rule_id)
    if opens_at_once(alert.severity, alert.danger) and alert.work_order_id is None:
        open_work_order(session, alert, rule)
    if alert.answer is None and alert.answer_due_at is None:
        _ask(session, alert, rule, "alert_opened", FIRST_ASK)


def answer(
    session: Session,
    alert_id: UUID,
    choice: Choice,
    window: tuple[datetime, datetime] | None = None,
) -> Alert:
    """The customer's answer; the same answer twice is one.

    `slot` needs a window: it is booked if somebody can come then, and otherwise stays the wish
    that the planner works with. Raises Conflict `alert_cleared` when the episode is over,
    `already_answered` when a visit is booked, `danger_not_ignored` for gas, CO and electrical
    danger; Invalid `window_missing` or `window_past`.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        raise Conflict("This has been settled meanwhile.", code="alert_cleared")
    if choice is Choice.IGNORE:
        _ignore(session, alert)
    else:
        _take_slot(session, alert, _checked(session, window))
    if alert.status in {AlertStatus.ACTIVE, AlertStatus.SNOOZED}:
        alerts.acknowledge(session, alert.id)
    publish(
        session,
        AlertAnswered(
            alert_id=alert.id,
            choice=str(choice),
            customer_id=alert.customer_id,
            territory_id=alert.territory_id,
        ),
    )
    return alert


def act_on_silence(session: Session, alert_id: UUID, attempt: int) -> None:
    """The answer is due: remind once, then take the default; safe to repeat."""
    (alert,) = locked(session, Alert, [alert_id])
    settled = alert.answer is not None or not alert.is_open
    if settled or alert.answer_due_at is None or alert.answer_due_at > clock.now(session):
        return
    if alert.work_order_id is not None and queries.is_booked(session, alert.work_order_id):
        return
    rule = get(session, Rule, alert.rule_id)
    if attempt == FIRST_ASK:
        _ask(session, alert, rule, "alert_reminder", LAST_ASK)
    else:
        _default(session, alert, rule)


def offered_windows(session: Session, alert: Alert) -> list[OfferedWindow]:
    """What the customer may choose: feasible windows once there is a visit, before that day
    parts until the work is due."""
    visit = _visit_of(session, alert)
    now = clock.now(session)
    zone = queries.zone_of(session, alert.site_id)
    if visit is not None:
        found = slots.windows(session, visit.id, now.astimezone(zone).date(), DAYS_OFFERED)
        return [OfferedWindow(window.start, window.end) for window in found]
    rule = get(session, Rule, alert.rule_id)
    due = due_of(alert.opened_at, rule.response_hours, alert.predicted_minutes)
    return wishes(now, due, zone)


def open_work_order(
    session: Session, alert: Alert, rule: Rule, window: tuple[datetime, datetime] | None = None
) -> None:
    """Hand the fault, its evidence and its deadlines down to a new work order."""
    asset = get_asset(session, alert.asset_id)
    order = work_orders.open(
        session,
        customer_id=alert.customer_id,
        site_id=alert.site_id,
        work_type_code=rule.work_type_code,
        source=Source.IOT,
        title=f"{rule.name}: {asset.name}",
        description=_describe(alert),
        asset_id=asset.id,
        priority=priority_of(alert.severity, alert.danger),
        reported_at=alert.opened_at,
        earliest_at=clock.now(session),
        delay_cost_cents_per_day=delay_cost_cents_per_day(alert.severity, asset.criticality),
        fault_class=alert.fault_class,
        alert_id=alert.id,
        window=window,
    )
    due = due_of(alert.opened_at, rule.response_hours, alert.predicted_minutes)
    if order.due_at is None or due < order.due_at:  # until here it had the contract's
        work_orders.edit(session, order.id, {"due_at": due})
    alert.work_order_id = order.id
    session.flush()


def finish_call(session: Session, call_task_id: UUID, note: str) -> CallTask:
    """Somebody has phoned. Twice is once."""
    (task,) = locked(session, CallTask, [call_task_id])
    if task.done_at is None:
        task.done_at, task.note = clock.now(session), note
        session.flush()
    return task


def _ask(session: Session, alert: Alert, rule: Rule, template: str, attempt: int) -> None:
    """Write to the customer and note when the answer is due."""
    customer = get_customer(session, alert.customer_id)
    messaging.send(
        session,
        template=template,
        customer_id=customer.id,
        values={"asset": get_asset(session, alert.asset_id).name, "problem": rule.name},
        channel=_other_channel(customer) if attempt == LAST_ASK else None,
        link=_link(alert),
        about={"alert_id": alert.id, "work_order_id": alert.work_order_id},
    )
    due = clock.now(session) + answer_wait(alert.danger, rule.answer_minutes)
    alert.answer_due_at = due
    session.flush()
    later(
        session,
        AlertAnswerDue(
            alert_id=alert.id,
            attempt=attempt,
            customer_id=alert.customer_id,
            territory_id=alert.territory_id,
        ),
        due,
    )


def _other_channel(customer: Customer) -> Channel | None:
    """A reminder takes another way than the message nobody answered, where there is one."""
    if customer.channel is not PreferredChannel.SMS and customer.phone:
        return Channel.SMS
    if customer.channel is not PreferredChannel.EMAIL and customer.email:
        return Channel.EMAIL
    return None


def _link(alert: Alert) -> str:
    """Opens this one alert, without a sign-in."""
    bearer = Principal(
        subject_id=alert.customer_id,
        roles=frozenset({CUSTOMER}),
        name="signed link",
        only_record=alert.id,
    )
    token = issue_access(bearer, life=LINK_LIFE)
    return f"{settings().public_url}/customer/alerts/{alert.id}#token={token}"


def _ignore(session: Session, alert: Alert) -> None:
    if not may_be_ignored(alert.danger):
        raise Conflict(
            "This can hurt people, so it cannot be ignored. Please choose a time.",
            code="danger_not_ignored",
        )
    if alert.work_order_id is not None:
        work_orders.cancel(session, alert.work_order_id, "The customer does not want a visit.")
        alert.work_order_id = None
    alert.answer = Choice.IGNORE
    session.flush()


def _take_slot(session: Session, alert: Alert, window: tuple[datetime, datetime]) -> None:
    if alert.work_order_id is not None and queries.is_booked(session, alert.work_order_id):
        if (alert.wished_start, alert.wished_end) == window:
            return
        raise Conflict("A visit is booked already.", code="already_answered")
    if alert.work_order_id is None:
        open_work_order(session, alert, get(session, Rule, alert.rule_id), window)
    alert.answer = Choice.SLOT
    alert.wished_start, alert.wished_end = window
    session.flush()
    _book(session, alert, window)


def _book(session: Session, alert: Alert, window: tuple[datetime, datetime]) -> bool:
    """Book the window if somebody can come then; otherwise it is what the planner aims at."""
    visit = _visit_of(session, alert)
    if visit is None:
        return False
    try:
        with session.begin_nested():
            slots.hold_slot(session, visit.id, *window)
            slots.confirm_hold(session, visit.id, alert.customer_id)
    except (Conflict, Invalid):
        (visit,) = locked(session, Visit, [visit.id])
        wish = {"window_start": window[0], "window_end": window[1]}
        work_orders.edit_visit(session, visit, wish)
        return False
    return True


def _default(session: Session, alert: Alert, rule: Rule) -> None:
    """Nobody answered: by danger class, else as the rule says."""
    alert.answer_due_at = None
    if alert.danger.threatens_people:
        if alert.work_order_id is None:
            open_work_order(session, alert, rule)
        _call(session, alert, rule)
        return
    if rule.no_answer is NoAnswer.CLOSE and alert.work_order_id is None:
        alerts.end(session, alert.id, Disposition.UNANSWERED)
        return
    if alert.work_order_id is None:
        open_work_order(session, alert, rule)
    if rule.no_answer is NoAnswer.BOOK:
        for window in offered_windows(session, alert)[:1]:
            _book(session, alert, (window.start, window.end))


def _call(session: Session, alert: Alert, rule: Rule) -> None:
    if queries.find_call_task(session, alert.id) is not None:
        return
    task = CallTask(
        alert_id=alert.id,
        customer_id=alert.customer_id,
        reason=f"No answer to: {rule.name}",
        due_at=clock.now(session) + CALL_WITHIN,
    )
    session.add(task)
    session.flush()
    publish(
        session,
        CallNeeded(
            call_task_id=task.id,
            alert_id=alert.id,
            customer_id=alert.customer_id,
            territory_id=alert.territory_id,
        ),
    )


def _visit_of(session: Session, alert: Alert) -> Visit | None:
    if alert.work_order_id is None:
        return None
    return queries.find_open_visit(session, alert.work_order_id)


def _checked(
    session: Session, window: tuple[datetime, datetime] | None
) -> tuple[datetime, datetime]:
    if window is None or window[1] <= window[0]:
        raise Invalid("Choose a window.", code="window_missing")
    if window[0] < clock.now(session):
        raise Invalid("This window has begun already.", code="window_past")
    return window


def _describe(alert: Alert) -> str:
    evidence = alert.evidence
    return (
        f"{evidence.get('metric')} was {evidence.get('value')} at {evidence.get('at')}; "
        f"the limit is {evidence.get('threshold')} for {evidence.get('duration_seconds')} s. "
        f"Severity {alert.severity}, danger {alert.danger}."
    )
