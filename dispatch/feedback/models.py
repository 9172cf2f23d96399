"""The table of ratings: one per visit."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class Rating(Record):
    """Satisfaction (`csat`) and effort on scales from 1 to 5."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("csat BETWEEN 1 AND 5", name="csat"),
        CheckConstraint("effort BETWEEN 1 AND 5", name="effort"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    csat: Mapped[int]
    effort: Mapped[int | None]
    solved_first_time: Mapped[bool]
    comment: Mapped[str] = mapped_column(default="")
