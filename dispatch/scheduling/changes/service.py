"""Applying a group of changes in one transaction, the way people's moves are made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentSource
from dispatch.scheduling.assignments.service import (
    Placing,
    Schedule,
    Seat,
    lock_schedule,
    occupy,
    release,
    touch,
)
from dispatch.scheduling.changes import queries
from dispatch.scheduling.changes.fitting import fitting, new_stop
from dispatch.scheduling.changes.grouping import Change, Group, Place
from dispatch.scheduling.checks.service import cost_cents
from dispatch.scheduling.problems.shifts import OVERDUE
from dispatch.scheduling.staffing.service import ASSIGNABLE, become_scheduled
from dispatch.scheduling.trips.queries import shift_starts_of, stops_of, vias_of
from dispatch.scheduling.trips.routes import Stop, legs
from dispatch.scheduling.trips.service import Trip, narrow, widen
from dispatch.technicians.models import Absence
from dispatch.technicians.queries import list_absences
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel import clock
from kernel.geo import Point

MARGIN = timedelta(hours=18)
"""How far around the changes other stops can matter."""


@dataclass
class Outcome:
    """What became of a group: visits moved, and those left as they are with the reason."""

    moved: list[UUID] = field(default_factory=list)
    left: dict[UUID, str] = field(default_factory=dict)


def apply_group(session: Session, group: Group, plan_id: UUID) -> Outcome:
    """Make the changes that are still possible; a human's move since the snapshot wins."""
    visit_ids = [change.visit_id for change in group.changes]
    schedule = lock_schedule(session, visit_ids, group.technicians)
    outcome = Outcome()
    live = _untouched(session, schedule, group, plan_id, outcome)
    live = _with_people_there(session, schedule, live, outcome)
    live = _still_fitting(session, schedule, live, outcome)
    if not live:
        return outcome
    queries.lock_orders(session, [schedule.visits[change.visit_id] for change in live])
    for change in live:
        visit = schedule.visits[change.visit_id]
        release(session, visit, schedule.of(visit.id), reason="replanned")
    trips = _trips(session, schedule, live)
    narrow(session, trips)
    for change in live:
        _place(session, schedule, change, trips, plan_id)
        outcome.moved.append(change.visit_id)
    widen(session, trips)
    return outcome


def _untouched(
    session: Session, schedule: Schedule, group: Group, plan_id: UUID, outcome: Outcome
) -> list[Change]:
    """The changes whose visits are as the plan saw them; the others are left with a reason.

    What this plan has put there already, before it was interrupted, counts as moved.
    """
    on_hold = queries.not_plannable(session, schedule.visits.values())
    oldest = clock.now(session) - OVERDUE
    live: list[Change] = []
    for change in group.changes:
        visit = schedule.visits[change.visit_id]
        present = {row.technician_id for row in schedule.of(visit.id)}
        if present and all(row.plan_id == plan_id for row in schedule.of(visit.id)):
            outcome.moved.append(visit.id)
        elif any(place.starts_at < oldest for place in change.after):
            outcome.left[visit.id] = "time_passed"
        elif visit.version != change.version or present != change.before:
            outcome.left[visit.id] = "changed_meanwhile"
        elif visit.status not in ASSIGNABLE:
            outcome.left[visit.id] = "under_way"
        elif visit.id in on_hold:
            outcome.left[visit.id] = "on_hold"
        else:
            live.append(change)
    return live


def _with_people_there(
    session: Session, schedule: Schedule, live: Sequence[Change], outcome: Outcome
) -> list[Change]:
    """Without what would go to somebody who has been reported absent, or has left, meanwhile."""
    places = [place for change in live for place in change.after]
    if not places:
        return list(live)
    away = list_absences(
        session,
        {place.technician_id for place in places},
        min(place.starts_at for place in places),
        max(place.ends_at for place in places),
    )
    kept = [
        change for change in live if all(_is_there(schedule, place, away) for place in change.after)
    ]
    outcome.left.update({c.visit_id: "no_room_meanwhile" for c in live if c not in kept})
    return kept


def _is_there(schedule: Schedule, place: Place, away: Sequence[Absence]) -> bool:
    return schedule.technicians[place.technician_id].active and not any(
        absence.technician_id == place.technician_id
        and absence.starts_at < place.ends_at
        and place.starts_at < absence.ends_at
        for absence in away
    )


def _still_fitting(
    session: Session, schedule: Schedule, live: Sequence[Change], outcome: Outcome
) -> list[Change]:
    if not live:
        return []
    start, end = _span(schedule, live)
    homes = {key: Point(t.latitude, t.longitude) for key, t in schedule.technicians.items()}
    visits = [schedule.visits[change.visit_id] for change in live]
    kept = fitting(
        live,
        stops_of(session, list(homes), start, end),
        homes,
        shift_starts_of(session, list(homes), start, end),
        queries.places_of(session, visits),
        vias_of(session, _depots(live)),
    )
    ids = {change.visit_id for change in kept}
    outcome.left.update(
        {change.visit_id: "no_room_meanwhile" for change in live if change.visit_id not in ids}
    )
    return kept


def _depots(live: Sequence[Change]) -> set[UUID]:
    return {place.depot_id for c in live for place in c.after if place.depot_id is not None}


def _span(schedule: Schedule, live: Sequence[Change]) -> tuple[datetime, datetime]:
    times = [place.starts_at for change in live for place in change.after]
    times += [row.starts_at for change in live for row in schedule.of(change.visit_id)]
    return min(times) - MARGIN, max(times) + MARGIN


def _trips(session: Session, schedule: Schedule, live: Sequence[Change]) -> list[Trip]:
    """The trips of everybody as they will be: what stays, and what is about to be put in."""
    start, end = _span(schedule, live)
    ids = list(schedule.technicians)
    days = stops_of(session, ids, start, end)
    shifts = shift_starts_of(session, ids, start, end)
    places = queries.places_of(session, [schedule.visits[c.visit_id] for c in live])
    vias = vias_of(session, _depots(live))
    new: dict[UUID, list[Stop]] = {}
    for change in live:
        for place in change.after:
            stop = new_stop(change.visit_id, place, places, vias)
            new.setdefault(place.technician_id, []).append(stop)
    found: list[Trip] = []
    for key, technician in schedule.technicians.items():
        kept = [(row, stop) for row, stop in days[key] if row.overlap_reason is None]
        rows = {row.visit_id: row for row, _ in kept}
        stops = [stop for _, stop in kept] + new.get(key, [])
        home = Point(technician.latitude, technician.longitude)
        found += [
            Trip(key, rows.get(leg.stop.visit_id), leg)
            for leg in legs(home, shifts.get(key, ()), stops)
        ]
    return found


def _place(
    session: Session,
    schedule: Schedule,
    change: Change,
    trips: Sequence[Trip],
    plan_id: UUID,
) -> None:
    visit = schedule.visits[change.visit_id]
    if not change.after:
        visit.at_risk = False
        work_orders.set_visit_status(
            session, visit, VisitStatus.UNSCHEDULED, reason="no place in the plan"
        )
        return
    by_technician = {
        trip.technician_id: trip.leg for trip in trips if trip.leg.stop.visit_id == visit.id
    }
    seats = [
        Seat(
            technician=schedule.technicians[place.technician_id],
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            travel_seconds=by_technician[place.technician_id].travel_seconds,
            busy_from=by_technician[place.technician_id].busy_from,
            cost_cents=cost_cents(
                schedule.technicians[place.technician_id],
                place.travel_seconds,
                place.ends_at - place.starts_at,
            ),
            travel_estimated=by_technician[place.technician_id].estimated,
            depot_id=place.depot_id,
        )
        for place in change.after
    ]
    occupy(session, visit, seats, Placing(source=AssignmentSource.PLAN, plan_id=plan_id))
    _set_status(session, visit, change)


def _set_status(session: Session, visit: Visit, change: Change) -> None:
    """A visit that was sent out stays so when only its time has changed."""
    same_people = {place.technician_id for place in change.after} == change.before
    if visit.status is VisitStatus.UNSCHEDULED or not same_people:
        become_scheduled(session, visit, "replanned")
        return
    visit.at_risk = False
    touch(visit)
    session.flush()
