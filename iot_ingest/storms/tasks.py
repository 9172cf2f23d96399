"""When an alert joins a storm."""

from sqlalchemy.orm import Session

from iot_ingest.events import AlertJoinedStorm
from iot_ingest.storms import service
from kernel.jobs import on


@on(AlertJoinedStorm, name="storms.take_in")
def take_in(session: Session, event: AlertJoinedStorm) -> None:
    service.take_in(session, event.incident_id, event.alert_id)
