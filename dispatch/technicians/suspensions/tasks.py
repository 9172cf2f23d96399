"""Lifting suspensions whose time is over or whose appeal nobody answered."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.technicians.suspensions import service
from kernel.jobs import every


@every(timedelta(hours=1), name="technicians.end_suspensions", queue="default")
def end_suspensions(session: Session, due_at: datetime) -> None:
    service.end_due(session)
