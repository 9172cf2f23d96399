"""Response shapes of forecasts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.http import Schema


class ForecastOut(Schema):
    """`lower_hours` are lasted nine times in ten; `probability` is of a failure within a day.
    Unless it `is_known` the asset is unlike all that the model has learned from."""

    asset_id: UUID
    model_id: UUID
    made_for: datetime
    is_known: bool
    hours_left: float | None
    lower_hours: float | None
    probability: float | None
    failure_curve: dict[str, Any] | None
