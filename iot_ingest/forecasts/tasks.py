"""When stored readings are scored."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.forecasts import service
from kernel.jobs import every


@every(timedelta(minutes=5), name="forecasts.score")
def score(session: Session, due_at: datetime) -> None:
    service.score(session)


@every(timedelta(days=1), name="forecasts.forget_old")
def forget_old(session: Session, due_at: datetime) -> None:
    service.forget_old(session)
