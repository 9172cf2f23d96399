"""When something is learned."""

from sqlalchemy.orm import Session

from iot_ingest.events import AlertCleared
from iot_ingest.learning import service
from kernel.jobs import on


@on(AlertCleared, name="learning.take_down_verdict")
def take_down_verdict(session: Session, event: AlertCleared) -> None:
    service.take_down(session, event.alert_id)
