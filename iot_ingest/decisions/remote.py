"""Trying to fix a fault from afar before anybody is bothered."""

from datetime import timedelta

from sqlalchemy.orm import Session

from dispatch.assets.queries import get_asset
from iot_ingest.alerts.lifecycle import RemoteOutcome
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions.ports import remote_fix
from iot_ingest.events import AlertRetestDue
from iot_ingest.playbooks.models import Playbook
from iot_ingest.playbooks.queries import find_playbook
from kernel import clock
from kernel.events import later


def playbook_of(session: Session, alert: Alert) -> Playbook | None:
    """The row of the decision table for the alert and its asset."""
    criticality = get_asset(session, alert.asset_id).criticality
    return find_playbook(session, alert.fault_class, criticality)


def is_tried(session: Session, alert: Alert, playbook: Playbook | None) -> bool:
    """Whether a remote fix is under way, sent now if it has not been tried."""
    if playbook is None or playbook.remote_command is None or alert.device_id is None:
        return False
    if alert.remote_outcome is None and alert.work_order_id is None:
        send(session, alert, playbook, playbook.remote_command)
    return alert.remote_outcome is RemoteOutcome.SENT


def send(session: Session, alert: Alert, playbook: Playbook, command: str) -> None:
    """Tell the device, and look again when the command has had its time."""
    if alert.device_id is None or not remote_fix()(session, alert.device_id, command):
        alert.remote_outcome = RemoteOutcome.FAILED
        session.flush()
        return
    alert.remote_outcome = RemoteOutcome.SENT
    alert.remote_due_at = clock.now(session) + timedelta(minutes=playbook.retest_minutes)
    session.flush()
    later(session, AlertRetestDue(alert_id=alert.id), alert.remote_due_at)
