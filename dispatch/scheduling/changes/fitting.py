"""Which changes still fit when people have changed the schedule since the plan was made."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.changes.grouping import Change, Place
from dispatch.scheduling.trips.routes import Stop, Via, legs
from kernel.geo import Point

Day = Sequence[tuple[Assignment, Stop]]


def fitting(
    changes: Sequence[Change],
    days: Mapping[UUID, Day],
    homes: Mapping[UUID, Point],
    shift_starts: Mapping[UUID, Sequence[datetime]],
    visit_places: Mapping[UUID, Point],
    vias: Mapping[UUID, Via],
) -> list[Change]:
    """The changes that can be made together without disturbing anything else.

    A change that does not fit is left out; its visit then stays where it is, which may crowd out
    others, so this repeats until nothing more falls out.
    """
    live = list(changes)
    while True:
        out = {
            visit_id
            for technician_id in {t for change in live for t in change.technicians}
            for visit_id in _misfits(
                technician_id,
                live,
                days.get(technician_id, ()),
                homes[technician_id],
                shift_starts.get(technician_id, ()),
                visit_places,
                vias,
            )
        }
        if not out:
            return live
        live = [change for change in live if change.visit_id not in out]


def new_stop(
    visit_id: UUID, place: Place, visit_places: Mapping[UUID, Point], vias: Mapping[UUID, Via]
) -> Stop:
    via = None if place.depot_id is None else vias.get(place.depot_id)
    return Stop(visit_id, place.starts_at, place.ends_at, visit_places[visit_id], via)


def _misfits(
    technician_id: UUID,
    live: Sequence[Change],
    day: Day,
    home: Point,
    shift_starts: Sequence[datetime],
    visit_places: Mapping[UUID, Point],
    vias: Mapping[UUID, Via],
) -> set[UUID]:
    """The changed visits of one technician that cannot be reached, or keep one from the next."""
    moved = {change.visit_id for change in live}
    stops = [stop for row, stop in day if stop.visit_id not in moved and not row.overlap_reason]
    new = [
        new_stop(change.visit_id, place, visit_places, vias)
        for change in live
        for place in change.after
        if place.technician_id == technician_id
    ]
    trips = legs(home, shift_starts, [*stops, *new])
    found: set[UUID] = set()
    for number, leg in enumerate(trips):
        if leg.fits:
            continue
        before = [trip.stop.visit_id for trip in trips[:number]]
        if leg.stop.visit_id in moved:
            found.add(leg.stop.visit_id)
        elif before and before[-1] in moved:
            found.add(before[-1])
    return found
