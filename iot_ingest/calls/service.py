"""What follows from a call: a visit, nothing, or another call."""

from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.alerts import service as alerts
from iot_ingest.alerts.lifecycle import AlertStatus, Choice, may_be_ignored
from iot_ingest.alerts.models import Alert
from iot_ingest.decisions import answers
from iot_ingest.decisions import service as decisions
from iot_ingest.outreach import ladders
from iot_ingest.outreach import service as outreach
from iot_ingest.outreach.lifecycle import CallOutcome, StopReason
from iot_ingest.outreach.models import CallTask
from kernel.db import get, locked
from kernel.errors import Conflict


def outcomes_of(task: CallTask, alert: Alert) -> list[CallOutcome]:
    """What the call may bring; what threatens people cannot be left alone."""
    if task.done_at is not None:
        return []
    offered = {
        CallOutcome.WANTS_VISIT: alert.is_open,
        CallOutcome.WANTS_NOTHING: alert.is_open and may_be_ignored(alert.danger),
        CallOutcome.TOLD: True,
        CallOutcome.NOT_REACHED: True,
    }
    return [outcome for outcome, is_offered in offered.items() if is_offered]


def finish(session: Session, call_task_id: UUID, outcome: CallOutcome, note: str) -> CallTask:
    """Somebody has phoned. The same outcome twice is once.

    Who wants a visit has one opened, to be given a time like any other; who wants nothing has
    answered so. Where people are in danger somebody tries again until the customer is reached or
    the alert ends. Raises Conflict `danger_not_ignored`, `alert_cleared`, `under_way`, or
    `call_finished` when it brought something else, or was not needed.
    """
    (alert,) = locked(session, Alert, [get(session, CallTask, call_task_id).alert_id])
    (task,) = locked(session, CallTask, [call_task_id])
    if task.done_at is not None:
        if task.outcome is not outcome:
            raise Conflict("This call has been made.", code="call_finished")
        return task
    outreach.finish_call(session, task, outcome, note)
    match outcome:
        case CallOutcome.WANTS_VISIT:
            decisions.open_by_hand(session, alert.id)
            alert.answer = Choice.SLOT
            ladders.stop(session, alert, StopReason.ANSWERED)
            _take_on(session, alert)
        case CallOutcome.WANTS_NOTHING:
            answers.answer(session, alert.id, Choice.IGNORE)
        case CallOutcome.NOT_REACHED if alert.is_open and alert.danger.threatens_people:
            words = task.words or {"en": task.reason}
            outreach.call(session, alert, words, task.about)
    return task


def _take_on(session: Session, alert: Alert) -> None:
    if alert.status in {AlertStatus.ACTIVE, AlertStatus.SNOOZED}:
        alerts.acknowledge(session, alert.id)
