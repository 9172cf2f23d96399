"""Shapes of offers for the office."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, computed_field, model_validator

from kernel.http import RequestSchema, Schema
from marketplace.offers.lifecycle import OPEN, OfferKind, OfferStatus


class OfferShown(Schema):
    """An offer as the office sees it; `moves` are what the office may do about it."""

    id: UUID
    version: int
    visit_id: UUID
    technician_id: UUID
    kind: OfferKind
    bundle_id: UUID | None
    status: OfferStatus
    pay_cents: int
    expenses_cents: int
    currency: str
    created_at: datetime
    expires_at: datetime
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    expected_minutes: int
    asked_count: int
    wave: int
    decline_reason: str | None
    assignment_id: UUID | None

    @computed_field
    def moves(self) -> list[str]:
        return ["withdraw"] if self.status in OPEN else []


class OfferRequest(RequestSchema):
    """Offer a visit to the best freelancers, for the usual pay or another: of all, of a talent
    pool, or to those named; or, as `market`, to everybody who can do it."""

    visit_id: UUID
    technician_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)] | None = None
    pool_id: UUID | None = None
    market: bool = False
    pay_cents: Annotated[int, Field(ge=0, le=100_000_000)] | None = None

    @model_validator(mode="after")
    def ask_one_way(self) -> Self:
        if sum((self.technician_ids is not None, self.pool_id is not None, self.market)) > 1:
            raise ValueError("name people, or a pool, or the market: one of them")
        return self
