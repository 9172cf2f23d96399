"""Reading days of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.scheduling.moves.lateness import TOLERANCE, DayStop
from dispatch.scheduling.moves.models import LateNotice, NoAccess
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.geo import Point

OPEN = (AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE)


def days_under_way(
    session: Session, now: datetime, technician_ids: Collection[UUID] | None = None
) -> dict[UUID, list[DayStop]]:
    """What technicians have not finished of the day around `now`, by technician."""
    statement = (
        select(Assignment, Visit, Site)
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Assignment.status.in_(OPEN),
            Assignment.starts_at > now - timedelta(hours=24),
            Assignment.starts_at < now + timedelta(hours=14),
            Visit.paused_overnight.is_(False),
        )
        .order_by(Assignment.starts_at)
        .execution_options(populate_existing=True)
    )
    if technician_ids is not None:
        statement = statement.where(Assignment.technician_id.in_(technician_ids))
    rows = session.execute(statement).all()
    promised = confirmed_by_visit(session, {visit.id for _, visit, _ in rows})
    announced = announced_arrivals(session, {visit.id for _, visit, _ in rows})
    found: dict[UUID, list[DayStop]] = defaultdict(list)
    for row, visit, site in rows:
        booking = promised.get(visit.id)
        started = visit.started_at if visit.status is not VisitStatus.ON_SITE else None
        found[row.technician_id].append(
            DayStop(
                visit_id=visit.id,
                status=visit.status,
                place=Point(site.latitude, site.longitude),
                starts_at=row.starts_at,
                work=row.ends_at - row.starts_at,
                latest_start=booking.arrival_end if booking else row.starts_at + TOLERANCE,
                travel_seconds=row.travel_seconds,
                started_at=started,
                announced_at=announced.get((visit.id, row.technician_id)),
            )
        )
    return found


def announced_arrivals(
    session: Session, visit_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], datetime]:
    """When technicians said last to be there, by visit and technician."""
    rows = session.execute(
        select(LateNotice.visit_id, LateNotice.technician_id, LateNotice.arrives_at)
        .where(LateNotice.visit_id.in_(visit_ids))
        .order_by(LateNotice.id)
    )
    return {(visit_id, technician_id): arrives_at for visit_id, technician_id, arrives_at in rows}


def technicians_of(session: Session, visit_id: UUID) -> set[UUID]:
    """Everybody who had a part in the visit, in whatever state."""
    return set(
        session.scalars(select(Assignment.technician_id).where(Assignment.visit_id == visit_id))
    )


def find_no_access(session: Session, visit_id: UUID) -> NoAccess | None:
    return session.scalar(select(NoAccess).where(NoAccess.visit_id == visit_id))


def risks_that_differ(session: Session, wanted: Mapping[UUID, bool]) -> list[UUID]:
    """The visits whose mark of risk is not what it should be."""
    rows = session.execute(select(Visit.id, Visit.at_risk).where(Visit.id.in_(wanted)))
    return [key for key, at_risk in rows if wanted[key] is not at_risk]
