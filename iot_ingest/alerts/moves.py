"""The moves that the life of an alert and its findings share; one function assigns `status`."""

from typing import Any

from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import ALERT, AlertStatus, Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.events import AlertCleared
from kernel import clock
from kernel.events import publish


def move(alert: Alert, to: AlertStatus) -> None:
    ALERT.check(alert.status, to)
    alert.status = to
    alert.snoozed_until = None


def clear_now(session: Session, alert: Alert, disposition: Disposition, note: str = "") -> None:
    """The episode is over, and all are told."""
    now = clock.now(session)
    move(alert, AlertStatus.CLEARED)
    alert.cleared_at, alert.disposition = now, disposition
    if note:
        alert.evidence = {**alert.evidence, "note": note}
    session.flush()
    publish(
        session,
        AlertCleared(
            alert_id=alert.id,
            asset_id=alert.asset_id,
            disposition=str(disposition),
            **whose(alert),
        ),
    )


def whose(alert: Alert) -> dict[str, Any]:
    """The fields by which events find those who may see them."""
    return {"customer_id": alert.customer_id, "territory_id": alert.territory_id}
