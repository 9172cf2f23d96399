"""The table of what is known of assets whose metrics are watched together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class DriftState(Base):
    """What a rule of drifts has learned of one asset, from all readings before `seen_until`."""

    __tablename__ = "drift_states"

    rule_id: Mapped[UUID] = mapped_column(
        ForeignKey("rules.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), primary_key=True, index=True)
    state: Mapped[dict[str, Any]]
    seen_until: Mapped[datetime]
