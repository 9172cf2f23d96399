"""When an incident is over."""

from sqlalchemy.orm import Session

from iot_ingest.events import AlertCleared
from iot_ingest.incidents import service
from kernel.jobs import on


@on(AlertCleared, name="incidents.close_if_over")
def close_if_over(session: Session, event: AlertCleared) -> None:
    service.close_if_over(session, event.alert_id)
