"""The day of work: what happens to a visit, with its assignments and its booking in step."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.service import (
    Schedule,
    ensure_seen,
    follow_visit,
    lock_schedule,
)
from dispatch.scheduling.bookings import service as bookings
from dispatch.scheduling.moves import queries
from dispatch.scheduling.moves.lateness import Expectation, expect
from dispatch.scheduling.moves.lifecycle import FIELD_MOVES
from dispatch.scheduling.policies.service import dispatch_visit
from dispatch.scheduling.staffing.service import become_scheduled, unassign
from dispatch.scheduling.trips.service import rebuffer
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import CORRECTIONS, OPEN_VISITS, VISIT, VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.db import because, locked
from kernel.errors import Conflict, Forbidden, NotFound


def move(
    session: Session,
    visit_id: UUID,
    to: VisitStatus,
    *,
    technician_id: UUID | None = None,
    reason: str | None = None,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Visit:
    """Move a visit on the day of work; being there already changes nothing.

    `technician_id` names the technician who says so: NotFound when the visit is not his,
    Forbidden when it is not his to say. `at` is when it happened by his phone. Work that really
    happened is never refused because it is late: what follows becomes at risk instead.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    ensure_seen(visit, expected_version)
    if technician_id is not None:
        _require_his(schedule, visit, technician_id, to)
    if visit.status is to:
        return visit
    if reason:
        because(session, reason, device_at=at)
    return _move(session, schedule, visit, to, reason=reason, at=at)


def _require_his(schedule: Schedule, visit: Visit, technician_id: UUID, to: VisitStatus) -> None:
    if all(row.technician_id != technician_id for row in schedule.of(visit.id)):
        raise NotFound("visit", visit.id)
    if to not in FIELD_MOVES:
        raise Forbidden("Only the office may do this.", code="office_only")
    if to is VisitStatus.DISPATCHED and (visit.status, to) not in CORRECTIONS:
        raise Forbidden("Only the office dispatches.", code="office_only")


def _move(
    session: Session,
    schedule: Schedule,
    visit: Visit,
    to: VisitStatus,
    *,
    reason: str | None,
    at: datetime | None,
) -> Visit:
    VISIT.check(visit.status, to)
    if to is VisitStatus.UNSCHEDULED:
        return unassign(session, visit.id, reason or "unassigned")
    if to is VisitStatus.SCHEDULED and not schedule.of(visit.id):
        raise Conflict("Assign a technician to schedule this visit.", code="nobody_assigned")
    if to is VisitStatus.DISPATCHED and visit.status is VisitStatus.SCHEDULED:
        return dispatch_visit(session, visit, schedule.of(visit.id))
    rows = schedule.of(visit.id)
    technician_id = rows[0].technician_id if rows else None
    if to is VisitStatus.SCHEDULED:
        become_scheduled(session, visit, reason or "diverted")
    else:
        work_orders.set_visit_status(
            session, visit, to, reason=reason, at=at, technician_id=technician_id
        )
    follow_visit(session, visit, rows, at or clock.now(session))
    bookings.follow_visit(session, visit)
    if to is VisitStatus.CANCELLED:
        for start in {row.starts_at for row in rows}:
            rebuffer(session, schedule.technicians.values(), start)
    return visit


def settle_cancelled(session: Session, visit_id: UUID) -> None:
    """Give back what a visit that was cancelled elsewhere still occupies, and end its booking."""
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    if visit.status is not VisitStatus.CANCELLED:
        return
    rows = schedule.of(visit_id)
    follow_visit(session, visit, rows, clock.now(session))
    bookings.follow_visit(session, visit)
    for start in {row.starts_at for row in rows}:
        rebuffer(session, schedule.technicians.values(), start)


def watch(session: Session, technician_ids: Collection[UUID] | None = None) -> list[UUID]:
    """Mark the visits that will be late with how the day goes, and unmark those that will not.

    Gives the visits that are at risk now. All technicians when None.
    """
    now = clock.now(session)
    days = queries.days_under_way(session, now, technician_ids)
    expected: dict[UUID, tuple[UUID, Expectation]] = {}
    for technician_id, stops in days.items():
        for expectation in expect(stops, now):
            known = expected.get(expectation.visit_id)
            if known is None or expectation.at_risk:
                expected[expectation.visit_id] = (technician_id, expectation)
    if not expected:
        return []
    changed = queries.risks_that_differ(
        session, {key: found.at_risk for key, (_, found) in expected.items()}
    )
    for visit in locked(session, Visit, changed):
        technician_id, expectation = expected[visit.id]
        if visit.status in OPEN_VISITS:
            work_orders.mark_at_risk(
                session, visit, expectation.at_risk, technician_id=technician_id
            )
    return [key for key, (_, expectation) in expected.items() if expectation.at_risk]
