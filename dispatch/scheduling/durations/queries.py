"""Reading how long work took, and what was learned from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.durations.models import LearnedAccess, LearnedDuration
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType


@dataclass(frozen=True)
class Worked:
    """One completed visit: pauses, and the time until work began, stand apart from the work."""

    work_type_id: UUID
    technician_id: UUID
    site_id: UUID
    territory_id: UUID | None
    crew_size: int
    access_minutes: float
    work_minutes: float


def worked_since(session: Session, since: datetime) -> list[Worked]:
    """Completed visits, in order of time; a crew's counts for the one in the first seat."""
    rows = session.execute(
        select(Visit, WorkOrder.work_type_id, Assignment.technician_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .where(
            Visit.status == VisitStatus.COMPLETED,
            Visit.finished_at >= since,
            Visit.started_at.is_not(None),
            Assignment.status == AssignmentStatus.DONE,
            Assignment.seat == 1,
        )
        .order_by(Visit.finished_at, Visit.id)
    )
    return [
        Worked(
            work_type_id,
            technician_id,
            visit.site_id,
            visit.territory_id,
            visit.crew_size,
            (visit.started_at - (visit.on_site_at or visit.started_at)).total_seconds() / 60,
            (visit.finished_at - visit.started_at).total_seconds() / 60 - visit.paused_seconds / 60,
        )
        for visit, work_type_id, technician_id in rows
        if visit.started_at is not None and visit.finished_at is not None
    ]


def list_work_types(session: Session) -> Sequence[WorkType]:
    return session.scalars(select(WorkType).order_by(WorkType.name)).all()


def find_of_type(session: Session, work_type_id: UUID) -> LearnedDuration | None:
    """What the type takes all."""
    return session.scalar(
        select(LearnedDuration).where(
            LearnedDuration.work_type_id == work_type_id,
            LearnedDuration.technician_id.is_(None),
        )
    )


def find_access(session: Session, site_id: UUID, territory_id: UUID | None) -> LearnedAccess | None:
    """At the site, else in its territory."""
    return session.scalars(
        select(LearnedAccess)
        .where(or_(LearnedAccess.site_id == site_id, LearnedAccess.territory_id == territory_id))
        .order_by(LearnedAccess.site_id.nulls_last())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class TypeDuration:
    """A work type's standard, and what was learned about it of all people together."""

    work_type: WorkType
    learned: LearnedDuration | None


def list_of_types(session: Session) -> list[TypeDuration]:
    rows = session.execute(
        select(WorkType, LearnedDuration)
        .outerjoin(
            LearnedDuration,
            (LearnedDuration.work_type_id == WorkType.id) & LearnedDuration.technician_id.is_(None),
        )
        .order_by(WorkType.name)
    )
    return [TypeDuration(work_type, learned) for work_type, learned in rows]


def list_access(session: Session) -> Sequence[tuple[str, LearnedAccess]]:
    """By territory, with its name."""
    rows = session.execute(
        select(Territory.name, LearnedAccess)
        .join(LearnedAccess, LearnedAccess.territory_id == Territory.id)
        .order_by(Territory.name)
    )
    return [(name, row) for name, row in rows]
