"""Reading assignments: who has a seat of a visit, and what a technician's time holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, any_, bindparam, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import OCCUPYING, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.models import Visit
from kernel.db import among_given, get

APP_NOW = text("(SELECT app_now())")


def occupying() -> ColumnElement[bool]:
    """Takes time now: a hold that has run out does not, swept or not."""
    return _has_seat() & or_(
        Assignment.status != AssignmentStatus.HELD, Assignment.expires_at > APP_NOW
    )


def _has_seat() -> ColumnElement[bool]:
    """Holds that have run out included; as one parameter, for a list is written into the
    statement anew each time it runs."""
    return Assignment.status == any_(literal(sorted(OCCUPYING), ARRAY(Text())))


# Built once: to put each together took longer than the database needs for it.
OF_VISITS = among_given(Assignment.visit_id, "visit_ids")
BY_SEAT = (Assignment.visit_id, Assignment.seat)
OCCUPIED = (
    select(Assignment)
    .where(OF_VISITS, occupying())
    .order_by(*BY_SEAT)
    .execution_options(populate_existing=True)
)
SEATS = (
    select(Assignment, occupying())
    .where(OF_VISITS, _has_seat())
    .order_by(*BY_SEAT)
    .execution_options(populate_existing=True)
)
HOLDERS = select(Assignment.technician_id).where(OF_VISITS, _has_seat())
_TAKEN = Assignment.busy * func.tstzrange(bindparam("start"), bindparam("end"))
BUSY_SECONDS = select(
    func.sum(func.extract("epoch", func.upper(_TAKEN) - func.lower(_TAKEN)))
).where(
    among_given(Assignment.technician_id, "technician_ids"),
    occupying(),
    Assignment.visit_id != bindparam("besides"),
    Assignment.starts_at < bindparam("latest"),
    Assignment.ends_at > bindparam("start"),
)
OVERLAPPING = (
    select(Assignment)
    .where(
        Assignment.technician_id == bindparam("technician_id"),
        occupying(),
        ~among_given(Assignment.visit_id, "but"),
        Assignment.busy.op("&&")(func.tstzrange(bindparam("start"), bindparam("end"))),
    )
    .order_by(Assignment.starts_at)
)
LONGEST_TRIP = timedelta(days=1)


def assignments_of(session: Session, visit_id: UUID) -> list[Assignment]:
    """The occupying assignments of a visit by seat."""
    return assignments_by_visit(session, [visit_id]).get(visit_id, [])


def assignment_of(session: Session, visit_id: UUID) -> Assignment | None:
    """The assignment in the first seat, held ones too; None when nobody is assigned."""
    return next(iter(assignments_of(session, visit_id)), None)


def assignments_by_visit(
    session: Session, visit_ids: Collection[UUID]
) -> dict[UUID, list[Assignment]]:
    """Occupying assignments by visit, in order of seats, freshly read."""
    if not visit_ids:
        return by_visit(())
    return by_visit(session.scalars(OCCUPIED, {"visit_ids": list(visit_ids)}))


def by_visit(rows: Iterable[Assignment]) -> dict[UUID, list[Assignment]]:
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in rows:
        found[row.visit_id].append(row)
    return found


def seats_of(session: Session, visit_ids: Collection[UUID]) -> list[tuple[Assignment, bool]]:
    """The seats of these visits in their order, holds that have run out included, freshly read,
    and whether each takes time now."""
    if not visit_ids:
        return []
    rows = session.execute(SEATS, {"visit_ids": list(visit_ids)})
    return [(row, takes_time) for row, takes_time in rows]


def holders_of(session: Session, visit_ids: Collection[UUID]) -> set[UUID]:
    """The technicians in the seats of these visits, holds that have run out included."""
    return set(session.scalars(HOLDERS, {"visit_ids": list(visit_ids)}))


def history_of(session: Session, visit_id: UUID) -> list[Assignment]:
    """Every assignment the visit ever had, oldest first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.visit_id == visit_id)
            .order_by(Assignment.created_at, Assignment.seat)
        )
    )


def overlapping(
    session: Session, technician_id: UUID, start: datetime, end: datetime, *, but: Iterable[UUID]
) -> list[Assignment]:
    """Occupying assignments of the technician whose busy time touches `[start, end)`.

    The visits in `but` do not count.
    """
    when = {"start": start, "end": end}
    return list(
        session.scalars(OVERLAPPING, {"technician_id": technician_id, "but": list(but), **when})
    )


def busy_seconds(
    session: Session,
    technician_ids: Collection[UUID],
    start: datetime,
    end: datetime,
    *,
    besides: UUID,
) -> float:
    """Seconds of `[start, end)` in which these technicians are on the way or at work, other than
    for the visit `besides`."""
    when = {"start": start, "end": end, "latest": end + LONGEST_TRIP, "besides": besides}
    found = session.scalar(BUSY_SECONDS, {"technician_ids": list(technician_ids), **when})
    return float(found or 0)


def day_bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first instant of a local day and of the next one; 23 or 25 hours apart on DST days."""
    zone = ZoneInfo(time_zone)
    # in UTC, because subtracting two times of one zone ignores the change of its offset
    return (
        datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC),
    )


def day_of(session: Session, technician_id: UUID, day: date) -> list[tuple[Visit, Assignment]]:
    """The visits of one technician on a day of the territory, in order of time, without holds."""
    technician = get(session, Technician, technician_id)
    start, end = day_bounds(day, get(session, Territory, technician.territory_id).time_zone)
    rows = session.execute(
        select(Visit, Assignment)
        .join(Assignment, Assignment.visit_id == Visit.id)
        .where(
            Assignment.technician_id == technician_id,
            Assignment.status.in_(OCCUPYING - {AssignmentStatus.HELD}),
            Assignment.starts_at < end,
            Assignment.ends_at > start,
        )
        .order_by(Assignment.starts_at)
    )
    return [(visit, assignment) for visit, assignment in rows]
