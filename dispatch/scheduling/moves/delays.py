"""A technician says that he or she will be late."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import RunningLate
from dispatch.scheduling.assignments.service import lock_schedule
from dispatch.scheduling.moves.models import LateNotice
from dispatch.scheduling.moves.service import watch
from dispatch.work_orders.lifecycle import PLANNED_VISITS, VisitStatus
from kernel import clock
from kernel.errors import Conflict, NotFound
from kernel.events import publish

NOT_THERE_YET = PLANNED_VISITS | {VisitStatus.EN_ROUTE}


def announce_late(
    session: Session, visit_id: UUID, technician_id: UUID, minutes: int, reason: str = ""
) -> LateNotice:
    """The technician will be there in so many minutes: what cannot be kept is at risk at once.

    Raises NotFound unless the visit is the technician's, Conflict `already_there`.
    """
    schedule = lock_schedule(session, [visit_id], [technician_id])
    visit = schedule.visits[visit_id]
    if all(row.technician_id != technician_id for row in schedule.of(visit_id)):
        raise NotFound("visit", visit_id)
    if visit.status not in NOT_THERE_YET:
        raise Conflict(
            "Whoever is there is not late any more.",
            code="already_there",
            visit_status=str(visit.status),
        )
    notice = LateNotice(
        visit_id=visit_id,
        technician_id=technician_id,
        arrives_at=clock.now(session) + timedelta(minutes=minutes),
        reason=reason,
    )
    session.add(notice)
    session.flush()
    publish(
        session,
        RunningLate(
            visit_id=visit_id,
            minutes=minutes,
            territory_id=visit.territory_id,
            technician_id=technician_id,
        ),
    )
    watch(session, [technician_id])
    return notice
