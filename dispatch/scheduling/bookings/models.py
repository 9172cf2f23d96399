"""The table of bookings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.customers.models import Customer
from dispatch.scheduling.bookings.lifecycle import BOOKING, BookingStatus
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves


class Booking(Record):
    """What the customer was promised: arrival in `[arrival_start, arrival_end]`.

    Rescheduling changes the window of the same row; the audit history keeps the earlier ones.
    `confirm_by` promises a date to be confirmed, for work without a sure technician.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index(
            "uq_bookings_visit_confirmed",
            "visit_id",
            unique=True,
            postgresql_where=text("status = 'confirmed'"),
        ),
        CheckConstraint("arrival_end > arrival_start", name="order"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id), index=True)
    status: Mapped[BookingStatus] = mapped_column(
        enum_of(BookingStatus), default=BookingStatus.CONFIRMED
    )
    arrival_start: Mapped[datetime]
    arrival_end: Mapped[datetime]
    confirm_by: Mapped[datetime | None]
    times_moved: Mapped[int] = mapped_column(default=0)
    cancelled_by: Mapped[str | None]


guard_moves(Booking, "status", BOOKING)
