"""Tables of how long work takes and how long it takes to get to it.

They are computed anew from visits, so no history is kept of them: nobody can follow a person's.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.customers.models import Site
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.work_orders.models import WorkType
from kernel.db import Base


class LearnedDuration(Base):
    """Percent of the work type's standard, for all or (for the planner alone) for one person."""

    __tablename__ = "learned_durations"
    __table_args__ = (
        UniqueConstraint("work_type_id", "technician_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("p50_pct BETWEEN 50 AND 200 AND p80_pct BETWEEN 50 AND 200", name="range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_type_id: Mapped[UUID] = mapped_column(ForeignKey(WorkType.id))
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey(Technician.id))
    p50_pct: Mapped[float]
    p80_pct: Mapped[float]
    low_pct: Mapped[float]
    high_pct: Mapped[float]
    visits: Mapped[int]
    learned_at: Mapped[datetime]


class LearnedAccess(Base):
    """Minutes from arriving to beginning, at a site or anywhere in a territory."""

    __tablename__ = "learned_access"
    __table_args__ = (
        UniqueConstraint("site_id"),
        UniqueConstraint("territory_id"),
        CheckConstraint("(site_id IS NULL) <> (territory_id IS NULL)", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey(Site.id))
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey(Territory.id))
    p50_minutes: Mapped[float]
    p80_minutes: Mapped[float]
    visits: Mapped[int]
    learned_at: Mapped[datetime]
