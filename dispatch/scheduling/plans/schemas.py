"""Shapes of plans."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment


class PlanIn(RequestSchema):
    territory_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    horizon_start: Moment | None = None
    horizon_end: Moment | None = None
    limit_seconds: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)] | None = None


class PlanLine(Schema):
    """`groups` say which visits were moved and which were left to people; `score` is in cents."""

    id: UUID
    version: int
    status: str
    trigger: str
    requested_by: str
    territory_ids: list[UUID]
    horizon_start: datetime
    horizon_end: datetime
    limit_seconds: float
    seed: int
    message: str | None
    score: dict[str, Any] | None
    unassigned: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime
    solving_at: datetime | None
    finished_at: datetime | None
    placed: int
    left: int


class PlanDetail(PlanLine):
    """With the problem as it was read and the result, for replay."""

    policy: dict[str, Any]
    snapshot: dict[str, Any] | None
    result: dict[str, Any] | None
