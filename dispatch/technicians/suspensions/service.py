"""Suspends people, lifts suspensions, and has appeals decided by somebody else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import TechnicianReinstated, TechnicianSuspended
from dispatch.technicians.models import Technician
from dispatch.technicians.qualifications.service import tell_changed
from dispatch.technicians.suspensions import queries
from dispatch.technicians.suspensions.lifecycle import (
    APPEAL,
    SUSPENSION,
    AppealStatus,
    SuspensionStatus,
)
from dispatch.technicians.suspensions.models import Appeal, Suspension
from kernel import clock
from kernel.db import because, get, locked
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.events import publish
from kernel.principal import SYSTEM, Principal

ANSWER_WITHIN = timedelta(days=7)
NO_ANSWER = "Nobody answered the appeal in time."


def suspend(
    session: Session,
    technician_id: UUID,
    reason: str,
    by: Principal,
    ends_at: datetime | None = None,
) -> Suspension:
    """No offers and no plans from now on; what is planned and not begun goes to others.

    The technician is locked, so that nothing is accepted meanwhile. Raises Conflict
    `suspended_already`, Invalid `suspension_over`.
    """
    at = clock.now(session)
    if ends_at is not None and ends_at <= at:
        raise Invalid("A suspension ends in the future.", code="suspension_over")
    because(session, reason)
    [technician] = locked(session, Technician, [technician_id])
    if queries.find_in_force(session, technician_id) is not None:
        raise Conflict("This person is suspended already.", code="suspended_already")
    suspension = Suspension(
        technician_id=technician_id,
        status=SuspensionStatus.IN_FORCE,
        reason=reason,
        suspended_by=by.actor,
        ends_at=ends_at,
    )
    technician.suspended_at = at
    session.add(suspension)
    session.flush()
    publish(
        session,
        TechnicianSuspended(
            technician_id=technician_id,
            territory_id=technician.territory_id,
            suspension_id=suspension.id,
        ),
    )
    tell_changed(session, technician, "suspension")
    return suspension


def lift(session: Session, suspension_id: UUID, reason: str, by: Principal) -> Suspension:
    """Work may be given again; repeating it changes nothing."""
    technician_id = get(session, Suspension, suspension_id).technician_id
    because(session, reason)
    [technician] = locked(session, Technician, [technician_id])
    [suspension] = locked(session, Suspension, [suspension_id])
    if suspension.status is SuspensionStatus.LIFTED:
        return suspension
    SUSPENSION.check(suspension.status, SuspensionStatus.LIFTED)
    suspension.status = SuspensionStatus.LIFTED
    suspension.lifted_by, suspension.lift_reason = by.actor, reason
    technician.suspended_at = None
    appeal = queries.find_open_appeal(session, suspension_id)
    if appeal is not None:
        _decide(appeal, AppealStatus.GRANTED, reason, by)
    session.flush()
    publish(
        session,
        TechnicianReinstated(
            technician_id=technician_id,
            territory_id=technician.territory_id,
            suspension_id=suspension_id,
        ),
    )
    tell_changed(session, technician, "suspension")
    return suspension


def appeal(session: Session, suspension_id: UUID, technician_id: UUID, words: str) -> Appeal:
    """Ask for another look at one's own suspension; asking twice gives the open appeal.

    Raises NotFound for another's, Conflict `suspension_lifted`.
    """
    queries.get_own(session, suspension_id, technician_id)
    [suspension] = locked(session, Suspension, [suspension_id])
    if suspension.status is not SuspensionStatus.IN_FORCE:
        raise Conflict("The suspension has been lifted.", code="suspension_lifted")
    known = queries.find_open_appeal(session, suspension_id)
    if known is not None:
        return known
    made = Appeal(
        suspension_id=suspension_id,
        technician_id=technician_id,
        status=AppealStatus.OPEN,
        words=words,
        answer_by=clock.now(session) + ANSWER_WITHIN,
    )
    session.add(made)
    session.flush()
    return made


def decide(
    session: Session, appeal_id: UUID, *, granted: bool, answer: str, by: Principal
) -> Appeal:
    """Answer an appeal; granting it lifts the suspension.

    Raises Forbidden `own_suspension` for whoever suspended the person, Conflict `illegal_move`
    when it is decided already.
    """
    made = get(session, Appeal, appeal_id)
    suspension = get(session, Suspension, made.suspension_id)
    if suspension.suspended_by == by.actor:
        raise Forbidden("Somebody else has to answer this appeal.", code="own_suspension")
    if granted:
        APPEAL.check(made.status, AppealStatus.GRANTED)
        lift(session, suspension.id, answer, by)
        session.refresh(made)
        return made
    [made] = locked(session, Appeal, [appeal_id])
    _decide(made, AppealStatus.UPHELD, answer, by)
    session.flush()
    return made


def end_due(session: Session) -> int:
    """Lift suspensions whose time is over, or whose appeal nobody answered; gives how many."""
    at = clock.now(session)
    ending = [
        (one.id, "The time of the suspension is over.") for one in queries.list_ended(session, at)
    ]
    ending += [(one.suspension_id, NO_ANSWER) for one in queries.list_unanswered(session, at)]
    for suspension_id, reason in ending:
        lift(session, suspension_id, reason, SYSTEM)
    return len(ending)


def _decide(made: Appeal, to: AppealStatus, answer: str, by: Principal) -> None:
    APPEAL.check(made.status, to)
    made.status, made.answer, made.decided_by = to, answer, by.actor
