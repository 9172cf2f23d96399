"""Every SELECT on ladders, their steps, and call tasks."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.customers.models import Customer
from iot_ingest.alerts.models import Alert
from iot_ingest.outreach.lifecycle import USUAL_LADDERS, Step, StepKind, StepStatus
from iot_ingest.outreach.models import AnswerLadder, AnswerStep, CallTask
from iot_ingest.rules.lifecycle import Danger
from kernel.db import among


def ladders_in_force(session: Session) -> dict[Danger, Sequence[Step]]:
    """Of every danger."""
    rows = session.scalars(select(AnswerLadder).order_by(AnswerLadder.id))
    told = {
        row.danger: [Step(StepKind(one["kind"]), one["wait_percent"]) for one in row.steps]
        for row in rows
    }
    return {**USUAL_LADDERS, **told}


def list_steps(session: Session, alert_id: UUID) -> Sequence[AnswerStep]:
    """Of every question about the alert, the first one first, in their present state."""
    return session.scalars(
        select(AnswerStep)
        .where(AnswerStep.alert_id == alert_id)
        .order_by(AnswerStep.round, AnswerStep.position)
        .execution_options(populate_existing=True)
    ).all()


def list_ahead(session: Session, alert_id: UUID, status: StepStatus) -> list[AnswerStep]:
    """Steps that wait, or are paused."""
    return [step for step in list_steps(session, alert_id) if step.status is status]


def last_round(session: Session, alert_id: UUID) -> int:
    """0 when nobody was asked."""
    rounds = select(func.max(AnswerStep.round)).where(AnswerStep.alert_id == alert_id)
    return session.scalar(rounds) or 0


def find_call_task(session: Session, alert_id: UUID) -> CallTask | None:
    """The open one."""
    return session.scalar(
        select(CallTask).where(CallTask.alert_id == alert_id, CallTask.done_at.is_(None))
    )


def select_call_tasks(*, done: bool, territory_id: UUID | None = None) -> Select[CallTask]:
    is_done = CallTask.done_at.is_not(None) if done else CallTask.done_at.is_(None)
    found = select(CallTask).where(is_done)
    if territory_id is None:
        return found
    return found.join(Alert, Alert.id == CallTask.alert_id).where(
        Alert.territory_id == territory_id
    )


def customers_of(session: Session, tasks: Collection[CallTask]) -> dict[UUID, Customer]:
    wanted = {task.customer_id for task in tasks}
    found = session.scalars(select(Customer).where(among(Customer.id, wanted)))
    return {customer.id: customer for customer in found}


def alerts_of(session: Session, tasks: Collection[CallTask]) -> dict[UUID, Alert]:
    found = session.scalars(select(Alert).where(among(Alert.id, {task.alert_id for task in tasks})))
    return {alert.id: alert for alert in found}


def callers_of(session: Session, tasks: Collection[CallTask]) -> dict[UUID, str]:
    """Names of those who took a call, by account."""
    wanted = {task.taken_by for task in tasks if task.taken_by is not None}
    rows = session.execute(select(Account.id, Account.name).where(among(Account.id, wanted)))
    return {row[0]: row[1] for row in rows}
