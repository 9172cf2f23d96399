"""When models are trained anew, and what trains them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from iot_ingest.events import TrainingRequested
from iot_ingest.trainings import service
from kernel.jobs import every, on


@every(timedelta(days=1), name="trainings.ask_for_due")
def ask_for_due(session: Session, due_at: datetime) -> None:
    service.give_up_stuck(session)
    service.ask_for_due(session)


@on(TrainingRequested, name="trainings.run", queue="training", outside=True, retries=2)
def run(event: TrainingRequested, key: str) -> None:
    service.run(event.training_id)
