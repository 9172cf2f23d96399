"""Tables of the summaries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, TIMESTAMP, Column, Table, Text, Uuid, event
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class _Summary:
    """What the readings of one metric of one device came to in the stretch that begins at `ts`."""

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[datetime] = mapped_column(primary_key=True)
    readings: Mapped[int]
    mean: Mapped[float]
    lowest: Mapped[float]
    highest: Mapped[float]
    last: Mapped[float]


class MinuteSummary(_Summary, Base):
    """Made from readings. Partitioned by month."""

    __tablename__ = "readings_by_minute"
    __table_args__ = ({"postgresql_partition_by": "RANGE (ts)"},)


class HourSummary(_Summary, Base):
    """Made from the summaries of minutes. Partitioned by month."""

    __tablename__ = "readings_by_hour"
    __table_args__ = ({"postgresql_partition_by": "RANGE (ts)"},)


touched_minutes = Table(
    "touched_minutes",
    Base.metadata,
    Column("device_id", Uuid, nullable=False),
    Column("metric", Text, nullable=False),
    Column("minute", TIMESTAMP(timezone=True), nullable=False),
)
"""Minutes that readings were added to since they were summed up. Each transaction that adds some
enters rows of its own, by a trigger on readings: whoever sees such a row sees the readings, too."""

for table in (MinuteSummary.__table__, HourSummary.__table__):
    name = str(table.name)  # type: ignore[attr-defined]  # it is a table
    event.listen(
        table,
        "after_create",
        DDL(f"CREATE TABLE IF NOT EXISTS {name}_default PARTITION OF {name} DEFAULT"),  # type: ignore[no-untyped-call]  # the library has no types here
    )
