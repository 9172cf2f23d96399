"""Asks who agreed to come tomorrow, takes the answers, and finds others where there is none.

Lock order everywhere: the technician, the visit, then the confirmation.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import Schedule, lock_schedule
from dispatch.work_orders.lifecycle import PLANNED_VISITS
from kernel.clock import now
from kernel.db import get, locked
from kernel.errors import Conflict
from kernel.events import publish
from marketplace.back_outs.service import back_out
from marketplace.confirmations import queries
from marketplace.confirmations.lifecycle import (
    CONFIRMATION,
    OPEN,
    RULES,
    ConfirmationRules,
    ConfirmationStatus,
)
from marketplace.confirmations.models import Confirmation
from marketplace.events import ConfirmationMoved

NOT_CONFIRMED = "not_confirmed"


def ask_due(session: Session, rules: ConfirmationRules = RULES) -> int:
    """Ask everybody for whom it is the evening before; gives how many."""
    at, asked = now(session), 0
    for agreed in queries.list_unasked(session, at):
        row = agreed.assignment
        deadline = rules.deadline(
            at.astimezone(agreed.zone), row.starts_at.astimezone(agreed.zone), row.created_at
        )
        if deadline is None:
            continue
        made = Confirmation(
            assignment_id=row.id,
            visit_id=row.visit_id,
            technician_id=row.technician_id,
            status=ConfirmationStatus.ASKED,
            answer_by=deadline,
        )
        session.add(made)
        session.flush()
        _tell(session, made, agreed.visit.territory_id)
        asked += 1
    return asked


def confirm(session: Session, confirmation_id: UUID, technician_id: UUID) -> Confirmation:
    """I will come. Repeating it changes nothing.

    Raises NotFound for somebody else's, Conflict `confirmation_over`.
    """
    asked = _answerable(session, confirmation_id, technician_id, ConfirmationStatus.CONFIRMED)
    if asked.status is not ConfirmationStatus.CONFIRMED:
        asked.answered_at = now(session)
        _set(session, asked, ConfirmationStatus.CONFIRMED)
    return asked


def decline(
    session: Session, confirmation_id: UUID, technician_id: UUID, reason: str
) -> Confirmation:
    """I cannot come: the visit is given back, and others are asked. Repeating changes nothing."""
    asked = _answerable(session, confirmation_id, technician_id, ConfirmationStatus.DECLINED)
    if asked.status is not ConfirmationStatus.DECLINED:
        asked.answered_at = now(session)
        _set(session, asked, ConfirmationStatus.DECLINED)
        back_out(session, asked.visit_id, technician_id, reason)
    return asked


def follow_up(session: Session, rules: ConfirmationRules = RULES) -> int:
    """Tell the office of those who did not answer, and an hour later ask others; gives how many
    moved."""
    due = queries.list_due(session, now(session))
    schedule = lock_schedule(
        session, {one.visit_id for one in due}, {one.technician_id for one in due}
    )
    locked(session, Confirmation, [one.id for one in due])
    return sum(_follow_up(session, schedule, one, rules) for one in due)


def _follow_up(
    session: Session, schedule: Schedule, asked: Confirmation, rules: ConfirmationRules
) -> bool:
    if asked.status not in OPEN:
        return False
    visit, row = schedule.visits[asked.visit_id], get(session, Assignment, asked.assignment_id)
    if row.status is not AssignmentStatus.CONFIRMED or visit.status not in PLANNED_VISITS:
        _set(session, asked, ConfirmationStatus.VOID)
    elif asked.status is ConfirmationStatus.ASKED:
        _set(session, asked, ConfirmationStatus.UNANSWERED)
    elif now(session) >= asked.answer_by + rules.release_after:
        _set(session, asked, ConfirmationStatus.RELEASED)
        back_out(session, asked.visit_id, asked.technician_id, NOT_CONFIRMED)
    else:
        return False
    return True


def _answerable(
    session: Session, confirmation_id: UUID, technician_id: UUID, wanted: ConfirmationStatus
) -> Confirmation:
    """The confirmation, locked and open or already as wanted."""
    known = queries.get_of_technician(session, confirmation_id, technician_id)
    lock_schedule(session, [known.visit_id], [technician_id])
    [asked] = locked(session, Confirmation, [confirmation_id])
    is_his = get(session, Assignment, asked.assignment_id).status is AssignmentStatus.CONFIRMED
    if asked.status is not wanted and (asked.status not in OPEN or not is_his):
        raise Conflict("Nobody waits for this answer any more.", code="confirmation_over")
    return asked


def _set(session: Session, asked: Confirmation, to: ConfirmationStatus) -> None:
    CONFIRMATION.check(asked.status, to)
    asked.status = to
    session.flush()
    _tell(session, asked, queries.territory_of(session, asked.visit_id))


def _tell(session: Session, asked: Confirmation, territory_id: UUID | None) -> None:
    publish(
        session,
        ConfirmationMoved(
            confirmation_id=asked.id,
            visit_id=asked.visit_id,
            to_status=str(asked.status),
            territory_id=territory_id,
            technician_id=asked.technician_id,
        ),
    )
