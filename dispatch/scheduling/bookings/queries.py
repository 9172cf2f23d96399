"""Reading bookings."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from kernel.db import among_given
from kernel.errors import NotFound

# Built once: to put it together took longer than the database needs for it.
CONFIRMED = (
    select(Booking)
    .where(among_given(Booking.visit_id, "visit_ids"), Booking.status == BookingStatus.CONFIRMED)
    .execution_options(populate_existing=True)
)


def find_confirmed(session: Session, visit_id: UUID) -> Booking | None:
    """The promise that stands for a visit."""
    return confirmed_by_visit(session, [visit_id]).get(visit_id)


def get_confirmed(session: Session, visit_id: UUID) -> Booking:
    booking = find_confirmed(session, visit_id)
    if booking is None:
        raise NotFound("booking", visit_id)
    return booking


def confirmed_by_visit(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, Booking]:
    if not visit_ids:
        return {}
    rows = session.scalars(CONFIRMED, {"visit_ids": list(visit_ids)})
    return {row.visit_id: row for row in rows}


def find_latest(session: Session, visit_id: UUID) -> Booking | None:
    """The newest booking of a visit, whatever became of it."""
    return session.scalar(
        select(Booking).where(Booking.visit_id == visit_id).order_by(Booking.id.desc()).limit(1)
    )
