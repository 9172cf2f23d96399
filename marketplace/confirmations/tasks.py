"""When freelancers are asked whether they will come, and what happens without an answer."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs import every
from marketplace.confirmations import service


@every(timedelta(minutes=5), name="marketplace.ask_confirmations")
def ask_confirmations(session: Session, due_at: datetime) -> None:
    service.follow_up(session)
    service.ask_due(session)
