"""Tables of storms and of the work orders that wait for their end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class Storm(Record):
    """One stretch of storm mode, with what was in force before it."""

    __tablename__ = "storms"
    __table_args__ = (
        CheckConstraint("reserve_pct BETWEEN 0 AND 100", name="reserve_range"),
        Index(
            "uq_storms_running",
            "territory_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territories.id"))
    parent_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"))
    restoration_at: Mapped[datetime]
    reserve_pct: Mapped[int]
    """How much of each day is kept from bookings while it lasts."""
    reserve_before_pct: Mapped[int]
    policy_id: Mapped[UUID | None] = mapped_column(ForeignKey("policies.id"))
    policy_before_id: Mapped[UUID | None] = mapped_column(ForeignKey("policies.id"))
    ended_at: Mapped[datetime | None]


class StormOrder(Record):
    """A customer's work order that waits for the end of a storm."""

    __tablename__ = "storm_orders"

    storm_id: Mapped[UUID] = mapped_column(ForeignKey("storms.id"), index=True)
    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"), index=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), index=True)
