"""When people are reminded of certificates that end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.certificates import service
from kernel.jobs import every


@every(timedelta(hours=6), name="certificates.remind_of_ends", time="real")
def remind_of_ends(session: Session, due_at: datetime) -> None:
    service.remind_of_ends(session)
