"""Writing to customers about an alert, and noting that they must be phoned."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.roles import CUSTOMER
from dispatch.assets.queries import get_asset
from dispatch.customers.models import Customer
from dispatch.customers.queries import get_customer
from dispatch.messaging import service as messaging
from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.models import Message
from iot_ingest.alerts.models import Alert
from iot_ingest.events import CallNeeded
from iot_ingest.outreach import ladders, queries
from iot_ingest.outreach.lifecycle import (
    CALLER_HAS,
    CallOutcome,
    CallReason,
    StepKind,
    call_within,
)
from iot_ingest.outreach.models import AnswerStep, CallTask
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.credentials import issue_access
from kernel.db import locked
from kernel.errors import Conflict
from kernel.events import publish
from kernel.principal import Principal
from kernel.settings import settings

LINK_LIFE = timedelta(days=14)


def ask(session: Session, alert: Alert, rule: Rule, due_at: datetime) -> None:
    """Write to the customer and plan what follows when nobody answers; a visit is due then."""
    message = _write(session, alert, rule, "alert_opened")
    ladders.begin(session, alert, rule.answer_minutes, due_at, message)


def remind(session: Session, alert: Alert, rule: Rule, kind: StepKind) -> Message | None:
    """Once more by the way the question took, or by another; None where there is none."""
    asked = _question(session, alert)
    if kind is StepKind.REMIND:
        known = session.get(Message, asked.message_id) if asked and asked.message_id else None
        is_reached = known is None or known.address is not None
        way = known.channel if known else None
    else:
        customer = get_customer(session, alert.customer_id)
        way = other_channel(customer, asked.channel if asked else None)
        is_reached = way is not None
    return _write(session, alert, rule, "alert_reminder", way) if is_reached else None


def other_channel(customer: Customer, used: Channel | None) -> Channel | None:
    """Another way to the customer than the one used; push is never a stopgap."""
    taken = used or Channel(customer.channel)
    ways = {Channel.SMS: customer.phone, Channel.EMAIL: customer.email}
    return next((way for way, address in ways.items() if address and way is not taken), None)


def call(session: Session, alert: Alert, words: Mapping[str, str], about: CallReason) -> CallTask:
    """Have somebody phone the customer for a reason in words per language, English among them;
    one open task per alert is enough, and tells the last reason."""
    task = queries.find_call_task(session, alert.id)
    if task is not None:
        task.reason, task.words, task.about = words["en"], dict(words), about
        session.flush()
        return task
    task = CallTask(
        alert_id=alert.id,
        customer_id=alert.customer_id,
        about=about,
        reason=words["en"],
        words=dict(words),
        due_at=clock.now(session) + call_within(alert.danger),
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
    return task


def take_call(session: Session, call_task_id: UUID, account_id: UUID | None) -> CallTask:
    """Somebody is about to phone; for a while nobody else does. Twice is once. Raises Conflict
    `call_taken`, or `call_finished` when it has been made."""
    (task,) = locked(session, CallTask, [call_task_id])
    if task.done_at is not None:
        raise Conflict("This call has been made.", code="call_finished")
    now = clock.now(session)
    is_fresh = task.taken_at is not None and task.taken_at + CALLER_HAS > now
    if is_fresh and task.taken_by != account_id:
        raise Conflict("Somebody else phones already.", code="call_taken")
    if account_id is not None and task.taken_by != account_id:
        task.taken_by, task.taken_at = account_id, now
        session.flush()
    return task


def finish_call(session: Session, task: CallTask, outcome: CallOutcome, note: str = "") -> CallTask:
    """What a locked task's call has brought. Twice is once."""
    if task.done_at is None:
        task.done_at, task.outcome, task.note = clock.now(session), outcome, note
        session.flush()
    return task


def call_off(session: Session, alert: Alert, *, about: CallReason | None = None) -> None:
    """Nobody need phone any more: for that reason, or for any."""
    task = queries.find_call_task(session, alert.id)
    if task is None or (about is not None and task.about is not about):
        return
    (task,) = locked(session, CallTask, [task.id])
    finish_call(session, task, CallOutcome.NOT_NEEDED)


def _question(session: Session, alert: Alert) -> AnswerStep | None:
    """The last one."""
    asked = (step for step in queries.list_steps(session, alert.id) if step.kind is StepKind.ASK)
    return max(asked, key=lambda step: step.round, default=None)


def _write(
    session: Session, alert: Alert, rule: Rule, template: str, way: Channel | None = None
) -> Message:
    return messaging.send(
        session,
        template=template,
        customer_id=alert.customer_id,
        values={"asset": get_asset(session, alert.asset_id).name, "problem": rule.name},
        channel=way,
        link=_link(alert),
        about={"alert_id": alert.id, "work_order_id": alert.work_order_id},
    )


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
