"""The table of disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record, enum_of, guard_moves
from marketplace.disputes.lifecycle import DISPUTE, DisputeStatus
from marketplace.payouts.models import Payout


class Dispute(Record):
    """One side's doubt about a payout. `adjustment_id` is the payout that corrects it."""

    __tablename__ = "disputes"
    __table_args__ = (
        Index(
            "uq_disputes_open",
            "payout_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )

    payout_id: Mapped[UUID] = mapped_column(ForeignKey(Payout.id), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    status: Mapped[DisputeStatus] = mapped_column(enum_of(DisputeStatus))
    reason: Mapped[str]
    opened_by: Mapped[str]
    answer_by: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    adjustment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Payout.id))


guard_moves(Dispute, "status", DISPUTE)
