"""The table of forecasts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Forecast(Base):
    """What a model said of an asset from all that was measured until `made_for`. Without hours and
    probability too little was measured; unless it `is_known` the asset is unlike all that the
    model has learned from, and nothing is done."""

    __tablename__ = "forecasts"
    __table_args__ = (
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
        CheckConstraint("lower_hours >= 0 AND hours_left >= lower_hours", name="hours_in_order"),
        Index(None, "made_for"),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("trained_models.id"), primary_key=True)
    made_for: Mapped[datetime] = mapped_column(primary_key=True)
    is_known: Mapped[bool]
    hours_left: Mapped[float | None]
    lower_hours: Mapped[float | None]
    """It lasts longer than that nine times in ten."""
    probability: Mapped[float | None]
    """Of a failure within a day."""
    failure_curve: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """{hours: [..], probability: [..]} from `made_for` on, where the backtest reaches."""
