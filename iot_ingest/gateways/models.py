"""The table of Sparkplug sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class SparkplugState(Base):
    """What an edge node said at its birth: any ingest process can read its next message. Times are
    real ones."""

    __tablename__ = "sparkplug_states"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    session: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rebirth_asked_at: Mapped[datetime | None]
