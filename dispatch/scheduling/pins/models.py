"""The table of pins."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of


class PinKind(StrEnum):
    TECHNICIAN = "technician"
    DAY = "day"
    TIME = "time"
    WINDOW = "window"


class Pin(Record):
    """One thing fixed: the technician, the day (of the site), the start, or the arrival window."""

    __tablename__ = "pins"
    __table_args__ = (
        UniqueConstraint("visit_id", "kind"),
        CheckConstraint(
            "CASE kind WHEN 'technician' THEN technician_id IS NOT NULL"
            " WHEN 'day' THEN day IS NOT NULL"
            " WHEN 'time' THEN starts_at IS NOT NULL"
            " ELSE window_start < window_end END",
            name="fixes_something",
        ),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id))
    kind: Mapped[PinKind] = mapped_column(enum_of(PinKind))
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey(Technician.id))
    day: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
