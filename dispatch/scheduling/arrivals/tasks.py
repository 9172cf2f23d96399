"""Learning how punctual arrivals are, hour by hour."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.scheduling.arrivals import service
from kernel.jobs import every


@every(timedelta(hours=1), name="scheduling.learn_arrivals")
def learn_arrivals(session: Session, due_at: datetime) -> None:
    service.learn(session)
