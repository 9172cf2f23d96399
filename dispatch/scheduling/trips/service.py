"""Keeping the travel before planned stops in step with where the technician comes from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.service import refusals_told
from dispatch.scheduling.trips import queries
from dispatch.scheduling.trips.routes import Leg, Stop, legs
from dispatch.technicians.models import Technician
from kernel.geo import Point

AROUND = timedelta(hours=36)
"""How far around a change the trips of the technician may depend on it."""
PLANNED = frozenset({AssignmentStatus.CONFIRMED, AssignmentStatus.HELD})


@dataclass(frozen=True)
class Trip:
    """The leg to a stop; `row` is None for one that is only thought of."""

    technician_id: UUID
    row: Assignment | None
    leg: Leg

    @property
    def may_change(self) -> bool:
        row = self.row
        return row is not None and row.status in PLANNED


def trips(
    session: Session,
    technicians: Iterable[Technician],
    at: datetime,
    *,
    without: Collection[UUID] = (),
    plus: Mapping[UUID, Stop] | None = None,
) -> list[Trip]:
    """The trips of these technicians around `at`, without some visits, with some stops added.

    Forced overlaps do not count: they stand outside the order of the day.
    """
    people = list(technicians)
    ids = [technician.id for technician in people]
    found = queries.stops_of(session, ids, at - AROUND, at + AROUND)
    shifts = queries.shift_starts_of(session, ids, at - AROUND, at + AROUND)
    result: list[Trip] = []
    for technician in people:
        kept = [
            (row, stop)
            for row, stop in found[technician.id]
            if row.visit_id not in without and row.overlap_reason is None
        ]
        row_by_visit = {row.visit_id: row for row, _ in kept}
        stops = [stop for _, stop in kept]
        if plus is not None and technician.id in plus:
            stops.append(plus[technician.id])
        home = Point(technician.latitude, technician.longitude)
        for leg in legs(home, shifts[technician.id], stops):
            result.append(Trip(technician.id, row_by_visit.get(leg.stop.visit_id), leg))
    return result


def narrow(session: Session, changed: Iterable[Trip]) -> None:
    """Shorten the travel before planned stops where less is needed: before anything is put in."""
    for trip in changed:
        row = trip.row
        if row is not None and trip.may_change and _starts(row) < trip.leg.busy_from:
            _set_leg(row, trip.leg)
    session.flush()


def widen(session: Session, changed: Iterable[Trip]) -> None:
    """Lengthen the travel before planned stops where more is needed: after everything is in."""
    for trip in changed:
        row = trip.row
        if row is not None and trip.may_change and _starts(row) > trip.leg.busy_from:
            _set_leg(row, trip.leg)
    with refusals_told():
        session.flush()


def rebuffer(session: Session, technicians: Iterable[Technician], at: datetime) -> None:
    """Let the trips before stops around `at` start where the technicians now come from."""
    changed = trips(session, technicians, at)
    narrow(session, changed)
    widen(session, changed)


def _starts(row: Assignment) -> datetime:
    assert row.busy.lower is not None
    return row.busy.lower


def _set_leg(row: Assignment, leg: Leg) -> None:
    row.travel_seconds = leg.travel_seconds
    row.travel_estimated = leg.estimated
    row.busy = Range(leg.busy_from, row.ends_at, bounds="[)")
