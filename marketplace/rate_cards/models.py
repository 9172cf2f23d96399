"""The table of rate cards."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record, enum_of, guard_moves
from marketplace.rate_cards.lifecycle import RATE_CARD, RateCardStatus


class RateCard(Record):
    """Cents per hour of work and of travel, per hour by skill, and the least for a visit."""

    __tablename__ = "rate_cards"
    __table_args__ = (
        CheckConstraint(
            "hourly_cents > 0 AND travel_cents_per_hour >= 0 AND minimum_cents >= 0", name="rates"
        ),
        Index(
            "uq_rate_cards_proposed",
            "technician_id",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
        Index(
            "uq_rate_cards_in_force",
            "technician_id",
            unique=True,
            postgresql_where=text("status = 'in_force'"),
        ),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    status: Mapped[RateCardStatus] = mapped_column(enum_of(RateCardStatus))
    hourly_cents: Mapped[int]
    travel_cents_per_hour: Mapped[int]
    minimum_cents: Mapped[int] = mapped_column(default=0)
    skill_cents: Mapped[dict[str, Any]] = mapped_column(default=dict)
    currency: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


guard_moves(RateCard, "status", RATE_CARD)
