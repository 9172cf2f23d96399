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


class DropsOut(Schema):
    """How much was dropped in the last `days`, by reason."""

    days: int
    dropped: dict[str, int]


class DeadLetterOut(Schema):
    """A dropped message; `payload` is its beginning as text, `size` the bytes it had. The nil id
    stands for a sender that is no device of ours."""

    id: UUID
    received_at: datetime
    device_id: UUID
    reason: str
    topic: str
    payload: str
    size: int
