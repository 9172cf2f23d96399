"""The table of weekly hours."""

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record


class WeeklyHours(Record):
    """Free from `opens` to `closes` on a weekday (0 is Monday), in the territory's local time."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        UniqueConstraint("technician_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("closes > opens", name="order"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    weekday: Mapped[int]
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
