"""Sending visits out to technicians, by hand or by the policy of the territory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import ensure_seen, lock_schedule
from dispatch.scheduling.policies import queries
from dispatch.scheduling.policies.lifecycle import (
    MOVE_CENTS,
    REPAIR_BUDGET,
    TOLD_MOVE_CENTS,
    DispatchMode,
)
from dispatch.scheduling.policies.models import DispatchPolicy
from dispatch.scheduling.policies.queries import Dispatchable
from dispatch.territories.queries import get_territory
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import list_prerequisites
from kernel import clock
from kernel.errors import Conflict

LOOK_AHEAD = timedelta(days=2)


def dispatch(session: Session, visit_id: UUID, *, expected_version: int | None = None) -> Visit:
    """Send a scheduled visit out to its technicians.

    Raises Conflict `nobody_assigned`, `illegal_move`, or `prerequisites_open` with their titles.
    """
    schedule = lock_schedule(session, [visit_id])
    ensure_seen(schedule.visits[visit_id], expected_version)
    return dispatch_visit(session, schedule.visits[visit_id], schedule.of(visit_id))


def dispatch_visit(session: Session, visit: Visit, rows: Sequence[Assignment]) -> Visit:
    """`dispatch` for a visit that is locked with its technicians."""
    if visit.status is VisitStatus.DISPATCHED:
        return visit
    if not rows:
        raise Conflict("Nobody is assigned to this visit.", code="nobody_assigned")
    if visit.status is not VisitStatus.SCHEDULED:
        raise Conflict("Only a planned visit can be sent out.", code="illegal_move")
    waiting = [p.title for p in list_prerequisites(session, visit.work_order_id) if not p.done_at]
    if waiting:
        raise Conflict(
            f"Before this can go out: {', '.join(waiting)}.",
            code="prerequisites_open",
            prerequisites=waiting,
        )
    return work_orders.set_visit_status(
        session, visit, VisitStatus.DISPATCHED, technician_id=rows[0].technician_id
    )


def dispatch_due(session: Session) -> list[UUID]:
    """Send out what the policies of the territories say is due; gives the visits."""
    now = clock.now(session)
    waiting = queries.list_dispatchable(session, now + LOOK_AHEAD)
    policies = queries.Policies(session)
    in_hand = queries.busy_technicians(session, {item.technician_id for item in waiting})
    due: list[UUID] = []
    for item in waiting:
        if is_due(policies.of(item.territory_id), item, now, has_one=item.technician_id in in_hand):
            in_hand.add(item.technician_id)
            due.append(item.visit_id)
    schedule = lock_schedule(session, due)
    for visit in schedule.visits.values():
        if visit.status is VisitStatus.SCHEDULED:
            dispatch_visit(session, visit, schedule.of(visit.id))
    return due


def is_due(policy: DispatchPolicy, item: Dispatchable, now: datetime, *, has_one: bool) -> bool:
    """Whether the policy sends this visit out now.

    Day before: as soon as it is for tomorrow. Lead time: so many minutes before the technician
    must leave. Drip: the next of the day once nothing else is in the technician's hands.
    """
    if policy.mode is DispatchMode.LEAD_TIME:
        return item.leaves_at - timedelta(minutes=policy.lead_minutes) <= now
    day, today = item.starts_at.astimezone(item.zone).date(), now.astimezone(item.zone).date()
    if policy.mode is DispatchMode.DAY_BEFORE:
        return day <= today + timedelta(days=1)
    return day <= today and not has_one


def set_policy(
    session: Session,
    territory_id: UUID | None,
    *,
    mode: DispatchMode,
    lead_minutes: int,
    lock_technician: bool,
    lock_day: bool,
    lock_time: bool,
    move_cents: int = MOVE_CENTS,
    told_move_cents: int = TOLD_MOVE_CENTS,
    repair_budget: int = REPAIR_BUDGET,
) -> DispatchPolicy:
    """Set the policy of a territory, or of all that have none of their own."""
    if territory_id is not None:
        get_territory(session, territory_id)
    policy = queries.find_policy(session, territory_id)
    if policy is None:
        policy = DispatchPolicy(territory_id=territory_id)
        session.add(policy)
    policy.mode, policy.lead_minutes = mode, lead_minutes
    policy.lock_technician, policy.lock_day = lock_technician, lock_day
    policy.lock_time = lock_time
    policy.move_cents, policy.told_move_cents = move_cents, told_move_cents
    policy.repair_budget = repair_budget
    session.flush()
    return policy
