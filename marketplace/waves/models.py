"""Who was thought of for each wave, and why somebody was asked or not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import Base

ASKED = "asked"


class Consideration(Base):
    """One freelancer looked at for one wave; only ever added.

    `code` is `asked` or why not; `gained` how much the person gained on an equal share of the
    offers of those able (negative for who was not asked), None for who was not able.
    """

    __tablename__ = "considerations"
    __table_args__ = (
        Index("ix_considerations_technician_id_decided_at", "technician_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id))
    wave: Mapped[int]
    decided_at: Mapped[datetime]
    code: Mapped[str]
    sentence: Mapped[str]
    gained: Mapped[float | None]
