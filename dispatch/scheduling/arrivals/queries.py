"""Reading arrivals: as planned, as promised, as they happened."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch.scheduling.arrivals.learning import Errors, Position, Promise, promise
from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.territories.models import Territory
from dispatch.travel.lifecycle import Hours, hours_of
from dispatch.work_orders.models import Visit
from kernel import clock

LEAST_ROOM = timedelta(minutes=15)
"""So much of a window is left to plan an arrival in."""
EARLY = timedelta(minutes=15)
"""So much before its window an arrival still keeps the promise."""


@dataclass(frozen=True)
class Arrival:
    """One arrival of a technician against the last plan."""

    territory_id: UUID
    time_zone: str
    technician_id: UUID
    planned_at: datetime
    arrived_at: datetime

    @property
    def minutes_late(self) -> float:
        return (self.arrived_at - self.planned_at).total_seconds() / 60


def arrivals_since(session: Session, since: datetime) -> list[Arrival]:
    """In order of technician and time."""
    rows = session.execute(
        select(
            Visit.territory_id,
            Territory.time_zone,
            Assignment.technician_id,
            Assignment.starts_at,
            Visit.on_site_at,
        )
        .join(Assignment, Assignment.visit_id == Visit.id)
        .join(Territory, Territory.id == Visit.territory_id)
        .where(
            Visit.on_site_at >= since,
            Assignment.status.in_([AssignmentStatus.ACTIVE, AssignmentStatus.DONE]),
        )
        .order_by(Assignment.technician_id, Visit.on_site_at)
    )
    return [
        Arrival(territory_id, time_zone, technician_id, planned_at, arrived_at)
        for territory_id, time_zone, technician_id, planned_at, arrived_at in rows
        if territory_id is not None and arrived_at is not None
    ]


@dataclass(frozen=True)
class Promised:
    """One promise and what became of it."""

    territory_id: UUID | None
    start: datetime
    end: datetime
    arrived_at: datetime | None
    """None where the window is over and nobody has come."""

    @property
    def is_kept(self) -> bool:
        return self.arrived_at is not None and self.start - EARLY <= self.arrived_at <= self.end

    @property
    def is_late(self) -> bool:
        return self.arrived_at is None or self.arrived_at > self.end


def promises_since(
    session: Session, since: datetime, territory_id: UUID | None = None
) -> list[Promised]:
    """Those that were put to the test: somebody arrived, or nobody did in time."""
    is_missed = and_(
        Visit.on_site_at.is_(None),
        Booking.status == BookingStatus.CONFIRMED,
        Booking.arrival_end >= since,
        Booking.arrival_end < clock.now(session),
    )
    statement = (
        select(Visit.territory_id, Booking.arrival_start, Booking.arrival_end, Visit.on_site_at)
        .join(Booking, Booking.visit_id == Visit.id)
        .where(or_(Visit.on_site_at >= since, is_missed), Booking.status != BookingStatus.CANCELLED)
    )
    if territory_id is not None:
        statement = statement.where(Visit.territory_id == territory_id)
    rows = session.execute(statement)
    return [Promised(*row) for row in rows]


def list_errors(session: Session, territory_id: UUID | None = None) -> Sequence[ArrivalErrors]:
    statement = select(ArrivalErrors).order_by(
        ArrivalErrors.territory_id, ArrivalErrors.hours, ArrivalErrors.position
    )
    if territory_id is not None:
        statement = statement.where(ArrivalErrors.territory_id == territory_id)
    return session.scalars(statement).all()


class Promises:
    """How wide promises in one territory are, read once; as usual where too little is known."""

    def __init__(self, session: Session, territory_id: UUID | None) -> None:
        self._take([] if territory_id is None else list_errors(session, territory_id))

    @classmethod
    def of(cls, rows: Iterable[ArrivalErrors]) -> "Promises":
        """By what was read of a territory before."""
        made = cls.__new__(cls)
        made._take(rows)
        return made

    def _take(self, rows: Iterable[ArrivalErrors]) -> None:
        self._by_hours = {
            row.hours: promise(
                Errors(row.early_minutes, row.usual_minutes, row.late_minutes, row.arrivals)
            )
            for row in rows
            if row.position is Position.ANY
        }

    def at(self, hours: Hours) -> Promise:
        """Of these hours, else of the whole week."""
        return self._by_hours.get(hours) or self._by_hours.get(Hours.ALL) or Promise()

    @property
    def usual(self) -> Promise:
        return self.at(Hours.ALL)

    def latest(self, start: datetime, end: datetime, time_zone: str) -> datetime:
        """Until when an arrival promised in `[start, end)` is planned, so that it is kept."""
        margin = self.at(hours_of(start.astimezone(ZoneInfo(time_zone)))).margin
        return end - min(margin, end - start - LEAST_ROOM)


def promises_by_territory(session: Session) -> "dict[UUID | None, Promises]":
    """Of every territory that has learned of arrivals."""
    rows = defaultdict[UUID | None, list[ArrivalErrors]](list)
    for row in list_errors(session):
        rows[row.territory_id].append(row)
    return {key: Promises.of(own) for key, own in rows.items()}
