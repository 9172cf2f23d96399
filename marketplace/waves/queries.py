"""Reads where a visit is and what was promised to its customer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders.models import Visit
from kernel.db import get


def get_site(session: Session, visit: Visit) -> Site:
    return get(session, Site, visit.site_id)


def find_promise(session: Session, visit_id: UUID) -> Booking | None:
    """The confirmed booking of the visit."""
    return session.scalar(
        select(Booking).where(
            Booking.visit_id == visit_id, Booking.status == BookingStatus.CONFIRMED
        )
    )
