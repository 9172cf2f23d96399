"""Releasing slots that nobody confirmed in time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.service import sweep_expired
from kernel.jobs import every


@every(timedelta(minutes=1), name="scheduling.sweep_holds")
def sweep_holds(session: Session, due_at: datetime) -> None:
    sweep_expired(session)
