"""Shapes of rate cards."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Name
from marketplace.rate_cards.lifecycle import RateCardStatus

Rate = Annotated[int, Field(ge=1, le=1_000_000)]


class RateCardIn(RequestSchema):
    """Cents per hour, `skill_cents` by skill; `minimum_cents` is the least for a visit."""

    hourly_cents: Rate
    travel_cents_per_hour: int = Field(ge=0, le=1_000_000)
    minimum_cents: int = Field(0, ge=0, le=1_000_000)
    skill_cents: Annotated[dict[Name, Rate], Field(max_length=50)] = {}


class RateCardOut(Schema):
    id: UUID
    technician_id: UUID
    status: RateCardStatus
    hourly_cents: int
    travel_cents_per_hour: int
    minimum_cents: int
    skill_cents: dict[str, int]
    currency: str
    note: str
    created_at: datetime
