"""Every SELECT on call tasks."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from iot_ingest.outreach.models import CallTask


def find_call_task(session: Session, alert_id: UUID) -> CallTask | None:
    """The open one."""
    return session.scalar(
        select(CallTask).where(CallTask.alert_id == alert_id, CallTask.done_at.is_(None))
    )


def select_call_tasks(*, done: bool) -> Select[CallTask]:
    condition = CallTask.done_at.is_not(None) if done else CallTask.done_at.is_(None)
    return select(CallTask).where(condition)
