"""The table of counter-offers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record, enum_of, guard_moves
from marketplace.counter_offers.lifecycle import COUNTER_OFFER, CounterStatus
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import Side


class CounterOffer(Record):
    """Whole terms in place of the offer's: what `side` would agree to."""

    __tablename__ = "counter_offers"
    __table_args__ = (
        Index(
            "uq_counter_offers_open",
            "offer_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        CheckConstraint("pay_cents >= 0 AND expenses_cents >= 0", name="amounts"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id), index=True)
    side: Mapped[Side] = mapped_column(enum_of(Side))
    status: Mapped[CounterStatus] = mapped_column(
        enum_of(CounterStatus), default=CounterStatus.OPEN
    )
    pay_cents: Mapped[int]
    expenses_cents: Mapped[int] = mapped_column(default=0)
    """Beside the pay, against receipts, at most so much."""
    starts_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


guard_moves(CounterOffer, "status", COUNTER_OFFER)
