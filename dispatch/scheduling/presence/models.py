"""The table of presences; short-lived hints, not audited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.work_orders.models import WorkOrder
from kernel.db import Base


class Presence(Base):
    """This person works on this order (or, more exactly, this visit) until then."""

    __tablename__ = "presences"

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey(WorkOrder.id), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID | None]
    name: Mapped[str]
    until: Mapped[datetime]
