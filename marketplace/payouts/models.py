"""The table of payouts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Record, enum_of, guard_moves
from marketplace.payouts.lifecycle import PAYOUT, PayoutKind, PayoutStatus


class Payout(Record):
    """What one person earned by one thing. The amount never changes: another payout corrects it.

    `payee_id` is who gets the money: the technician, or the provider that supplies them.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(
            "amount_cents > 0 OR (amount_cents < 0"
            " AND kind IN ('adjustment', 'back_out', 'no_show'))",
            name="amount",
        ),
        CheckConstraint("fee_cents >= 0", name="fee"),
        CheckConstraint("status <> 'paid' OR transfer_id IS NOT NULL", name="paid_by_transfer"),
        CheckConstraint(
            "transfer_id IS NULL OR status IN ('approved', 'resolved', 'paid')", name="payable"
        ),
        Index(
            "uq_payouts_by_rule",
            "visit_id",
            "technician_id",
            "kind",
            unique=True,
            postgresql_where=text(
                "status <> 'reversed' AND kind IN"
                " ('pay', 'call_out', 'cancellation', 'back_out', 'no_show')"
            ),
        ),
        Index("ix_payouts_due", "approve_by", postgresql_where=text("status = 'earned'")),
        Index(
            "ix_payouts_payable",
            "payee_id",
            postgresql_where=text("status IN ('approved', 'resolved') AND transfer_id IS NULL"),
        ),
        Index(None, "technician_id"),
        Index(None, "transfer_id"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    payee_id: Mapped[UUID]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Visit.id), index=True)
    kind: Mapped[PayoutKind] = mapped_column(enum_of(PayoutKind))
    status: Mapped[PayoutStatus] = mapped_column(enum_of(PayoutStatus), default=PayoutStatus.EARNED)
    amount_cents: Mapped[int]
    fee_cents: Mapped[int] = mapped_column(default=0)
    """What the platform gets beside it."""
    currency: Mapped[str]
    approve_by: Mapped[datetime | None]
    """Approved by itself then; none waits for a person."""
    note: Mapped[str] = mapped_column(default="")
    # Transfers lie above payouts, so this points there without a foreign key.
    transfer_id: Mapped[UUID | None]


guard_moves(Payout, "status", PAYOUT)
