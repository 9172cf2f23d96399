"""What ends stand-bys by itself: time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs import every
from marketplace.stand_bys import service


@every(timedelta(minutes=1), name="marketplace.settle_stand_bys")
def settle_due(session: Session, due_at: datetime) -> None:
    service.settle_due(session)
