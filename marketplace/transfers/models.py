"""The tables of payout runs, transfers and where they go."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record, enum_of, guard_moves
from marketplace.transfers.lifecycle import TRANSFER, TransferStatus


class PayoutDestination(Record):
    """Where a payee's money goes, as the payment provider names it; the number is not kept."""

    __tablename__ = "payout_destinations"
    __audit_secret__: ClassVar[set[str]] = {"token"}
    __table_args__ = (UniqueConstraint("payee_id"),)

    payee_id: Mapped[UUID]
    provider_name: Mapped[str]
    token: Mapped[str]
    label: Mapped[str]


class PayoutRun(Record):
    """One time that everything payable was sent."""

    __tablename__ = "payout_runs"

    transfer_count: Mapped[int]
    left_out: Mapped[list[UUID]] = mapped_column(default=list)
    """Payees who are owed money and have not said where it should go."""


class Transfer(Record):
    """One amount for one payee. `key` goes to the provider with every try."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint(
            "(status IN ('sent', 'returned')) = (reference IS NOT NULL)", name="reference"
        ),
        UniqueConstraint("key"),
        UniqueConstraint("run_id", "payee_id", "currency"),
        Index(None, "payee_id"),
        Index("ix_transfers_prepared", "created_at", postgresql_where=text("status = 'prepared'")),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey(PayoutRun.id))
    payee_id: Mapped[UUID]
    status: Mapped[TransferStatus] = mapped_column(enum_of(TransferStatus))
    amount_cents: Mapped[int]
    currency: Mapped[str]
    key: Mapped[str]
    destination_id: Mapped[UUID] = mapped_column(ForeignKey(PayoutDestination.id))
    reference: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    """When the provider was first asked: after that it may have paid."""
    settled_at: Mapped[datetime | None]
    message: Mapped[str] = mapped_column(default="")


guard_moves(Transfer, "status", TRANSFER)
