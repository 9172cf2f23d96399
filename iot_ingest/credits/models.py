"""The table of credits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.credits.lifecycle import CREDIT, CreditStatus
from kernel.db import Record, enum_of, guard_moves


class Credit(Record):
    """What one customer has good for one alert, until it is taken off a bill; `reference` is the
    bill, which lies outside."""

    __tablename__ = "credits"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint(
            "(status = 'redeemed') = (redeemed_at IS NOT NULL AND reference IS NOT NULL)",
            name="redeemed_has_reference",
        ),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"), unique=True)
    amount_cents: Mapped[int]
    currency: Mapped[str]
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Why, per language."""
    status: Mapped[CreditStatus] = mapped_column(
        enum_of(CreditStatus), default=CreditStatus.GRANTED
    )
    granted_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    reference: Mapped[str | None]


guard_moves(Credit, "status", CREDIT)
