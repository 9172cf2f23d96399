"""Climbing a ladder: its steps are planned when the customer is asked, taken one after the other,
paused while a storm lasts, and stopped by an answer. The caller holds the alert locked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.messaging.models import Message
from iot_ingest.alerts.lifecycle import answer_wait
from iot_ingest.alerts.models import Alert
from iot_ingest.events import AlertAnswerDue
from iot_ingest.outreach import queries
from iot_ingest.outreach.lifecycle import STEP, Step, StepKind, StepStatus, StopReason, is_whole
from iot_ingest.outreach.models import AnswerLadder, AnswerStep, CallTask
from iot_ingest.rules.lifecycle import Danger
from kernel import clock
from kernel.errors import Invalid
from kernel.events import later

NOTHING = timedelta(0)


def begin(
    session: Session, alert: Alert, answer_minutes: int, due_at: datetime, asked: Message | None
) -> None:
    """Plan what follows the question just asked, of which a visit is due at `due_at`. Steps of an
    earlier question end."""
    stop(session, alert, StopReason.ASKED_ANEW)
    steps = queries.ladders_in_force(session)[alert.danger]
    waits = sum(step.wait_percent for step in steps) / 100
    left = due_at - clock.now(session)
    wait = answer_wait(alert.danger, answer_minutes, left, waits)
    now = clock.now(session)
    number = queries.last_round(session, alert.id) + 1
    question = AnswerStep(
        alert_id=alert.id,
        round=number,
        position=0,
        kind=StepKind.ASK,
        status=StepStatus.DONE,
        due_at=now,
        done_at=now,
        channel=asked and asked.channel,
        message_id=asked and asked.id,
    )
    ahead, due = list[AnswerStep](), now
    for position, step in enumerate(steps, start=1):
        due += wait * step.wait_percent / 100
        ahead.append(
            AnswerStep(
                alert_id=alert.id,
                round=number,
                position=position,
                kind=step.kind,
                status=StepStatus.WAITING,
                due_at=due,
            )
        )
    session.add_all([question, *ahead])
    _set_timer(session, alert, ahead)


def finish(
    session: Session,
    alert: Alert,
    ahead: Sequence[AnswerStep],
    *,
    message: Message | None = None,
    call: CallTask | None = None,
    is_skipped: bool = False,
) -> None:
    """The first of the steps ahead has been taken, or could not be. However late that was, the
    rest keep their distance."""
    step, now = ahead[0], clock.now(session)
    _move(step, StepStatus.SKIPPED if is_skipped else StepStatus.DONE)
    if not is_skipped:
        step.done_at = now
    if message is not None:
        step.message_id, step.channel = message.id, message.channel
    if call is not None:
        step.call_task_id = call.id
    _put_off(ahead[1:], now - step.due_at)
    _set_timer(session, alert, ahead[1:])


def stop(session: Session, alert: Alert, reason: StopReason) -> None:
    """Nothing more is asked. Twice is once."""
    for status in (StepStatus.WAITING, StepStatus.PAUSED):
        for step in queries.list_ahead(session, alert.id, status):
            _move(step, StepStatus.STOPPED)
            step.paused_at, step.stopped_by = None, reason
    session.flush()


def pause(session: Session, alert: Alert) -> None:
    """Nobody is reminded for now. Twice is once."""
    now = clock.now(session)
    for step in queries.list_ahead(session, alert.id, StepStatus.WAITING):
        _move(step, StepStatus.PAUSED)
        step.paused_at = now
    session.flush()


def resume(session: Session, alert: Alert) -> None:
    """Go on as long after the pause as was left before it. Twice is once."""
    ahead = queries.list_ahead(session, alert.id, StepStatus.PAUSED)
    if not ahead:
        return
    now = clock.now(session)
    _put_off(ahead, max(now - (step.paused_at or now) for step in ahead))
    for step in ahead:
        _move(step, StepStatus.WAITING)
        step.paused_at = None
    _set_timer(session, alert, ahead)


def put_off(session: Session, alert: Alert, until: datetime) -> None:
    """Nobody is asked before then; the steps keep their distance."""
    ahead = queries.list_ahead(session, alert.id, StepStatus.WAITING)
    _put_off(ahead, until - ahead[0].due_at)
    _set_timer(session, alert, ahead)


def set_ladder(session: Session, danger: Danger, steps: Sequence[Step]) -> AnswerLadder | None:
    """For alerts asked about from now on; the steps already in force give None. Raises Invalid
    `ladder_incomplete`."""
    if not is_whole(danger, steps):
        raise Invalid(
            "Each step once at most, the default last; in danger somebody phones.",
            code="ladder_incomplete",
        )
    if list(queries.ladders_in_force(session)[danger]) == list(steps):
        return None
    told = [{"kind": str(step.kind), "wait_percent": step.wait_percent} for step in steps]
    ladder = AnswerLadder(danger=danger, steps=told)
    session.add(ladder)
    session.flush()
    return ladder


def started(session: Session, alert_id: UUID) -> bool:
    return queries.last_round(session, alert_id) > 0


def _set_timer(session: Session, alert: Alert, ahead: Sequence[AnswerStep]) -> None:
    """For the next step; the customer has until the last one to answer."""
    if ahead:
        alert.answer_due_at = ahead[-1].due_at
    session.flush()
    if ahead:
        due = AlertAnswerDue(
            alert_id=alert.id,
            attempt=ahead[0].position,
            customer_id=alert.customer_id,
            territory_id=alert.territory_id,
        )
        later(session, due, ahead[0].due_at)


def _put_off(steps: Sequence[AnswerStep], by: timedelta) -> None:
    for step in steps:
        step.due_at += max(by, NOTHING)


def _move(step: AnswerStep, to: StepStatus) -> None:
    STEP.check(step.status, to)
    step.status = to
