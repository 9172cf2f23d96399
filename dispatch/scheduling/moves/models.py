"""What is noted on the day of work: nobody let the technician in, or the technician is late."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record


class NoAccess(Record):
    """The evidence of a wasted trip and the charge that the rule gives for it.

    `call_log` lists `{"at", "to", "outcome"}`; the photo lives with the attachments.
    """

    __tablename__ = "no_accesses"
    __table_args__ = (
        CheckConstraint("waited_minutes >= 0", name="waited"),
        CheckConstraint("charge_cents >= 0", name="charge"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), unique=True)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey(Technician.id))
    at: Mapped[datetime]
    waited_minutes: Mapped[int]
    call_log: Mapped[list[dict[str, Any]]]
    photo_id: Mapped[UUID | None]
    charge_rule: Mapped[str]
    charge_cents: Mapped[int]
    currency: Mapped[str]


class LateNotice(Record):
    """A technician said when he or she will be there; the latest word counts."""

    __tablename__ = "late_notices"
    __table_args__ = (Index("ix_late_notices_visit_id_id", "visit_id", "id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    arrives_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
