"""When metrics are looked at together."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.drifts import service
from kernel.jobs import every


@every(timedelta(minutes=5), name="drifts.watch")
def watch(session: Session, due_at: datetime) -> None:
    service.watch(session)
