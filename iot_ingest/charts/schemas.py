"""Response shapes of charts."""

from datetime import datetime
from uuid import UUID

from iot_ingest.rollups.levels import Level
from kernel.http import Schema


class PointOut(Schema):
    """Mean, lowest and highest value of one stretch of time from `ts`."""

    device_id: UUID
    ts: datetime
    value: float
    lowest: float
    highest: float


class SeriesOut(Schema):
    """`level`: the points are made from readings, or from their summaries."""

    asset_id: UUID
    metric: str
    since: datetime
    until: datetime
    level: Level
    points: list[PointOut]


class MetricsOut(Schema):
    asset_id: UUID
    metrics: list[str]
