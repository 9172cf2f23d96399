"""The tables of talent pools."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from kernel.db import Record


class TalentPool(Record):
    """People asked together: those who are members, and those who meet every condition of the
    rule; an empty rule finds nobody."""

    __tablename__ = "talent_pools"

    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    rule: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class PoolMember(Record):
    """Somebody named for a pool, or kept out of it whatever the rule says."""

    __tablename__ = "pool_members"
    __table_args__ = (UniqueConstraint("pool_id", "technician_id"),)

    pool_id: Mapped[UUID] = mapped_column(ForeignKey(TalentPool.id))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    kept_out: Mapped[bool] = mapped_column(default=False)
