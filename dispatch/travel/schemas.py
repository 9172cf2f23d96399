"""Shapes of travel times."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.travel.lifecycle import Hours
from kernel.http import RequestSchema, Schema


class TravelFactorOut(Schema):
    """`factor` counts: the configured one, else the learned one, which `trips` trips gave.

    In 95 of 100 cases the true value lies between `low` and `high`.
    """

    id: UUID
    territory_id: UUID
    source: str
    hours: Hours
    factor: float
    learned: float | None
    low: float | None
    high: float | None
    trips: int
    configured: float | None
    learned_at: datetime | None


class TravelOut(Schema):
    """`degraded`: this process's road network does not answer; straight lines stand in for it."""

    source: str
    degraded: bool
    factors: list[TravelFactorOut]


class FactorIn(RequestSchema):
    """Null goes back to what was learned."""

    factor: Annotated[float, Field(ge=0.2, le=5, allow_inf_nan=False)] | None
