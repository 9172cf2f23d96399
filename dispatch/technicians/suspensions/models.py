"""The tables of suspensions and appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.technicians.suspensions.lifecycle import (
    APPEAL,
    SUSPENSION,
    AppealStatus,
    SuspensionStatus,
)
from kernel.db import Record, enum_of, guard_moves


class Suspension(Record):
    """Why somebody gets no work, until it is lifted or `ends_at`; one at a time."""

    __tablename__ = "suspensions"
    __table_args__ = (
        Index(
            "uq_suspensions_in_force",
            "technician_id",
            unique=True,
            postgresql_where=text("status = 'in_force'"),
        ),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(status = 'lifted') = (lifted_by IS NOT NULL)", name="lifted"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    status: Mapped[SuspensionStatus] = mapped_column(enum_of(SuspensionStatus))
    reason: Mapped[str]
    suspended_by: Mapped[str]
    ends_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str] = mapped_column(default="")


class Appeal(Record):
    """The suspended person's own words; unanswered by `answer_by` it is granted."""

    __tablename__ = "appeals"
    __table_args__ = (
        Index(
            "uq_appeals_open",
            "suspension_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        CheckConstraint("(status = 'open') = (decided_by IS NULL)", name="decided"),
    )

    suspension_id: Mapped[UUID] = mapped_column(ForeignKey(Suspension.id), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    status: Mapped[AppealStatus] = mapped_column(enum_of(AppealStatus))
    words: Mapped[str]
    answer_by: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str | None]


guard_moves(Suspension, "status", SUSPENSION)
guard_moves(Appeal, "status", APPEAL)
