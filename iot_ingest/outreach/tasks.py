"""What makes questions and calls needless."""

from sqlalchemy.orm import Session

from iot_ingest.alerts.models import Alert
from iot_ingest.events import AlertAnswered, AlertCleared
from iot_ingest.outreach import ladders, service
from iot_ingest.outreach.lifecycle import CallReason, StopReason
from kernel.db import locked
from kernel.jobs import on


@on(AlertCleared, name="outreach.stop_asking")
def stop_asking(session: Session, event: AlertCleared) -> None:
    (alert,) = locked(session, Alert, [event.alert_id])
    ladders.stop(session, alert, StopReason.ENDED)
    service.call_off(session, alert)


@on(AlertAnswered, name="outreach.call_off")
def call_off(session: Session, event: AlertAnswered) -> None:
    (alert,) = locked(session, Alert, [event.alert_id])
    if alert.answer is not None:
        service.call_off(session, alert, about=CallReason.NO_ANSWER)
