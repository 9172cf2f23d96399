"""Forgetting what road networks said long ago."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.travel import service
from kernel.jobs import every
from kernel.settings import settings


@every(timedelta(hours=6), name="travel.forget", time="real")
def forget(session: Session, due_at: datetime) -> None:
    service.forget_road_times(session, timedelta(days=settings().travel_keep_days))
