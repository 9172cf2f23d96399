"""Tables of parts and of the stock that is free to be promised."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.parts.depots.models import Depot
from kernel.db import Record
from kernel.settings import settings


class Part(Record):
    __tablename__ = "parts"
    __table_args__ = (
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("lead_days >= 0", name="lead_not_negative"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    price_cents: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(default=lambda: settings().currency)
    lead_days: Mapped[int] = mapped_column(default=0)


class Stock(Record):
    """Pieces at one place that no work order has reserved: a technician's van, a depot, or, with
    neither, a store of no place, whose pieces are handed out without a trip."""

    __tablename__ = "stocks"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("technician_id IS NULL OR depot_id IS NULL", name="one_place"),
        UniqueConstraint(
            "part_id", "technician_id", "depot_id", postgresql_nulls_not_distinct=True
        ),
        Index(None, "technician_id"),
        Index(None, "depot_id"),
    )

    part_id: Mapped[UUID] = mapped_column(ForeignKey("parts.id"))
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"))
    depot_id: Mapped[UUID | None] = mapped_column(ForeignKey(Depot.id))
    quantity: Mapped[int] = mapped_column(default=0)
