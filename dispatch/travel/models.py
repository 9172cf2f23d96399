"""Tables of what road networks said and of how much longer trips take than estimated."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.territories.models import Territory
from dispatch.travel.lifecycle import Hours
from kernel.db import Base, Record, enum_of


class RoadTimes(Base):
    """Seconds from one place to others by one network: packed cells and seconds, side by side.

    A cache: losing rows costs questions, nothing else.
    """

    __tablename__ = "road_times"
    __table_args__ = (Index(None, "fetched_at"),)

    network: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    targets: Mapped[bytes]
    seconds: Mapped[bytes]
    fetched_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class TravelFactor(Record):
    """How much longer than `source` says trips into a territory take in these hours.

    `learned` comes from `trips` recorded ones, with the interval that holds it in 95 of 100
    cases; `configured` is a person's and wins.
    """

    __tablename__ = "travel_factors"
    __table_args__ = (
        UniqueConstraint("territory_id", "source", "hours"),
        CheckConstraint("learned BETWEEN 0.2 AND 5", name="learned"),
        CheckConstraint("configured BETWEEN 0.2 AND 5", name="configured"),
        CheckConstraint("trips >= 0", name="trips"),
    )

    territory_id: Mapped[UUID] = mapped_column(ForeignKey(Territory.id))
    source: Mapped[str]
    hours: Mapped[Hours] = mapped_column(enum_of(Hours))
    learned: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    trips: Mapped[int] = mapped_column(default=0)
    configured: Mapped[float | None]
    learned_at: Mapped[datetime | None]

    @property
    def factor(self) -> float:
        """What counts."""
        return self.configured or self.learned or 1.0
