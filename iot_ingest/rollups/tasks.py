"""When readings are summed up."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.rollups import service
from kernel.jobs import every

MOST_ROUNDS = 5


@every(timedelta(minutes=1), name="rollups.roll_up", time="real")
def roll_up(session: Session, due_at: datetime) -> None:
    """What is left after some rounds waits for the next minute."""
    for _ in range(MOST_ROUNDS):
        if service.roll_up(session) < service.MOST_MARKS:
            return
