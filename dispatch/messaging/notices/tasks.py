"""Which facts customers hear about."""

from sqlalchemy.orm import Session

from dispatch.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
    DateNotConfirmed,
    DateToConfirm,
    NoAccessRecorded,
    VisitMoved,
)
from dispatch.messaging.notices import service
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.jobs import on


@on(BookingConfirmed, name="messaging.tell_booking_confirmed")
def tell_booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    service.tell_of_booking(session, event.visit_id, "booking_confirmed")


@on(BookingRescheduled, name="messaging.tell_booking_rescheduled")
def tell_booking_rescheduled(session: Session, event: BookingRescheduled) -> None:
    service.tell_of_booking(session, event.visit_id, "booking_rescheduled")


@on(DateToConfirm, name="messaging.tell_date_to_confirm")
def tell_date_to_confirm(session: Session, event: DateToConfirm) -> None:
    service.tell_of_date(session, event.visit_id, "date_to_confirm")


@on(DateNotConfirmed, name="messaging.tell_date_not_confirmed")
def tell_date_not_confirmed(session: Session, event: DateNotConfirmed) -> None:
    service.tell_of_date(session, event.visit_id, "date_not_confirmed")


@on(BookingCancelled, name="messaging.tell_booking_cancelled")
def tell_booking_cancelled(session: Session, event: BookingCancelled) -> None:
    service.tell_of_cancellation(session, event.visit_id)


@on(
    VisitMoved,
    name="messaging.tell_visit_moved",
    when=lambda event: event.to_status in service.WORTH_TELLING,
)
def tell_visit_moved(session: Session, event: VisitMoved) -> None:
    service.tell_of_move(session, event.visit_id, VisitStatus(event.to_status))


@on(NoAccessRecorded, name="messaging.tell_no_access")
def tell_no_access(session: Session, event: NoAccessRecorded) -> None:
    service.tell_of_no_access(session, event.visit_id, event.follow_up_visit_id)
