"""Nobody answers: one step of the ladder after the other, and the default at its end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.customers.queries import get_site
from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import Disposition
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import queries
from iot_ingest.decisions.answers import book, offered_windows
from iot_ingest.decisions.orders import dates_of, open_work_order, review_needed
from iot_ingest.incidents.lifecycle import IncidentStatus
from iot_ingest.incidents.queries import find_of_alert
from iot_ingest.outreach import ladders
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import (
    CallReason,
    StepKind,
    StepStatus,
    StopReason,
    morning_after,
)
from iot_ingest.outreach.queries import list_ahead
from iot_ingest.rules.lifecycle import NoAnswer
from iot_ingest.rules.models import Rule
from kernel import clock
from kernel.db import get, locked


def act_on_silence(session: Session, alert_id: UUID) -> None:
    """Take the next step of an unanswered question when it is due; safe to repeat.

    While a storm lasts nobody is reminded, nor at night, but for what threatens people.
    """
    (alert,) = locked(session, Alert, [alert_id])
    if alert.answer_due_at is None:
        return
    rule = get(session, Rule, alert.rule_id)
    if not ladders.started(session, alert.id):  # asked before there were ladders
        due_at = dates_of(session, alert, rule).due_at
        ladders.begin(session, alert, rule.answer_minutes, due_at, None)
        return
    ahead = list_ahead(session, alert.id, StepStatus.WAITING)
    if not ahead or ahead[0].due_at > clock.now(session):
        return
    settled = _settled(session, alert, rule)
    if settled is not None:
        ladders.stop(session, alert, settled)
    elif is_in_storm(session, alert):
        ladders.pause(session, alert)
    elif ahead[0].kind is not StepKind.DEFAULT and (morning := _morning(session, alert)):
        rest = ahead[-1].due_at - ahead[0].due_at
        if morning + rest <= dates_of(session, alert, rule).due_at:
            ladders.put_off(session, alert, morning)
        else:
            ladders.finish(session, alert, ahead, is_skipped=True)
    elif ahead[0].kind is StepKind.CALL:
        task = outreach.call(session, alert, unanswered(rule.name), CallReason.NO_ANSWER)
        ladders.finish(session, alert, ahead, call=task)
    elif ahead[0].kind is StepKind.DEFAULT:
        ladders.finish(session, alert, ahead)
        _default(session, alert, rule)
    else:
        message = outreach.remind(session, alert, rule, ahead[0].kind)
        ladders.finish(session, alert, ahead, message=message, is_skipped=message is None)


def is_in_storm(session: Session, alert: Alert) -> bool:
    """What threatens people is never worked on as one of many."""
    if alert.danger.threatens_people:
        return False
    incident = find_of_alert(session, alert.id)
    return incident is not None and incident.status is IncidentStatus.STORM


def _morning(session: Session, alert: Alert) -> datetime | None:
    """Until then the customer is let sleep; None by day, and where people are in danger."""
    if alert.danger.threatens_people:
        return None
    return morning_after(clock.now(session), get_site(session, alert.site_id).time_zone)


def unanswered(rule_name: str) -> dict[str, str]:
    """Why somebody phones."""
    return {"en": f"No answer to: {rule_name}", "de": f"Keine Antwort auf: {rule_name}"}


def _settled(session: Session, alert: Alert, rule: Rule) -> StopReason | None:
    """Why nobody need be asked any more."""
    if not alert.is_open:
        return StopReason.ENDED
    order_id = alert.work_order_id
    if alert.answer is not None or (order_id and queries.is_booked(session, order_id)):
        return StopReason.ANSWERED
    alert.triage_reason = alert.triage_reason or review_needed(session, alert, rule)
    if alert.triage_reason is not None:  # the rule or its model has fallen since
        alert.answer_due_at = None
        return StopReason.NEEDS_REVIEW
    return None


def _default(session: Session, alert: Alert, rule: Rule) -> None:
    """By danger class, else as the rule says."""
    alert.answer_due_at = None
    may_close = alert.work_order_id is None and not alert.danger.threatens_people
    if rule.no_answer is NoAnswer.CLOSE and may_close:
        alerts.end(session, alert.id, Disposition.UNANSWERED)
        return
    if alert.work_order_id is None:
        open_work_order(session, alert, rule)
    if rule.no_answer is NoAnswer.BOOK:
        for window in offered_windows(session, alert)[:1]:
            book(session, alert, (window.start, window.end))
