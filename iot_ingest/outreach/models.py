"""The table of the calls that alerts make necessary."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Record


class CallTask(Record):
    """Somebody must phone the customer about an alert."""

    __tablename__ = "call_tasks"
    __table_args__ = (
        Index(
            "uq_call_tasks_open", "alert_id", unique=True, postgresql_where=text("done_at IS NULL")
        ),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    reason: Mapped[str]
    """In English."""
    words: Mapped[dict[str, str]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'::jsonb")
    )
    """The reason per language."""
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
