"""Reminding people of credentials that end soon."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.technicians.credential_kinds import service
from kernel.jobs import every


@every(timedelta(hours=6), name="technicians.remind_of_credentials", queue="default")
def remind_of_credentials(session: Session, due_at: datetime) -> None:
    service.remind_of_ending(session)
