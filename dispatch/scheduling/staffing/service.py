"""Putting technicians into visits and taking them off, the same way for people and plans."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import (
    RELEASABLE,
    AssignmentSource,
    AssignmentStatus,
)
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import overlapping
from dispatch.scheduling.assignments.service import (
    Placing,
    Schedule,
    Seat,
    ensure_seen,
    lock_schedule,
    occupy,
    release,
    touch,
)
from dispatch.scheduling.checks.queries import work_time
from dispatch.scheduling.checks.service import cost_cents
from dispatch.scheduling.trips.queries import place_of
from dispatch.scheduling.trips.routes import Stop
from dispatch.scheduling.trips.service import Trip, narrow, rebuffer, trips, widen
from dispatch.technicians.models import Technician
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import (
    OPEN_WORK_ORDERS,
    VISIT,
    VisitStatus,
    WorkOrderStatus,
)
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_order_status, is_short_of_parts
from kernel.errors import Conflict, Invalid

ASSIGNABLE = frozenset(
    {
        VisitStatus.UNSCHEDULED,
        VisitStatus.SCHEDULED,
        VisitStatus.DISPATCHED,
        VisitStatus.ACCEPTED,
    }
)


def assign(
    session: Session,
    visit_id: UUID,
    technician_ids: Sequence[UUID],
    starts_at: datetime,
    *,
    source: AssignmentSource | str,
    overlap_reason: str | None = None,
    overlap_until: datetime | None = None,
    pay_cents: int = 0,
    plan_id: UUID | None = None,
    expected_version: int | None = None,
) -> list[Assignment]:
    """Give the visit to these technicians, one per seat, in place of whoever has it.

    A dispatcher may cut travel short, and with `overlap_reason` and `overlap_until` overlap other
    work; nobody else may. `pay_cents` is a freelancer's pay per seat. Raises Conflict
    `technician_busy`, `visit_taken` (an offer came too late), `visit_underway`,
    `work_order_on_hold`, `visit_changed`.
    """
    placing = Placing(
        source=AssignmentSource(source),
        plan_id=plan_id,
        overlap_reason=overlap_reason,
        overlap_until=overlap_until,
        pay_cents=pay_cents,
    )
    _require_overlap_bounded(placing)
    schedule = lock_schedule(session, [visit_id], technician_ids)
    visit = schedule.visits[visit_id]
    ensure_seen(visit, expected_version)
    require_assignable(session, visit)
    if placing.source is AssignmentSource.OFFER and schedule.of(visit_id):
        raise Conflict("Somebody else has this visit already.", code="visit_taken")
    rows = put_in(session, schedule, visit, technician_ids, starts_at, placing)
    become_scheduled(session, visit)
    return rows


def put_in(
    session: Session,
    schedule: Schedule,
    visit: Visit,
    technician_ids: Sequence[UUID],
    starts_at: datetime,
    placing: Placing,
) -> list[Assignment]:
    """Replace whoever has the locked visit by this crew, and adapt the trips of all of them.

    The visit's own status is the caller's matter. Raises Conflict `technician_busy`.
    """
    _require_crew(visit, technician_ids)
    people = [schedule.technicians[key] for key in technician_ids]
    planned = _arrange(session, schedule, visit, people, starts_at)
    if not placing.is_forced:
        _require_free(session, visit, planned, strict=not placing.may_cut_travel)
    seats = [_seat(person, planned.trip_of(person.id), placing) for person in people]
    _take_off(session, schedule, visit, planned)
    if not placing.is_forced:
        narrow(session, planned.trips)
    rows = occupy(session, visit, seats, placing)
    if not placing.is_forced:
        widen(session, planned.trips)
    return rows


class Arrangement:
    """The days of some technicians as they would be with a visit put in."""

    def __init__(self, visit_id: UUID, starts_at: datetime, found: list[Trip]) -> None:
        self.visit_id = visit_id
        self.starts_at = starts_at
        self.trips = found

    def trip_of(self, technician_id: UUID) -> Trip:
        return next(
            trip
            for trip in self.trips
            if trip.technician_id == technician_id and trip.leg.stop.visit_id == self.visit_id
        )

    def next_of(self, technician_id: UUID) -> Trip | None:
        own = [trip for trip in self.trips if trip.technician_id == technician_id]
        number = own.index(self.trip_of(technician_id))
        return own[number + 1] if number + 1 < len(own) else None


def _arrange(
    session: Session,
    schedule: Schedule,
    visit: Visit,
    people: Sequence[Technician],
    starts_at: datetime,
) -> Arrangement:
    """How the days of everybody concerned look with these people at the visit then."""
    place = place_of(session, visit)
    plus = {
        person.id: Stop(visit.id, starts_at, starts_at + work_time(session, visit, person), place)
        for person in people
    }
    found = trips(session, schedule.technicians.values(), starts_at, without=[visit.id], plus=plus)
    return Arrangement(visit.id, starts_at, found)


def require_assignable(session: Session, visit: Visit, *, parts_may_be_short: bool = False) -> None:
    """Raise Conflict when the visit is under way or over, or its order on hold or closed."""
    if visit.status not in ASSIGNABLE:
        raise Conflict(
            f"The visit is {visit.status.replace('_', ' ')}; nobody can be assigned any more.",
            code="visit_underway",
            status=str(visit.status),
        )
    status = get_order_status(session, visit.work_order_id)
    if status is WorkOrderStatus.ON_HOLD:
        if parts_may_be_short and is_short_of_parts(session, visit.work_order_id):
            return
        raise Conflict("The work order is on hold.", code="work_order_on_hold")
    if status not in OPEN_WORK_ORDERS:
        raise Conflict("The work order is closed.", code="work_order_closed")


def _require_crew(visit: Visit, technician_ids: Sequence[UUID]) -> None:
    if len(set(technician_ids)) != len(technician_ids) or len(technician_ids) != visit.crew_size:
        raise Invalid(
            f"This visit needs {visit.crew_size} different technicians.",
            code="crew_size",
            crew_size=visit.crew_size,
        )


def _require_overlap_bounded(placing: Placing) -> None:
    if (placing.overlap_reason is None) != (placing.overlap_until is None):
        raise Invalid(
            "A forced overlap needs a reason and a time until which it holds.",
            code="overlap_unbounded",
        )


def _require_free(session: Session, visit: Visit, planned: Arrangement, *, strict: bool) -> None:
    """No other work at that time; when strict, the trips there and to the next stop fit too."""
    for trip in planned.trips:
        leg = trip.leg
        if leg.stop.visit_id != visit.id:
            continue
        start, end = leg.stop.starts_at, leg.stop.ends_at
        others = overlapping(session, trip.technician_id, start, end, but=[visit.id])
        if any(row.starts_at < end and row.ends_at > start for row in others):
            raise _busy(trip.technician_id, "This technician is busy then.")
        after = planned.next_of(trip.technician_id)
        if strict and not (leg.fits and (after is None or after.leg.fits)):
            raise _busy(trip.technician_id, "This technician cannot be there in time.")


def _busy(technician_id: UUID, sentence: str) -> Conflict:
    return Conflict(sentence, code="technician_busy", technician_id=str(technician_id))


def _seat(person: Technician, trip: Trip, placing: Placing) -> Seat:
    leg = trip.leg
    work = leg.stop.ends_at - leg.stop.starts_at
    leaves = leg.stop.starts_at - timedelta(seconds=leg.travel_seconds)
    return Seat(
        technician=person,
        starts_at=leg.stop.starts_at,
        ends_at=leg.stop.ends_at,
        travel_seconds=leg.travel_seconds,
        busy_from=leaves if placing.is_forced else leg.busy_from,
        cost_cents=placing.pay_cents or cost_cents(person, leg.travel_seconds, work),
        travel_estimated=leg.estimated,
    )


def _take_off(session: Session, schedule: Schedule, visit: Visit, planned: Arrangement) -> None:
    """Release who has the visit now; far from the new time their trips change on their own."""
    rows = schedule.of(visit.id)
    if not rows:
        return
    release(session, visit, rows, reason="reassigned")
    if abs(rows[0].starts_at - planned.starts_at) > timedelta(hours=12):
        rebuffer(session, schedule.technicians.values(), rows[0].starts_at)


def become_scheduled(session: Session, visit: Visit, reason: str = "reassigned") -> None:
    """The visit is planned and nothing more: what was sent out about it before is taken back."""
    visit.at_risk = False
    if visit.status is VisitStatus.SCHEDULED:
        touch(visit)
        session.flush()
        return
    if visit.status is not VisitStatus.UNSCHEDULED and not VISIT.allows(
        visit.status, VisitStatus.SCHEDULED
    ):
        work_orders.set_visit_status(session, visit, VisitStatus.UNSCHEDULED, reason=reason)
    work_orders.set_visit_status(session, visit, VisitStatus.SCHEDULED, reason=reason)


def unassign(
    session: Session,
    visit_id: UUID,
    reason: str,
    *,
    ended: AssignmentStatus | str = AssignmentStatus.REMOVED,
    because_of: UUID | None = None,
    expected_version: int | None = None,
) -> Visit:
    """Take everybody off a visit that is not being worked on; it waits again.

    `because_of` names the one of a crew to whom `ended` applies; the others are only removed.
    The promise to the customer stands. Raises Conflict `illegal_move` when work has begun.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    ensure_seen(visit, expected_version)
    rows = [row for row in schedule.of(visit_id) if row.status in RELEASABLE]
    if visit.status is not VisitStatus.UNSCHEDULED:
        VISIT.check(visit.status, VisitStatus.UNSCHEDULED)
    causes = [row for row in rows if because_of in (None, row.technician_id)]
    release(session, visit, causes, ended=_ended(rows, ended), reason=reason)
    release(session, visit, [row for row in rows if row not in causes], reason=reason)
    visit.at_risk = False
    if visit.status is not VisitStatus.UNSCHEDULED:
        work_orders.set_visit_status(session, visit, VisitStatus.UNSCHEDULED, reason=reason)
    elif rows:
        touch(visit)
    for at in {row.starts_at for row in rows}:
        rebuffer(session, schedule.technicians.values(), at)
    return visit


def _ended(rows: Sequence[Assignment], ended: AssignmentStatus | str) -> AssignmentStatus:
    """A hold can only be removed: nobody has promised to come yet."""
    if any(row.status is AssignmentStatus.HELD for row in rows):
        return AssignmentStatus.REMOVED
    return AssignmentStatus(ended)


def recall(
    session: Session,
    visit_id: UUID,
    reason: str = "recalled",
    *,
    expected_version: int | None = None,
) -> Visit:
    """Call a dispatched visit back: it stays planned, but the technician is not to go yet.

    Raises Conflict `illegal_move` before that and once somebody has set off.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    ensure_seen(visit, expected_version)
    if visit.status not in (VisitStatus.DISPATCHED, VisitStatus.SCHEDULED):
        raise Conflict("Only a visit that was sent out can be called back.", code="illegal_move")
    return work_orders.set_visit_status(session, visit, VisitStatus.SCHEDULED, reason=reason)
