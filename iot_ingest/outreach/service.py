"""Writing to customers about an alert, and noting that they must be phoned."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.roles import CUSTOMER
from dispatch.assets.queries import get_asset
from dispatch.customers.lifecycle import PreferredChannel
from dispatch.customers.models import Customer
from dispatch.customers.queries import get_customer
from dispatch.messaging import service as messaging
from dispatch.messaging.lifecycle import Channel
from iot_ingest.alerts.lifecycle import answer_wait
from iot_ingest.alerts.models import Alert
from iot_ingest.events import AlertAnswerDue, CallNeeded
from iot_ingest.outreach import queries
from iot_ingest.outreach.models import CallTask
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.credentials import issue_access
from kernel.db import locked
from kernel.events import later, publish
from kernel.principal import Principal
from kernel.settings import settings

LINK_LIFE = timedelta(days=14)
CALL_WITHIN = timedelta(minutes=30)
FIRST_ASK, LAST_ASK = 1, 2
TEMPLATES = {FIRST_ASK: "alert_opened", LAST_ASK: "alert_reminder"}


def ask(session: Session, alert: Alert, rule: Rule, *, attempt: int) -> None:
    """Write to the customer and note when the answer is due."""
    customer = get_customer(session, alert.customer_id)
    messaging.send(
        session,
        template=TEMPLATES[attempt],
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


def call(session: Session, alert: Alert, words: Mapping[str, str]) -> None:
    """Have somebody phone the customer for a reason in words per language, English among them;
    one open task per alert is enough, and tells the last reason."""
    waiting = queries.find_call_task(session, alert.id)
    if waiting is not None:
        waiting.reason, waiting.words = words["en"], dict(words)
        session.flush()
        return
    task = CallTask(
        alert_id=alert.id,
        customer_id=alert.customer_id,
        reason=words["en"],
        words=dict(words),
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


def finish_call(session: Session, call_task_id: UUID, note: str) -> CallTask:
    """Somebody has phoned. Twice is once."""
    (task,) = locked(session, CallTask, [call_task_id])
    if task.done_at is None:
        task.done_at, task.note = clock.now(session), note
        session.flush()
    return task
