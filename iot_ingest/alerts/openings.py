"""From findings of rules to alerts: one open episode per asset and fault class."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from iot_ingest.alerts import queries
from iot_ingest.alerts.evidence import curve_from, evidence_of
from iot_ingest.alerts.lifecycle import (
    AlertStatus,
    Choice,
    Disposition,
    RemoteOutcome,
    attention,
    may_clear_itself,
)
from iot_ingest.alerts.models import IS_OPEN, Alert
from iot_ingest.alerts.moves import clear_now, move, whose
from iot_ingest.events import (
    AlertAttentionDue,
    AlertEscalated,
    AlertExpiryDue,
    AlertForetoldAnew,
    AlertOpened,
)
from iot_ingest.rules.detector import Signal
from iot_ingest.rules.lifecycle import Severity
from iot_ingest.rules.models import Rule
from iot_ingest.rules.service import Finding
from kernel import clock
from kernel.errors import Conflict
from kernel.events import later, publish

MINUTE = timedelta(minutes=1)


def apply(session: Session, findings: Sequence[Finding]) -> None:
    """Turn findings into alerts. In one order of assets and fault classes everywhere, so that
    ingest processes that open alerts on the same assets wait for each other and never deadlock.
    What would have ended by itself meanwhile is not begun.
    """
    now = clock.now(session)
    for finding in sorted(
        findings, key=lambda f: (f.reading.asset_id, f.rule.fault_class, f.reading.ts)
    ):
        if finding.signal is Signal.FIRED and _is_over(session, finding, now):
            continue
        if finding.signal is Signal.FIRED:
            _open_or_strengthen(session, finding)
        elif finding.signal is Signal.CLEARED:
            _quieten(session, finding)
        else:
            _follow(session, finding)


def _is_over(session: Session, finding: Finding, now: datetime) -> bool:
    """Late news of a fault last seen so long ago that its alert would have cleared itself."""
    hours, danger = finding.rule.auto_clear_hours, finding.rule.danger
    if hours is None or danger.threatens_people:
        return False
    oldest = now - timedelta(hours=hours)
    if finding.reading.ts > oldest:
        return False
    subject = (finding.reading.asset_id, finding.rule.fault_class)
    firing = queries.firing_until(session, [subject])
    return firing.get(subject, finding.reading.ts) <= oldest


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
            evidence={**evidence_of(finding), "occurrences": 1},
            predicted_minutes=finding.predicted_minutes,
            failure_curve=finding.failure_curve,
        )
        .on_conflict_do_nothing(
            index_elements=[Alert.asset_id, Alert.fault_class], index_where=IS_OPEN
        )
        .returning(Alert.id)
    ).scalar_one_or_none()
    if alert_id is None:
        return False
    _set_attention(session, alert_id, attention(rule.severity, rule.danger), 0)
    if rule.auto_clear_hours is not None:
        expiry = reading.ts + timedelta(hours=rule.auto_clear_hours)
        later(session, AlertExpiryDue(alert_id=alert_id), expiry)
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


def _set_attention(
    session: Session, alert_id: UUID, steps: Sequence[timedelta], reached: int
) -> None:
    """The next level hears of it, also above the last: those who heard, heard of less."""
    due_at = clock.now(session) + steps[0]
    later(session, AlertAttentionDue(alert_id=alert_id, level=reached + 1), due_at)


def _strengthen(session: Session, finding: Finding) -> bool:
    """More evidence for the open alert; it may become more severe, never less."""
    alert = queries.find_open(session, finding.reading.asset_id, finding.rule.fault_class)
    if alert is None:
        return False
    evidence = dict(alert.evidence)
    evidence["occurrences"] = evidence.get("occurrences", 1) + 1
    evidence["latest"] = evidence_of(finding)
    evidence.pop("quiet_since", None)
    for key in ("corroborated_by", "signs"):
        if key in finding.evidence:
            evidence[key] = finding.evidence[key]
    alert.evidence = evidence
    # another device of the asset may tell late what it saw
    alert.last_seen_at = max(alert.last_seen_at or alert.opened_at, finding.reading.ts)
    if finding.predicted_minutes is not None:
        _foretell_anew(session, alert, finding)
    severity, danger = Severity(finding.rule.severity), finding.rule.danger
    worse = severity.rank > alert.severity.rank
    endangers = danger.threatens_people and not alert.danger.threatens_people
    if worse:
        alert.severity = severity
    if endangers:
        alert.danger = danger
        alert.quiet_reason = alert.quiet_until = alert.inhibited_by = None
    if worse or endangers:
        _call_up(session, alert, finding.rule, is_new_danger=endangers)
    session.flush()
    return True


def _call_up(session: Session, alert: Alert, rule: Rule, *, is_new_danger: bool) -> None:
    """It is worse than what was seen to, put off or ignored: it waits for somebody again."""
    if alert.status is not AlertStatus.ACTIVE:
        move(alert, AlertStatus.ACTIVE)
    if is_new_danger or alert.answer is Choice.IGNORE:
        alert.answer = alert.answer_due_at = None  # nobody was asked about this
    alert.triage_reason = None  # it is another rule's word now
    alert.rule_id = rule.id
    _set_attention(
        session, alert.id, attention(alert.severity, alert.danger), alert.escalation_level
    )
    escalated = AlertEscalated(alert_id=alert.id, severity=str(alert.severity), **whose(alert))
    publish(session, escalated)


def _quieten(session: Session, finding: Finding) -> None:
    """The value is back: the end of the episode, unless somebody is on the way to see."""
    reading, fault_class = finding.reading, finding.rule.fault_class
    alert = queries.find_open(session, reading.asset_id, fault_class)
    if alert is None or queries.is_firing_elsewhere(
        session, reading.asset_id, fault_class, but=(finding.rule.id, reading.device_id)
    ):
        return
    if may_clear_itself(alert.danger, has_work_order=alert.work_order_id is not None):
        clear_now(session, alert, _quiet_disposition(alert), "")
    else:
        alert.evidence = {**alert.evidence, "quiet_since": reading.ts.isoformat()}
        if finding.rule.id == alert.rule_id and "forecast" in finding.evidence:
            _foretell_anew(session, alert, finding)
        session.flush()


def _follow(session: Session, finding: Finding) -> None:
    """What is foretold of the open alert now."""
    alert = queries.find_open(session, finding.reading.asset_id, finding.rule.fault_class)
    if alert is not None and alert.rule_id == finding.rule.id:
        _foretell_anew(session, alert, finding)
        session.flush()


def _quiet_disposition(alert: Alert) -> Disposition:
    """Quiet while a remote fix was being tried: that was it."""
    if alert.remote_outcome is not RemoteOutcome.SENT:
        return Disposition.SELF_CLEARED
    alert.remote_outcome = RemoteOutcome.FIXED
    return Disposition.REMOTE_FIXED


def _foretell_anew(session: Session, alert: Alert, finding: Finding) -> None:
    """An alert counts from its opening. Nothing foretold any more is news too."""
    passed, minutes = finding.reading.ts - alert.opened_at, finding.predicted_minutes
    alert.predicted_minutes = None if minutes is None else minutes + int(passed / MINUTE)
    alert.failure_curve = curve_from(finding.failure_curve, passed)
    if alert.work_order_id is not None:
        publish(session, AlertForetoldAnew(alert_id=alert.id, **whose(alert)))
