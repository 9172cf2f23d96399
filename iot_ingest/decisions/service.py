"""From an alert to what is done about it: decide, and look again."""

from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.alerts.lifecycle import Choice, RemoteOutcome, opens_at_once
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import queries, redating, remote
from iot_ingest.decisions.orders import dates_of, open_work_order, review_needed
from iot_ingest.decisions.remote import playbook_of
from iot_ingest.decisions.silence import is_in_storm
from iot_ingest.events import AlertJoinedStorm
from iot_ingest.incidents import service as incidents
from iot_ingest.outreach import service as outreach
from iot_ingest.playbooks.lifecycle import FirstStep
from iot_ingest.rules.models import Rule
from iot_ingest.silences import service as silences
from kernel import clock
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.events import publish


def decide(session: Session, alert_id: UUID) -> None:
    """What a new or worsened alert asks for; safe to repeat.

    A remote fix comes first, where the decision table knows one, and is looked at again. Danger
    does not wait for that: it gets its work order now, as critical faults do and those of which
    the table says so; every customer is asked for a time.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        return
    incident = incidents.group(session, alert)
    if silences.keep_quiet(session, alert):
        return
    if incident is not None and is_in_storm(session, alert):
        publish(session, AlertJoinedStorm(alert_id=alert.id, incident_id=incident.id))
        return
    rule = get(session, Rule, alert.rule_id)
    if alert.triage_reason is None:
        alert.triage_reason = review_needed(session, alert, rule)
        session.flush()
    if alert.triage_reason is not None:
        return
    playbook = playbook_of(session, alert)
    if remote.is_tried(session, alert, playbook) and not alert.danger.threatens_people:
        return
    at_once = playbook is not None and playbook.first_step is FirstStep.WORK_ORDER
    if alert.work_order_id is not None:
        redating.follow(session, alert, rule)
    elif at_once or opens_at_once(alert.severity, alert.danger):
        open_work_order(session, alert, rule)
    if alert.answer is None and alert.answer_due_at is None:
        outreach.ask(session, alert, rule, dates_of(session, alert, rule).due_at)


def follow_forecast(session: Session, alert_id: UUID) -> None:
    """A later forecast of an alert that has its work order; safe to repeat."""
    (alert,) = locked(session, Alert, [alert_id])
    redating.follow(session, alert, get(session, Rule, alert.rule_id))


def approve(session: Session, alert_id: UUID) -> Alert:
    """Somebody looked at an alert in triage: it is decided like any other. Twice is once."""
    (alert,) = locked(session, Alert, [alert_id])
    if alert.triage_reason is not None:
        alert.triage_reason, alert.reviewed_at = None, clock.now(session)
        session.flush()
        decide(session, alert.id)
    return alert


def open_by_hand(session: Session, alert_id: UUID) -> Alert:
    """The office does not wait for anybody's answer; who looked at it has reviewed it. Twice is
    once. Raises Conflict `alert_cleared`."""
    (alert,) = locked(session, Alert, [alert_id])
    if not alert.is_open:
        raise Conflict("This has been settled meanwhile.", code="alert_cleared")
    if alert.work_order_id is None:
        alert.triage_reason, alert.reviewed_at = None, clock.now(session)
        session.flush()
        open_work_order(session, alert, get(session, Rule, alert.rule_id))
    return alert


def retest(session: Session, alert_id: UUID) -> None:
    """A remote fix has had its time. An alert that is still open goes on to the next step."""
    (alert,) = locked(session, Alert, [alert_id])
    due_at = alert.remote_due_at
    if not alert.is_open or alert.remote_outcome is not RemoteOutcome.SENT:
        return
    if due_at is None or due_at > clock.now(session):
        return
    alert.remote_outcome = RemoteOutcome.FAILED
    if alert.answer is Choice.REMOTE_FIX:
        alert.answer = alert.answer_due_at = None  # the customer is asked anew
    session.flush()
    decide(session, alert.id)


def release_inhibited(session: Session, source_id: UUID) -> None:
    """The alert that made others redundant has ended: they are decided anew."""
    for alert_id in queries.ids_inhibited_by(session, source_id):
        decide(session, alert_id)
