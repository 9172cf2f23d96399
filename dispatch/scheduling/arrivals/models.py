"""The table of arrival errors."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.scheduling.arrivals.learning import Position
from dispatch.territories.models import Territory
from dispatch.travel.lifecycle import Hours
from kernel.db import Base, enum_of


class ArrivalErrors(Base):
    """Minutes by which arrivals were later than planned, by hours and position in the route.

    `late_minutes` is the quantile that promises take in: the 95th, corrected by what was kept.
    """

    __tablename__ = "arrival_errors"
    __table_args__ = (UniqueConstraint("territory_id", "hours", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    territory_id: Mapped[UUID] = mapped_column(ForeignKey(Territory.id))
    hours: Mapped[Hours] = mapped_column(enum_of(Hours))
    position: Mapped[Position] = mapped_column(enum_of(Position))
    early_minutes: Mapped[float]
    usual_minutes: Mapped[float]
    late_minutes: Mapped[float]
    quantile: Mapped[float]
    arrivals: Mapped[int]
    learned_at: Mapped[datetime]
