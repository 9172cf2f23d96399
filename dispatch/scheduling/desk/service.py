"""A dispatcher's decisions, told what is wrong with them first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import ensure_seen, lock_schedule
from dispatch.scheduling.checks.rules import Violation, ViolationCode
from dispatch.scheduling.checks.service import check_assignment
from dispatch.scheduling.staffing.service import assign, require_assignable
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.models import Absence
from dispatch.technicians.service import report_absence
from kernel import clock
from kernel.errors import Conflict


def assign_by_hand(
    session: Session,
    visit_id: UUID,
    technician_ids: Sequence[UUID],
    starts_at: datetime,
    *,
    accept_violations: bool = False,
    overlap_reason: str | None = None,
    overlap_until: datetime | None = None,
    expected_version: int | None = None,
) -> list[Assignment]:
    """Assign unless something is wrong that the dispatcher has not accepted.

    Raises Conflict `violations` with every one of them; an overlap is accepted by its reason.
    """
    schedule = lock_schedule(session, [visit_id], technician_ids)
    ensure_seen(schedule.visits[visit_id], expected_version)
    require_assignable(session, schedule.visits[visit_id])
    found = check_assignment(session, visit_id, technician_ids, starts_at).violations
    overlaps = [v for v in found if v.code is ViolationCode.OVERLAP]
    others = [v for v in found if v.code is not ViolationCode.OVERLAP]
    refused = [] if accept_violations else others
    refused = refused if overlap_reason else [*overlaps, *refused]
    if refused:
        raise _told(found)
    return assign(
        session,
        visit_id,
        technician_ids,
        starts_at,
        source=AssignmentSource.DISPATCHER,
        overlap_reason=overlap_reason if overlaps else None,
        overlap_until=overlap_until if overlaps else None,
    )


def _told(found: Sequence[Violation]) -> Conflict:
    sentences = " ".join(violation.sentence for violation in found)
    return Conflict(
        sentences,
        code="violations",
        violations=[
            {
                "code": str(violation.code),
                "sentence": violation.sentence,
                "technician_id": str(violation.technician_id),
            }
            for violation in found
        ],
    )


def report_sick(
    session: Session,
    technician_id: UUID,
    *,
    until: datetime,
    since: datetime | None = None,
    reason: str = "",
) -> Absence:
    """The technician is ill from now (or `since`) on; the visits of that time are given away."""
    start = since or clock.now(session)
    return report_absence(session, technician_id, start, until, AbsenceKind.ILLNESS, reason)
