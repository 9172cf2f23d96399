"""The life of an open alert: seen to by people, raised by timers, ended by a verdict."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.work_orders import queries as work_orders
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS, WorkOrderStatus
from iot_ingest.alerts import queries
from iot_ingest.alerts.lifecycle import (
    BY_HAND,
    AlertStatus,
    Disposition,
    attention,
    may_clear_itself,
)
from iot_ingest.alerts.models import Alert
from iot_ingest.alerts.moves import clear_now, move, whose
from iot_ingest.devices import queries as devices
from iot_ingest.devices.service import lock_contacts
from iot_ingest.events import (
    AlertAttentionDue,
    AlertExpiryDue,
    AlertSnoozeEnded,
    AlertUnattended,
)
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import start_afresh
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Invalid
from kernel.events import later, publish

# After a repair the machine settles; only what lasts beyond that is a new episode.
SETTLING = timedelta(minutes=30)
LONGEST_SNOOZE = timedelta(days=14)


def acknowledge(session: Session, alert_id: UUID) -> Alert:
    """Somebody takes it on. Twice is once."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.ACKNOWLEDGED:
        move(alert, AlertStatus.ACKNOWLEDGED)
        session.flush()
    return alert


def snooze(session: Session, alert_id: UUID, until: datetime) -> Alert:
    """Out of sight until then; it stays open. Raises Invalid for a time past or too far."""
    now = clock.now(session)
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("Snooze for up to 14 days.", code="snooze_out_of_range")
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.SNOOZED:
        move(alert, AlertStatus.SNOOZED)
    alert.snoozed_until = until
    session.flush()
    later(session, AlertSnoozeEnded(alert_id=alert.id, **whose(alert)), until)
    return alert


def end_snooze(session: Session, alert_id: UUID) -> None:
    (alert,) = locked(session, Alert, [alert_id])
    over = alert.snoozed_until is not None and alert.snoozed_until <= clock.now(session)
    if alert.status is AlertStatus.SNOOZED and over:
        move(alert, AlertStatus.ACTIVE)
        session.flush()


def clear(session: Session, alert_id: UUID, disposition: Disposition, note: str = "") -> Alert:
    """A person ends the episode. Raises Invalid for a disposition that is not theirs to give."""
    if disposition not in BY_HAND:
        raise Invalid("A person cannot give this outcome.", code="disposition_not_by_hand")
    return end(session, alert_id, disposition, note)


def end(session: Session, alert_id: UUID, disposition: Disposition, note: str = "") -> Alert:
    """End the episode; after a repair its rules count from zero.

    Then it locks the asset's devices before the alert, in the order ingest does.
    """
    repaired = disposition in {Disposition.REPAIRED, Disposition.REMOTE_FIXED}
    device_ids = devices.ids_of_asset(session, get(session, Alert, alert_id).asset_id)
    if repaired:
        lock_contacts(session, device_ids)
    (alert,) = locked(session, Alert, [alert_id])
    if repaired:
        start_afresh(session, alert.fault_class, device_ids, clock.now(session) + SETTLING)
    clear_now(session, alert, disposition, note)
    return alert


def escalate(session: Session, alert_id: UUID, level: int) -> None:
    """Nobody has taken the alert on in time; one that is kept quiet waits. Safe to repeat."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.ACTIVE or alert.escalation_level >= level:
        return
    steps = attention(alert.severity, alert.danger)
    if alert.quiet_reason is None:
        alert.escalation_level = level
        session.flush()
        publish(session, AlertUnattended(alert_id=alert.id, level=level, **whose(alert)))
    if level < len(steps):
        due = clock.now(session) + steps[level] - steps[level - 1]
        later(session, AlertAttentionDue(alert_id=alert.id, level=level + 1), due)


def expire(session: Session, alert_id: UUID) -> None:
    """End an alert of whose fault nothing has been seen for long; otherwise look again later.

    One with a work order or with danger to people goes on until somebody ends it.
    """
    (alert,) = locked(session, Alert, [alert_id])
    hours = get(session, Rule, alert.rule_id).auto_clear_hours
    if not alert.is_open or hours is None:
        return
    over_at = queries.last_signs(session, [alert])[alert.id] + timedelta(hours=hours)
    if over_at > clock.now(session):
        later(session, AlertExpiryDue(alert_id=alert.id), over_at)
    elif may_clear_itself(alert.danger, has_work_order=alert.work_order_id is not None):
        clear_now(session, alert, Disposition.SELF_CLEARED, "")


def conclude(session: Session, work_order_id: UUID) -> Alert | None:
    """End the alert of a work order that is done, with what the technician found.

    Without a verdict a completed visit means repaired; without a visit it was a remote fix.
    A cancelled work order lets go of its alert, which stays open.
    """
    alert = queries.find_by_work_order(session, work_order_id)
    if alert is None:
        return None
    status = work_orders.get_work_order(session, work_order_id).status
    if status is WorkOrderStatus.CANCELLED:
        (alert,) = locked(session, Alert, [alert.id])
        alert.work_order_id = None
        session.flush()
        return alert
    if status not in DONE_WORK_ORDERS:
        return None
    return end(session, alert.id, _verdict(session, work_order_id))


def _verdict(session: Session, work_order_id: UUID) -> Disposition:
    """Of what the technician found: a true fault or another one means repaired."""
    visit = queries.last_completed_visit(session, work_order_id)
    if visit is None:
        return Disposition.REMOTE_FIXED
    try:
        return Disposition(str((visit.report or {}).get("verdict")))
    except ValueError:
        return Disposition.REPAIRED
