"""When commands are given up."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.remote_commands import service
from kernel.jobs import every


@every(timedelta(minutes=1), name="remote_commands.expire_overdue")
def expire_overdue(session: Session, due_at: datetime) -> None:
    service.expire_overdue(session)
