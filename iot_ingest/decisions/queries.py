"""Every SELECT that decisions need."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.work_orders.lifecycle import OPEN_VISITS
from dispatch.work_orders.models import Visit
from iot_ingest.alerts.lifecycle import AlertStatus
from iot_ingest.alerts.models import Alert


def time_zone_of(session: Session, site_id: UUID) -> str:
    return session.execute(select(Site.time_zone).where(Site.id == site_id)).scalar_one()


def find_open_visit(session: Session, work_order_id: UUID) -> Visit | None:
    return session.scalar(
        select(Visit)
        .where(Visit.work_order_id == work_order_id, Visit.status.in_(OPEN_VISITS))
        .order_by(Visit.sequence)
        .limit(1)
    )


def ids_inhibited_by(session: Session, alert_id: UUID) -> list[UUID]:
    """The open alerts that wait for the end of this one."""
    return list(
        session.scalars(
            select(Alert.id)
            .where(Alert.inhibited_by == alert_id, Alert.status != AlertStatus.CLEARED)
            .order_by(Alert.id)
        )
    )


def is_booked(session: Session, work_order_id: UUID) -> bool:
    """Whether the customer has been promised an arrival window."""
    booked = exists().where(
        Booking.visit_id == Visit.id,
        Visit.work_order_id == work_order_id,
        Booking.status == BookingStatus.CONFIRMED,
    )
    return bool(session.scalar(select(booked)))
