"""The table of confirmations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.assignments.models import Assignment
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves
from marketplace.confirmations.lifecycle import CONFIRMATION, ConfirmationStatus


class Confirmation(Record):
    """Whether somebody who agreed to a visit will come; asked once for each assignment."""

    __tablename__ = "confirmations"
    __table_args__ = (
        Index(
            "ix_confirmations_open",
            "answer_by",
            postgresql_where=text("status IN ('asked', 'unanswered')"),
        ),
        Index(None, "technician_id"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey(Assignment.id), unique=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    status: Mapped[ConfirmationStatus] = mapped_column(
        enum_of(ConfirmationStatus), default=ConfirmationStatus.ASKED
    )
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]


guard_moves(Confirmation, "status", CONFIRMATION)
