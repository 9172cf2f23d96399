"""Holding a window, confirming it, choosing another, giving it up."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from dispatch.events import SlotHeld
from dispatch.scheduling.assignments.lifecycle import AssignmentSource, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import assignments_of
from dispatch.scheduling.assignments.service import (
    Placing,
    Schedule,
    follow_visit,
    lock_schedule,
    tell_assigned,
    touch,
)
from dispatch.scheduling.bookings import queries as booking_queries
from dispatch.scheduling.bookings import service as bookings
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.slots import queries
from dispatch.scheduling.slots.grid import Candidate, Window
from dispatch.scheduling.slots.wanted import Wanted
from dispatch.scheduling.staffing.service import (
    ASSIGNABLE,
    become_scheduled,
    put_in,
    require_assignable,
)
from dispatch.scheduling.trips.service import rebuffer
from dispatch.work_orders import service as work_orders
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit
from kernel import clock
from kernel.db import because
from kernel.errors import Conflict, NotFound
from kernel.events import publish

TRY_NEXT = frozenset({"technician_busy", "time_taken"})
DECIDING_SECONDS = 90.0
"""Real ones that people have at least, also where the clock runs fast."""
LOOK_AHEAD_DAYS = 3
"""Days of windows that a refusal names, from the day asked for on."""


def hold_slot(
    session: Session,
    visit_id: UUID,
    window_start: datetime,
    window_end: datetime,
    minutes: int = 10,
) -> list[Assignment]:
    """Keep a window for the customer for some minutes; an earlier hold is given up for it.

    Only windows that `windows` shows can be held, and the crew is asked of the database once more
    when it is locked, the day's reserve at the end. Raises Conflict `window_taken` when nobody can
    keep it any more, with the `windows` that are left on that day and the next ones;
    `already_booked` when the visit has a promise (reschedule it instead).
    """
    return hold(session, queries.ask(session, visit_id), window_start, window_end, minutes)


def hold(
    session: Session,
    wanted: Wanted,
    window_start: datetime,
    window_end: datetime,
    minutes: int = 10,
) -> list[Assignment]:
    """`hold_slot` for somebody who has asked already."""
    visit = wanted.visit
    if wanted.is_booked:
        raise Conflict("This visit is booked already.", code="already_booked")
    _require_assignable(session, visit)
    to_decide = timedelta(seconds=DECIDING_SECONDS * clock.rate(session))
    expires_at = wanted.now + max(timedelta(minutes=minutes), to_decide)
    placing = Placing(
        source=AssignmentSource.CUSTOMER,
        status=AssignmentStatus.HELD,
        expires_at=expires_at,
        window_start=window_start,
        window_end=window_end,
    )
    rows = _take_window(session, wanted, window_start, window_end, placing)
    publish(
        session,
        SlotHeld(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            technician_id=rows[0].technician_id,
            visit_id=visit.id,
            expires_at=expires_at,
        ),
    )
    return rows


def _require_assignable(session: Session, visit: Visit) -> None:
    """The rest is asked when the visit is locked."""
    if visit.status not in ASSIGNABLE:
        require_assignable(session, visit)


def _taken(session: Session, wanted: Wanted, start: datetime) -> Conflict:
    """The refusal, with what can be chosen instead."""
    day = start.astimezone(ZoneInfo(wanted.site.time_zone)).date()
    left = queries.windows_of(session, wanted, day, LOOK_AHEAD_DAYS)
    return Conflict(
        "This window cannot be kept any more.",
        code="window_taken",
        windows=[
            {"start": w.start.isoformat(), "end": w.end.isoformat(), "grade": str(w.grade)}
            for w in left
            if w.start != start
        ],
    )


def _take_window(
    session: Session, wanted: Wanted, start: datetime, end: datetime, placing: Placing
) -> list[Assignment]:
    """By the schedule as it was shown; it is followed up to now only before this is refused."""
    for age in (queries.MOST_AGE_SECONDS, 0.0):
        window = queries.find_window(session, wanted, start, end, most_age_seconds=age)
        rows = _take_first_free(session, wanted, window, placing) if window else []
        if rows:
            return rows
    raise _taken(session, wanted, start)


def _take_first_free(
    session: Session, wanted: Wanted, window: Window, placing: Placing
) -> list[Assignment]:
    """Put in the best crew that is still free, [] when none is; each try gives its locks back
    when it fails."""
    for candidate in window.candidates:
        try:
            with session.begin_nested():
                return _take(session, wanted, window, candidate, placing)
        except Conflict as refusal:
            if refusal.code not in TRY_NEXT:
                raise
    return []


def _take(
    session: Session, wanted: Wanted, window: Window, candidate: Candidate, placing: Placing
) -> list[Assignment]:
    visit_id, seen = wanted.visit.id, wanted.visit.version
    schedule = lock_schedule(session, [visit_id], candidate.technician_ids)
    visit = schedule.visits[visit_id]
    require_assignable(session, visit, parts_may_be_short=True)
    if visit.version != seen:
        wanted = queries.ask(session, visit_id)
    present = queries.find_candidate(session, wanted, window, candidate.technician_ids)
    if present is None:
        raise Conflict("This crew cannot keep the window any more.", code="technician_busy")
    held = placing.status is AssignmentStatus.HELD
    if held and booking_queries.find_confirmed(session, visit_id) is not None:
        raise Conflict("This visit is booked already.", code="already_booked")
    crew = candidate.technician_ids
    rows = put_in(session, schedule, visit, crew, present.starts_at, placing)
    if not held:
        become_scheduled(session, visit, "rescheduled")
    elif visit.status is not VisitStatus.UNSCHEDULED:
        # what the planner had chosen gives way to what the customer chooses
        work_orders.set_visit_status(
            session, visit, VisitStatus.UNSCHEDULED, reason="customer chooses"
        )
    else:
        # a plan that is being solved has seen the visit without this hold
        touch(visit)
    if not queries.leaves_reserve(session, wanted, window):
        raise _taken(session, wanted, window.start)
    return rows


def confirm_hold(session: Session, visit_id: UUID, customer_id: UUID | None = None) -> Booking:
    """Turn the hold into the real schedule and a promise; confirming again changes nothing.

    Raises Conflict `hold_expired` when the hold has run out or never was, `work_order_on_hold`,
    `visit_underway`, NotFound when the visit is another customer's.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    if customer_id is not None and visit.customer_id != customer_id:
        raise NotFound("visit", visit_id)
    known = booking_queries.find_confirmed(session, visit_id)
    if known is not None:
        return known
    require_assignable(session, visit, parts_may_be_short=True)
    confirmed = _confirm_in_time(session, visit_id)
    if len(confirmed) != visit.crew_size:
        raise Conflict("The time to confirm this window is over.", code="hold_expired")
    rows = assignments_of(session, visit_id)
    become_scheduled(session, visit, "booked")
    # on hold it can only have been for parts, and the window begins when they have come
    work_orders.release(session, visit.work_order_id)
    for row in rows:
        tell_assigned(session, visit, row)
    first = rows[0]
    assert first.window_start is not None
    assert first.window_end is not None
    return bookings.promise(
        session,
        visit,
        first.window_start,
        first.window_end,
        customer_id=customer_id,
        technician_id=first.technician_id,
    )


def _confirm_in_time(session: Session, visit_id: UUID) -> list[UUID]:
    """Compare and set, with the time of the database: an expired hold is never confirmed."""
    return list(
        session.scalars(
            update(Assignment)
            .where(
                Assignment.visit_id == visit_id,
                Assignment.status == AssignmentStatus.HELD,
                Assignment.expires_at > text("app_now()"),
            )
            .values(
                status=AssignmentStatus.CONFIRMED,
                expires_at=None,
                version=Assignment.version + 1,
            )
            .returning(Assignment.id)
            .execution_options(synchronize_session=False)
        )
    )


def reschedule(
    session: Session, visit_id: UUID, window_start: datetime, window_end: datetime
) -> Booking:
    """Promise another window: the same booking, another place in the schedule.

    Raises Conflict `not_booked`, `window_taken`, `visit_underway`.
    """
    visit = get_visit(session, visit_id)
    booking = booking_queries.find_confirmed(session, visit_id)
    if booking is None:
        raise Conflict("This visit is not booked.", code="not_booked")
    if (booking.arrival_start, booking.arrival_end) == (window_start, window_end):
        return booking
    _require_assignable(session, visit)
    wanted = queries.ask(session, visit_id)
    placing = Placing(source=AssignmentSource.CUSTOMER)
    _take_window(session, wanted, window_start, window_end, placing)
    booking = booking_queries.get_confirmed(session, visit_id)
    return bookings.change_window(session, visit, booking, window_start, window_end)


def cancel_booking(session: Session, visit_id: UUID, by: str) -> Booking:
    """Give up the promise and the visit with it; its time is free at once.

    Raises Conflict `visit_underway` once somebody is on the way, `not_booked`.
    """
    schedule = lock_schedule(session, [visit_id])
    visit = schedule.visits[visit_id]
    booking = booking_queries.find_latest(session, visit_id)
    if booking is None:
        raise Conflict("This visit is not booked.", code="not_booked")
    if visit.status is VisitStatus.CANCELLED:
        return booking
    if visit.status not in ASSIGNABLE:
        raise Conflict("Somebody is on the way or was there.", code="visit_underway")
    because(session, f"cancelled by {by}")
    _cancel(session, schedule, visit, by)
    return booking


def _cancel(session: Session, schedule: Schedule, visit: Visit, by: str) -> None:
    rows = schedule.of(visit.id)
    work_orders.set_visit_status(session, visit, VisitStatus.CANCELLED, reason=f"cancelled by {by}")
    follow_visit(session, visit, rows, clock.now(session))
    bookings.follow_visit(session, visit, by=by)
    for start in {row.starts_at for row in rows}:
        rebuffer(session, schedule.technicians.values(), start)
