"""What ends a remedy."""

from sqlalchemy.orm import Session

from iot_ingest.events import AlertCleared
from iot_ingest.remedies import carrying
from kernel.jobs import on


@on(AlertCleared, name="remedies.collect")
def collect(session: Session, event: AlertCleared) -> None:
    carrying.collect(session, event.alert_id)
