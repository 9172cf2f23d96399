"""The table of depots."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.territories.models import Territory
from kernel.db import Record


class Depot(Record):
    """A place where technicians fetch parts and tools, in `service_minutes`.

    `weekly` holds seven lists, Monday first, of ["HH:MM", "HH:MM"] in `time_zone`; empty is always
    open. Without a territory it serves all. `tools` come back; parts are its stock.
    """

    __tablename__ = "depots"
    __table_args__ = (
        CheckConstraint("service_minutes > 0", name="service_positive"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    time_zone: Mapped[str]
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey(Territory.id), index=True)
    weekly: Mapped[list[Any]] = mapped_column(default=list)
    service_minutes: Mapped[int] = mapped_column(default=10)
    tools: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
