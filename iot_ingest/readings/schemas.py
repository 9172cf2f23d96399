"""Response shapes of readings."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class PointOut(Schema):
    """Mean, lowest and highest value of one stretch of time from `ts`."""

    device_id: UUID
    ts: datetime
    value: float
    lowest: float
    highest: float


class SeriesOut(Schema):
    asset_id: UUID
    metric: str
    since: datetime
    until: datetime
    points: list[PointOut]


class MetricsOut(Schema):
    asset_id: UUID
    metrics: list[str]
