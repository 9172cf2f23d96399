"""The table of visits that nobody could serve, as they came."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.work_orders.models import Visit
from kernel.db import Base


class MatchRequest(Base):
    """Freelancers are to be asked for a visit; `matched_at` says when that was seen to."""

    __tablename__ = "match_requests"
    __table_args__ = (
        Index(
            "uq_match_requests_waiting",
            "visit_id",
            unique=True,
            postgresql_where=text("matched_at IS NULL"),
        ),
        Index(None, "requested_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id))
    requested_at: Mapped[datetime]
    matched_at: Mapped[datetime | None]
