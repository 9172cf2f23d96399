"""The tables of stand-bys and of who is asked for each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.on_call.models import DutyChange, Rota
from dispatch.technicians.models import Technician
from kernel.db import Record, enum_of, guard_moves
from marketplace.offers.lifecycle import OFFER, OfferStatus
from marketplace.payouts.models import Payout
from marketplace.stand_bys.lifecycle import STAND_BY, StandByStatus


class StandBy(Record):
    """Duty of a rota from `starts_at` to `ends_at`, for the first who says yes by `answer_by`.

    The pay is for standing by; who is called out is paid for that besides.
    """

    __tablename__ = "stand_bys"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("answer_by <= starts_at", name="answered_before"),
        CheckConstraint("pay_cents > 0", name="pay"),
        CheckConstraint(
            "(status IN ('taken', 'ended', 'given_back', 'revoked'))"
            " = (duty_change_id IS NOT NULL)",
            name="on_duty",
        ),
        Index("ix_stand_bys_open", "answer_by", postgresql_where=text("status = 'open'")),
        Index("ix_stand_bys_taken", "ends_at", postgresql_where=text("status = 'taken'")),
        Index(None, "rota_id"),
    )

    rota_id: Mapped[UUID] = mapped_column(ForeignKey(Rota.id))
    status: Mapped[StandByStatus] = mapped_column(
        enum_of(StandByStatus), default=StandByStatus.OPEN
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    pay_cents: Mapped[int]
    currency: Mapped[str]
    answer_by: Mapped[datetime]
    duty_change_id: Mapped[UUID | None] = mapped_column(ForeignKey(DutyChange.id))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey(Payout.id))
    """What it earned until its end, or, below zero, what giving it back cost; None also for who was
    away all the time, or gave it back for nothing."""


class StandByOffer(Record):
    """One person asked for a stand-by."""

    __tablename__ = "stand_by_offers"
    __table_args__ = (
        UniqueConstraint("stand_by_id", "technician_id"),
        Index(
            "uq_stand_by_offers_accepted",
            "stand_by_id",
            unique=True,
            postgresql_where=text("status = 'accepted'"),
        ),
        Index(None, "technician_id"),
    )

    stand_by_id: Mapped[UUID] = mapped_column(ForeignKey(StandBy.id))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    status: Mapped[OfferStatus] = mapped_column(enum_of(OfferStatus), default=OfferStatus.SENT)
    answered_at: Mapped[datetime | None]


guard_moves(StandBy, "status", STAND_BY)
guard_moves(StandByOffer, "status", OFFER)
