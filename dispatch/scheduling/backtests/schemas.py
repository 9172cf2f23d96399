"""Shapes of backtests."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from dispatch.scheduling.backtests.lifecycle import BacktestStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Day


class BacktestIn(RequestSchema):
    """Both days included. The same seed and iterations give the same figures."""

    policy_id: UUID
    from_day: Day
    to_day: Day
    territory_id: UUID | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    iterations: Annotated[int, Field(ge=1, le=100_000)] = 3_000


class FigureOut(Schema):
    """A metric with the interval that holds 95 % of what other days would have given."""

    value: float | None
    low: float | None
    high: float | None


class BacktestResult(Schema):
    """By arm (actual, active, candidate) and metric; differences are the first minus the second."""

    days: int
    covered_pct: int
    arms: dict[str, dict[str, FigureOut]]
    differences: dict[str, dict[str, FigureOut]]


class BacktestLine(Schema):
    id: UUID
    version: int
    policy_id: UUID
    baseline_id: UUID
    territory_id: UUID
    status: BacktestStatus
    from_day: date
    to_day: date
    seed: int
    iterations: int
    result: BacktestResult | None
    message: str | None
    requested_by: str
    created_at: datetime
    finished_at: datetime | None


class BacktestDetail(BacktestLine):
    """With the sums of every day that is done."""

    days: list[dict[str, Any]]
