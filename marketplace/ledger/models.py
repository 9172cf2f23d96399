"""The tables of the ledger: written once, never changed; the database sees to both.

Triggers refuse every UPDATE, DELETE and TRUNCATE (FF004), and at the end of a transaction every
entry that does not add up to zero in one currency (FF005).
"""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Record, enum_of
from marketplace.ledger.lifecycle import AccountKind, Movement


class LedgerAccount(Record):
    """Where money of one currency is; `holder_id` is the payee's technician or provider."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("kind", "holder_id", "currency", postgresql_nulls_not_distinct=True),
        Index(None, "holder_id"),
    )

    kind: Mapped[AccountKind] = mapped_column(enum_of(AccountKind))
    holder_id: Mapped[UUID | None]
    currency: Mapped[str]


class LedgerEntry(Record):
    """One movement; `key` names it in words of the business, so that it happens once.

    `subject_id` is the payout or transfer it is about. An entry is taken back by another one
    that `reverses_id`.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("line_count >= 2", name="lines"),
        Index(None, "subject_id"),
        Index(None, "visit_id"),
    )

    movement: Mapped[Movement] = mapped_column(enum_of(Movement))
    key: Mapped[str]
    currency: Mapped[str]
    visit_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entries.id"))
    line_count: Mapped[int]
    """So many lines belong to it: none is added later."""


class LedgerLine(Base):
    """Cents onto an account, off it when negative."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        CheckConstraint("cents <> 0", name="moves"),
        Index(None, "entry_id"),
        Index(None, "account_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerEntry.id))
    account_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerAccount.id))
    cents: Mapped[int] = mapped_column(BigInteger)
