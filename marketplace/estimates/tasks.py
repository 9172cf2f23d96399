"""Learning from offers, night by night."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs import every
from marketplace.estimates import service


@every(timedelta(days=1), name="marketplace.learn_chances")
def learn_chances(session: Session, due_at: datetime) -> None:
    service.learn(session)
