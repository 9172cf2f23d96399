"""The table of visits where nobody let the technician in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
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
