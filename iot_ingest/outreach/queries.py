"""Every SELECT on call tasks."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer
from iot_ingest.alerts.models import Alert
from iot_ingest.outreach.models import CallTask
from kernel.db import among


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
