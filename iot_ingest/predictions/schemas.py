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


class SurvivalPoint(Schema):
    days: float
    chance: float


class PriorOut(Schema):
    """From the repairs of all assets of the model: a Weibull curve since the last repair.
    `lower_days` are survived nine times in ten, `usual_days` every second time."""

    shape: float
    scale_days: float
    failures: int
    days_since_repair: float
    lower_days: float
    usual_days: float
    curve: list[SurvivalPoint]


class AssetPredictions(Schema):
    """`prior` is missing while too few assets of the model have failed."""

    asset_id: UUID
    since: datetime
    until: datetime
    series: list[ExpectedSeries]
    prior: PriorOut | None
