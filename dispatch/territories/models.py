"""The table of territories."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class Territory(Record):
    """`region` names the holidays that apply (ISO 3166-2, such as DE-BE); the position is its
    centre; `emergency_reserve_pct` of its capacity is kept free for emergencies."""

    __tablename__ = "territories"
    __table_args__ = (
        CheckConstraint("emergency_reserve_pct BETWEEN 0 AND 100", name="emergency_reserve"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float]
    longitude: Mapped[float]
    emergency_reserve_pct: Mapped[int] = mapped_column(default=0)
