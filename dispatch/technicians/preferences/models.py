"""The table of block and prefer lists."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.customers.models import Customer
from dispatch.technicians.models import Technician
from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from kernel.db import Record, enum_of


class Preference(Record):
    """What one side thinks of the other; a trigger lets nobody accept an offer against a block."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("customer_id", "technician_id", "side"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey(Technician.id), index=True)
    side: Mapped[Wisher] = mapped_column(enum_of(Wisher))
    stance: Mapped[Stance] = mapped_column(enum_of(Stance))
    reason: Mapped[str] = mapped_column(default="")
