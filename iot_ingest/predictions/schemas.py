"""Response shapes of models and of what detectors expect."""

from datetime import datetime
from typing import Any
from uuid import UUID

from iot_ingest.predictions.lifecycle import ModelKind, ModelStatus
from kernel.http import Schema


class ModelOut(Schema):
    """`card` is what the backtest showed, with its floors and whether it passes."""

    id: UUID
    version: int
    name: str
    number: int
    kind: ModelKind
    status: ModelStatus
    card: dict[str, Any]
    created_at: datetime


class ExpectedPoint(Schema):
    ts: datetime
    value: float


class ExpectedSeries(Schema):
    """What the detector expects of a metric on a usual day, to be drawn behind the readings."""

    device_id: UUID
    metric: str
    points_seen: int
    seen_until: datetime
    alerted_at: datetime | None
    expected: list[ExpectedPoint]


class AssetPredictions(Schema):
    asset_id: UUID
    since: datetime
    until: datetime
    series: list[ExpectedSeries]
