"""When detectors look at what came in."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.predictions import service
from kernel.jobs import every


@every(timedelta(minutes=1), name="predictions.watch_streams")
def watch_streams(session: Session, due_at: datetime) -> None:
    service.watch_streams(session)
