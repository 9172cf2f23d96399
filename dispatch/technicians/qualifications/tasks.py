"""Ending credentials whose time is over."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.technicians.qualifications import service
from kernel.jobs import every


@every(timedelta(hours=1), name="technicians.expire_credentials", queue="default")
def expire_credentials(session: Session, due_at: datetime) -> None:
    service.expire_credentials(session)
