"""The life of an alert: opened by findings, seen to by people, ended by a verdict."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.work_orders import queries as work_orders
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS, WorkOrderStatus
from iot_ingest.alerts import queries
from iot_ingest.alerts.lifecycle import (
    ALERT,
    ATTENTION,
    BY_HAND,
    AlertStatus,
    Disposition,
    RemoteOutcome,
    may_clear_itself,
)
from iot_ingest.alerts.models import IS_OPEN, Alert
from iot_ingest.devices import queries as devices
from iot_ingest.devices.service import lock_contacts
from iot_ingest.events import (
    AlertAttentionDue,
    AlertCleared,
    AlertEscalated,
    AlertExpiryDue,
    AlertOpened,
    AlertSnoozeEnded,
    AlertUnattended,
)
from iot_ingest.rules.detector import Signal
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import Finding, start_afresh
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict, Invalid
from kernel.events import later, publish

# After a repair the machine settles; only what lasts beyond that is a new episode.
SETTLING = timedelta(minutes=30)
LONGEST_SNOOZE = timedelta(days=14)


def apply(session: Session, findings: Sequence[Finding]) -> None:
    """Turn findings into alerts. In one order of assets and fault classes everywhere, so that
    ingest processes that open alerts on the same assets wait for each other and never deadlock.
    """
    for finding in sorted(
        findings, key=lambda f: (f.reading.asset_id, f.rule.fault_class, f.reading.ts)
    ):
        if finding.signal is Signal.FIRED:
            _open_or_strengthen(session, finding)
        else:
            _quieten(session, finding)


def acknowledge(session: Session, alert_id: UUID) -> Alert:
    """Somebody takes it on. Twice is once."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.ACKNOWLEDGED:
        _move(alert, AlertStatus.ACKNOWLEDGED)
        session.flush()
    return alert


def snooze(session: Session, alert_id: UUID, until: datetime) -> Alert:
    """Out of sight until then; it stays open. Raises Invalid for a time past or too far."""
    now = clock.now(session)
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("Snooze for up to 14 days.", code="snooze_out_of_range")
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.SNOOZED:
        _move(alert, AlertStatus.SNOOZED)
    alert.snoozed_until = until
    session.flush()
    later(session, AlertSnoozeEnded(alert_id=alert.id, **_whose(alert)), until)
    return alert


def end_snooze(session: Session, alert_id: UUID) -> None:
    (alert,) = locked(session, Alert, [alert_id])
    over = alert.snoozed_until is not None and alert.snoozed_until <= clock.now(session)
    if alert.status is AlertStatus.SNOOZED and over:
        _move(alert, AlertStatus.ACTIVE)
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
    _clear(session, alert, disposition, note)
    return alert


def escalate(session: Session, alert_id: UUID, level: int) -> None:
    """Nobody has taken the alert on in time; one that is kept quiet waits. Safe to repeat."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.status is not AlertStatus.ACTIVE or alert.escalation_level >= level:
        return
    steps = ATTENTION[alert.severity]
    if alert.quiet_reason is None:
        alert.escalation_level = level
        session.flush()
        publish(session, AlertUnattended(alert_id=alert.id, level=level, **_whose(alert)))
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
    over_at = (alert.last_seen_at or alert.opened_at) + timedelta(hours=hours)
    if over_at > clock.now(session):
        later(session, AlertExpiryDue(alert_id=alert.id), over_at)
    elif may_clear_itself(alert.danger, has_work_order=alert.work_order_id is not None):
        _clear(session, alert, Disposition.SELF_CLEARED, "")


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


def _open_or_strengthen(session: Session, finding: Finding) -> None:
    # Between a lost insert and the look at the winner, the winner may have been cleared.
    for _ in range(3):
        if _open(session, finding) or _strengthen(session, finding):
            return
    raise Conflict("This alert opens and clears at the same time.", code="alert_in_motion")


def _open(session: Session, finding: Finding) -> bool:
    """False when the asset has an open alert of this fault class already."""
    reading, rule = finding.reading, finding.rule
    place = queries.get_place(session, reading.asset_id)
    alert_id = session.execute(
        insert(Alert)
        .values(
            asset_id=reading.asset_id,
            device_id=reading.device_id,
            rule_id=rule.id,
            customer_id=place.customer_id,
            site_id=place.site_id,
            territory_id=place.territory_id,
            fault_class=rule.fault_class,
            severity=rule.severity,
            danger=rule.danger,
            status=AlertStatus.ACTIVE,
            opened_at=reading.ts,
            last_seen_at=reading.ts,
            evidence={**_evidence(finding), "occurrences": 1},
        )
        .on_conflict_do_nothing(
            index_elements=[Alert.asset_id, Alert.fault_class], index_where=IS_OPEN
        )
        .returning(Alert.id)
    ).scalar_one_or_none()
    if alert_id is None:
        return False
    _set_timers(session, alert_id, rule)
    publish(
        session,
        AlertOpened(
            alert_id=alert_id,
            asset_id=reading.asset_id,
            severity=str(rule.severity),
            fault_class=rule.fault_class,
            customer_id=place.customer_id,
            territory_id=place.territory_id,
        ),
    )
    return True


def _set_timers(session: Session, alert_id: UUID, rule: Rule) -> None:
    now = clock.now(session)
    first = ATTENTION[Severity(rule.severity)][0]
    later(session, AlertAttentionDue(alert_id=alert_id, level=1), now + first)
    if rule.auto_clear_hours is not None:
        expiry = now + timedelta(hours=rule.auto_clear_hours)
        later(session, AlertExpiryDue(alert_id=alert_id), expiry)


def _strengthen(session: Session, finding: Finding) -> bool:
    """More evidence for the open alert; it may become more severe, never less."""
    alert = queries.find_open(session, finding.reading.asset_id, finding.rule.fault_class)
    if alert is None:
        return False
    evidence = dict(alert.evidence)
    evidence["occurrences"] = evidence.get("occurrences", 1) + 1
    evidence["latest"] = _evidence(finding)
    evidence.pop("quiet_since", None)
    alert.evidence, alert.last_seen_at = evidence, finding.reading.ts
    severity, danger = Severity(finding.rule.severity), finding.rule.danger
    worse = severity.rank > alert.severity.rank
    endangers = danger.threatens_people and not alert.danger.threatens_people
    if worse:
        alert.severity = severity
    if endangers:
        alert.danger = danger
        alert.triage_reason = None
        alert.quiet_reason = alert.quiet_until = alert.inhibited_by = None
        alert.answer = alert.answer_due_at = None  # nobody was asked about this
        if alert.status is AlertStatus.SNOOZED:
            _move(alert, AlertStatus.ACTIVE)
    if worse or endangers:
        alert.rule_id = finding.rule.id
        publish(
            session,
            AlertEscalated(alert_id=alert.id, severity=str(alert.severity), **_whose(alert)),
        )
    session.flush()
    return True


def _quieten(session: Session, finding: Finding) -> None:
    """The value is back: the end of the episode, unless somebody is on the way to see."""
    reading, fault_class = finding.reading, finding.rule.fault_class
    alert = queries.find_open(session, reading.asset_id, fault_class)
    own = (finding.rule.id, reading.device_id)
    if alert is None or queries.is_firing_elsewhere(
        session, reading.asset_id, fault_class, but=own
    ):
        return
    if may_clear_itself(alert.danger, has_work_order=alert.work_order_id is not None):
        _clear(session, alert, _quiet_disposition(alert), "")
    else:
        alert.evidence = {**alert.evidence, "quiet_since": reading.ts.isoformat()}
        session.flush()


def _quiet_disposition(alert: Alert) -> Disposition:
    """Quiet while a remote fix was being tried: that was it."""
    if alert.remote_outcome is not RemoteOutcome.SENT:
        return Disposition.SELF_CLEARED
    alert.remote_outcome = RemoteOutcome.FIXED
    return Disposition.REMOTE_FIXED


def _clear(session: Session, alert: Alert, disposition: Disposition, note: str) -> None:
    now = clock.now(session)
    _move(alert, AlertStatus.CLEARED)
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
            **_whose(alert),
        ),
    )


def _move(alert: Alert, to: AlertStatus) -> None:
    ALERT.check(alert.status, to)
    alert.status = to
    alert.snoozed_until = None


def _whose(alert: Alert) -> dict[str, Any]:
    """The fields by which events find those who may see them."""
    return {"customer_id": alert.customer_id, "territory_id": alert.territory_id}


def _evidence(finding: Finding) -> dict[str, Any]:
    rule, reading = finding.rule, finding.reading
    told = {
        "rule": rule.name,
        "measure": str(rule.measure),
        "device_id": str(reading.device_id),
        "metric": reading.metric,
        "op": str(rule.op),
        "threshold": rule.threshold,
        "value": reading.value,
        "since": finding.since.isoformat() if finding.since else None,
        "at": reading.ts.isoformat(),
        "duration_seconds": rule.duration_seconds,
    }
    if rule.repeat_times > 1:
        told["repeat_times"], told["repeat_seconds"] = rule.repeat_times, rule.repeat_seconds
    if rule.rate_seconds:
        told["rate_seconds"] = rule.rate_seconds
    if finding.others:
        told["companions"] = [
            {**companion, "value": finding.others.get(companion["metric"])}
            for companion in rule.companions
        ]
    return told
