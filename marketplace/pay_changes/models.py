"""The table of changes of pay."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves
from marketplace.documents.models import Document
from marketplace.pay_changes.lifecycle import PAY_CHANGE, PayChangeKind, PayChangeStatus, Side
from marketplace.payouts.models import Payout


class PayChange(Record):
    """Once approved it is a payout of its own, `payout_id`. Expenses have a receipt."""

    __tablename__ = "pay_changes"
    __table_args__ = (
        CheckConstraint(
            "amount_cents > 0 OR (amount_cents < 0 AND kind = 'adjustment')", name="amount"
        ),
        CheckConstraint("kind <> 'expense' OR document_id IS NOT NULL", name="receipt"),
        CheckConstraint("(status = 'approved') = (payout_id IS NOT NULL)", name="approved"),
        Index("ix_pay_changes_asked", "created_at", postgresql_where=text("status = 'asked'")),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Visit.id))
    kind: Mapped[PayChangeKind] = mapped_column(enum_of(PayChangeKind))
    status: Mapped[PayChangeStatus] = mapped_column(enum_of(PayChangeStatus))
    amount_cents: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))
    side: Mapped[Side] = mapped_column(enum_of(Side))
    asked_by: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey(Payout.id))


guard_moves(PayChange, "status", PAY_CHANGE)
