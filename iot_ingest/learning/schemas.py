"""Response shapes of what was learned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from iot_ingest.rules.lifecycle import Standing
from kernel.http import Schema


class EstimateOut(Schema):
    """A figure with the interval that holds it in 95 of 100 cases."""

    value: float
    low: float
    high: float


class TallyOut(Schema):
    """`false_rolls`: visits for a false alarm; `avoided`: true faults seen to before failing."""

    verdicts: int
    true_faults: int
    false_alarms: int
    other_faults: int
    false_rolls: int
    avoided: int
    precision: EstimateOut | None
    false_rolls_per_avoided: float | None


class WeekOfVerdictsOut(Schema):
    week: datetime
    tally: TallyOut


class TrackRecordOut(Schema):
    """How good a rule has been; lead times in minutes. `weeks` are the points of a chart;
    `standing_reason` says in English and German why it is in triage."""

    rule_id: UUID
    rule_name: str
    model_name: str | None
    fault_class: str
    standing: Standing
    standing_reason: dict[str, Any] | None
    precision_floor: float
    tally: TallyOut
    lead_p50: float | None
    lead_p10: float | None
    alerts_this_week: int
    weekly_budget: int | None
    weeks: list[WeekOfVerdictsOut]


class BandOut(Schema):
    """Years of age `[from_years, to_years)`; `hazard` is failures per asset and year."""

    from_years: int
    to_years: int
    asset_years: float
    failures: int
    hazard: EstimateOut | None


class GroupOut(Schema):
    assets: int
    asset_years: float
    failures: int
    rate: EstimateOut | None
    bands: list[BandOut]


class DefectsOut(Schema):
    model: str
    batch: str | None
    group: GroupOut
