"""What absences, holds, blocks and forced overlaps take off the schedule."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import (
    CREDENTIAL_ENDED,
    SUSPENDED,
    AssignmentStatus,
)
from dispatch.scheduling.assignments.service import lock_schedule
from dispatch.scheduling.plans import queries
from dispatch.scheduling.staffing.service import unassign
from dispatch.technicians.clearance.queries import get_clearance
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from dispatch.technicians.preferences.queries import find_preference, wishes_about
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import PLANNED_VISITS, VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.visits.service import follow_wishes
from kernel import clock
from kernel.db import because

FAR = timedelta(days=3650)


def release_absent(
    session: Session,
    technician_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    is_rest: bool = False,
) -> list[UUID]:
    """Take an absent technician off everything not begun in that time; gives the visits.

    Work that has begun stays with the technician, marked at risk. Who is not of our own staff
    gives the work back by that, except for a rest that the law wants.
    """
    found = queries.visits_in_absence(session, technician_id, starts_at, ends_at)
    schedule = lock_schedule(session, [key for key, _ in found], [technician_id])
    because(session, "technician absent")
    ended = _given_back_by(schedule.technicians[technician_id], is_own_choice=not is_rest)
    released: list[UUID] = []
    for visit in schedule.visits.values():
        if visit.status in PLANNED_VISITS | {VisitStatus.UNSCHEDULED, VisitStatus.EN_ROUTE}:
            unassign(session, visit.id, "technician absent", ended=ended, because_of=technician_id)
            released.append(visit.id)
        else:
            work_orders.mark_at_risk(session, visit, technician_id=technician_id)
    return released


def _given_back_by(person: Technician, *, is_own_choice: bool) -> AssignmentStatus:
    """How work ends that somebody cannot do: whoever is not of our own staff gives it back."""
    is_staff = person.employment is Employment.IN_HOUSE
    return (
        AssignmentStatus.BACKED_OUT if is_own_choice and not is_staff else AssignmentStatus.REMOVED
    )


def release_unproven(session: Session, technician_id: UUID, kind: str) -> list[UUID]:
    """Take somebody off everything not begun that needs a credential of a kind, or off all of it
    where nobody of that employment works without one; gives the visits."""
    at = clock.now(session)
    found = queries.visits_in_absence(session, technician_id, at, at + FAR)
    is_cleared = get_clearance(session, technician_id).covers(at)
    schedule = lock_schedule(session, [key for key, _ in found], [technician_id])
    because(session, f"no valid credential: {kind}")
    released: list[UUID] = []
    for visit in schedule.visits.values():
        is_needed = kind in visit.credentials or not is_cleared
        if is_needed and visit.status in PLANNED_VISITS | {VisitStatus.UNSCHEDULED}:
            unassign(session, visit.id, CREDENTIAL_ENDED)
            released.append(visit.id)
    return released


def release_suspended(session: Session, technician_id: UUID) -> list[UUID]:
    """Take a suspended person off everything not begun; gives the visits."""
    at = clock.now(session)
    found = queries.visits_in_absence(session, technician_id, at, at + FAR)
    schedule = lock_schedule(session, [key for key, _ in found], [technician_id])
    because(session, "technician suspended")
    released: list[UUID] = []
    for visit in schedule.visits.values():
        if visit.status in PLANNED_VISITS | {VisitStatus.UNSCHEDULED}:
            unassign(session, visit.id, SUSPENDED)
            released.append(visit.id)
    return released


def follow_preference(session: Session, customer_id: UUID, technician_id: UUID) -> list[Visit]:
    """Have the customer's open visits say what the two wish of each other now, and take a blocked
    technician off them; gives the visits that lost theirs.

    Who is not of our own staff and blocks the customer gives the work back by that.
    """
    visit_ids = queries.open_visits_of_customer(session, customer_id)
    schedule = lock_schedule(session, visit_ids, [technician_id])
    wishes = wishes_about(session, customer_id)
    because(session, "block or prefer list")
    own = find_preference(session, Wisher.TECHNICIAN, customer_id, technician_id)
    blocks = own is not None and own.stance is Stance.BLOCK
    ended = _given_back_by(schedule.technicians[technician_id], is_own_choice=blocks)
    released = []
    for visit in schedule.visits.values():
        follow_wishes(session, visit, technician_id, wishes)
        holders = {row.technician_id for row in schedule.of(visit.id)}
        if technician_id in wishes.blocked & holders:
            reason = "customer and technician are kept apart"
            unassign(session, visit.id, reason, ended=ended, because_of=technician_id)
            released.append(visit)
    return released


def release_order(session: Session, work_order_id: UUID, reason: str) -> None:
    """Take everybody off the planned visits of an order that is on hold."""
    visit_ids = queries.planned_visits_of(session, work_order_id)
    schedule = lock_schedule(session, visit_ids)
    for visit in schedule.visits.values():
        if visit.status in PLANNED_VISITS:
            unassign(session, visit.id, reason)


def end_forced(session: Session) -> int:
    """Take back forced overlaps whose time is over before the work began; gives how many."""
    visit_ids = queries.forced_too_long(session)
    schedule = lock_schedule(session, visit_ids)
    for visit in schedule.visits.values():
        if visit.status in PLANNED_VISITS:
            unassign(session, visit.id, "forced overlap ended")
    return len(visit_ids)
