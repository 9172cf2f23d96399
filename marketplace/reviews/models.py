"""The table of reviews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record, enum_of, guard_moves
from marketplace.reviews.lifecycle import REVIEW, ReviewStatus
from marketplace.scores.models import ScoreFact
from marketplace.waves.models import Consideration


class Review(Record):
    """A freelancer's wish that a person looks again: at a fact that counts for the score, at one
    time of being asked or not, or, with neither, at anything else that was decided."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("fact_id IS NULL OR consideration_id IS NULL", name="one_subject"),
        Index(
            "uq_reviews_open",
            "technician_id",
            "fact_id",
            "consideration_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_reviews_answer_by", "answer_by", postgresql_where=text("status = 'open'")),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    fact_id: Mapped[UUID | None] = mapped_column(ForeignKey(ScoreFact.id))
    consideration_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(Consideration.id))
    status: Mapped[ReviewStatus] = mapped_column(enum_of(ReviewStatus))
    reason: Mapped[str]
    answer_by: Mapped[datetime]
    is_overdue: Mapped[bool] = mapped_column(default=False)
    """The day of the answer has passed once; it stays said after an answer."""
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]


guard_moves(Review, "status", REVIEW)
