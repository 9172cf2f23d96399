"""Takes accepted visits off those who will not come, so that others are asked at once."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import Schedule, lock_schedule
from dispatch.scheduling.staffing import service as staffing
from dispatch.work_orders.lifecycle import PLANNED_VISITS, VisitStatus
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.errors import Conflict, NotFound
from kernel.events import publish
from marketplace.crowd.matching import CROWD
from marketplace.events import FreelancerBackedOut, FreelancerNoShow
from marketplace.pay_terms.queries import terms_in_force
from marketplace.payouts.lifecycle import share_of
from marketplace.payouts.queries import list_agreed

NOT_COME_YET = PLANNED_VISITS | {VisitStatus.EN_ROUTE}


class Cost(NamedTuple):
    """What giving a visit back costs: percent of the pay, at this notice."""

    notice: timedelta
    pct: int
    fee_cents: int
    currency: str


def back_out(session: Session, visit_id: UUID, technician_id: UUID, reason: str) -> None:
    """A freelancer gives a visit back before setting off; others are asked.

    Raises NotFound unless the visit is the technician's, Conflict `under_way` or
    `not_a_freelancer`.
    """
    schedule = lock_schedule(session, [visit_id], [technician_id])
    visit = schedule.visits[visit_id]
    _require_own(schedule, visit, technician_id)
    _require_can_back_out(schedule, visit, technician_id)
    staffing.unassign(
        session, visit_id, reason, ended=AssignmentStatus.BACKED_OUT, because_of=technician_id
    )
    publish(
        session,
        FreelancerBackedOut(
            visit_id=visit_id,
            reason=reason,
            territory_id=visit.territory_id,
            technician_id=technician_id,
        ),
    )


def cost_now(session: Session, visit_id: UUID, technician_id: UUID) -> Cost:
    """What giving the visit back would cost at this moment. Raises what `back_out` raises."""
    schedule = lock_schedule(session, [visit_id], [technician_id])
    visit = schedule.visits[visit_id]
    own = _require_own(schedule, visit, technician_id)
    _require_can_back_out(schedule, visit, technician_id)
    notice = own.starts_at - now(session)
    pct = terms_in_force(session).back_out_pct(notice)
    [agreed] = list_agreed(session, visit_id, technician_id)
    return Cost(notice, pct, share_of(agreed.cents, pct), agreed.currency)


def record_no_show(
    session: Session, visit_id: UUID, reason: str, technician_id: UUID | None = None
) -> Visit:
    """Nobody came: the visit waits again, and others are asked. Repeating it changes nothing.

    Raises Conflict `not_due_yet`, `under_way`, `not_a_freelancer`; NotFound unless the visit is
    the technician's, or of one person who need not be named.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    rows = [row for row in schedule.of(visit_id) if technician_id in (None, row.technician_id)]
    if not rows and visit.status is VisitStatus.UNSCHEDULED:
        return visit
    if len(rows) != 1:
        raise NotFound("assignment", technician_id or visit_id)
    [own] = rows
    _require_crowd(schedule, own.technician_id)
    if visit.status not in NOT_COME_YET:
        raise _under_way(visit)
    if own.starts_at > now(session):
        raise Conflict("The visit has not begun yet by the plan.", code="not_due_yet")
    visit = staffing.unassign(
        session,
        visit_id,
        reason,
        ended=AssignmentStatus.TECHNICIAN_NO_SHOW,
        because_of=own.technician_id,
    )
    publish(
        session,
        FreelancerNoShow(
            visit_id=visit_id, territory_id=visit.territory_id, technician_id=own.technician_id
        ),
    )
    return visit


def _require_own(schedule: Schedule, visit: Visit, technician_id: UUID) -> Assignment:
    own = [row for row in schedule.of(visit.id) if row.technician_id == technician_id]
    if not own or own[0].status is AssignmentStatus.HELD:
        raise NotFound("visit", visit.id)
    return own[0]


def _require_can_back_out(schedule: Schedule, visit: Visit, technician_id: UUID) -> None:
    if visit.status not in PLANNED_VISITS:
        raise _under_way(visit)
    _require_crowd(schedule, technician_id)


def _require_crowd(schedule: Schedule, technician_id: UUID) -> None:
    if schedule.technicians[technician_id].employment not in CROWD:
        raise Conflict(
            "Staff cannot give a visit back; call the dispatcher.", code="not_a_freelancer"
        )


def _under_way(visit: Visit) -> Conflict:
    return Conflict(
        "The visit is under way; call the dispatcher.",
        code="under_way",
        visit_status=str(visit.status),
    )
