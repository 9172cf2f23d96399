"""When room is made and old things go."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.retention import service
from kernel.jobs import every


@every(timedelta(hours=6), name="retention.make_partitions")
def make_partitions(session: Session, due_at: datetime) -> None:
    service.make_partitions(session)


@every(timedelta(days=1), name="retention.forget_old")
def forget_old(session: Session, due_at: datetime) -> None:
    service.forget_old(session)
