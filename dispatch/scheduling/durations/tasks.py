"""Learning how long work takes, night by night."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.durations import service
from kernel.jobs import every


@every(timedelta(days=1), name="scheduling.learn_durations")
def learn_durations(session: Session, due_at: datetime) -> None:
    service.learn(session)
