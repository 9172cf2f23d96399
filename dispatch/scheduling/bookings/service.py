"""The only writer of bookings: promising, moving, ending a promise; the visit is locked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
    DateNotConfirmed,
    DateToConfirm,
)
from dispatch.scheduling.bookings import queries
from dispatch.scheduling.bookings.lifecycle import BOOKING, BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders.lifecycle import IncompleteReason, VisitStatus
from dispatch.work_orders.models import Visit
from kernel.errors import Conflict
from kernel.events import publish

NOT_CONFIRMED = "not_confirmed"
"""Who gave a date up that was to be confirmed: nobody did, its time had come."""
WASTED = frozenset({IncompleteReason.CUSTOMER_ABSENT, IncompleteReason.NO_ACCESS})


def promise(
    session: Session,
    visit: Visit,
    arrival_start: datetime,
    arrival_end: datetime,
    *,
    customer_id: UUID | None = None,
    technician_id: UUID | None = None,
    confirm_by: datetime | None = None,
) -> Booking:
    """Promise the customer an arrival window; with `confirm_by` only to know by then."""
    if queries.find_confirmed(session, visit.id) is not None:
        raise Conflict("This visit is booked already.", code="already_booked")
    booking = Booking(
        visit_id=visit.id,
        customer_id=customer_id or visit.customer_id,
        status=BookingStatus.CONFIRMED,
        arrival_start=arrival_start,
        arrival_end=arrival_end,
        confirm_by=confirm_by,
    )
    session.add(booking)
    session.flush()
    made = BookingConfirmed if confirm_by is None else DateToConfirm
    publish(
        session,
        made(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            technician_id=technician_id,
            visit_id=visit.id,
            booking_id=booking.id,
        ),
    )
    return booking


def confirm_date(session: Session, visit: Visit, booking: Booking) -> Booking:
    """Somebody has the visit: what was to be confirmed is an appointment now."""
    booking.confirm_by = None
    session.flush()
    publish(
        session,
        BookingConfirmed(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            booking_id=booking.id,
        ),
    )
    return booking


def give_up_date(session: Session, visit: Visit, booking: Booking) -> Booking:
    """Nobody was found in time: the date is gone, the visit is not."""
    BOOKING.check(booking.status, BookingStatus.CANCELLED)
    booking.status, booking.cancelled_by = BookingStatus.CANCELLED, NOT_CONFIRMED
    session.flush()
    publish(
        session,
        DateNotConfirmed(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            booking_id=booking.id,
        ),
    )
    return booking


def change_window(
    session: Session, visit: Visit, booking: Booking, start: datetime, end: datetime
) -> Booking:
    """Promise another window in place of the earlier one, which the audit history keeps."""
    booking.arrival_start, booking.arrival_end = start, end
    booking.confirm_by = None
    booking.times_moved += 1
    session.flush()
    publish(
        session,
        BookingRescheduled(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            booking_id=booking.id,
        ),
    )
    return booking


def cancel(session: Session, visit: Visit, booking: Booking, by: str) -> Booking:
    BOOKING.check(booking.status, BookingStatus.CANCELLED)
    booking.status, booking.cancelled_by = BookingStatus.CANCELLED, by
    session.flush()
    publish(
        session,
        BookingCancelled(
            territory_id=visit.territory_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            booking_id=booking.id,
            cancelled_by=by,
        ),
    )
    return booking


def follow_visit(session: Session, visit: Visit, *, by: str = "dispatcher") -> None:
    """Bring the booking to the state that the visit's new status asks for."""
    booking = queries.find_latest(session, visit.id)
    if booking is None:
        return
    wanted = _state_for(visit)
    if booking.status is wanted or booking.status is BookingStatus.CANCELLED:
        return
    if wanted is BookingStatus.CANCELLED:
        cancel(session, visit, booking, by)
        return
    BOOKING.check(booking.status, wanted)
    booking.status = wanted
    session.flush()


def _state_for(visit: Visit) -> BookingStatus:
    if visit.status is VisitStatus.CANCELLED:
        return BookingStatus.CANCELLED
    if visit.status is VisitStatus.COMPLETED:
        return BookingStatus.FULFILLED
    if visit.status is VisitStatus.INCOMPLETE:
        # we came: a promise of arrival is kept even when the work could not be finished
        wasted = visit.incomplete_reason in WASTED
        return BookingStatus.CUSTOMER_ABSENT if wasted else BookingStatus.FULFILLED
    return BookingStatus.CONFIRMED
