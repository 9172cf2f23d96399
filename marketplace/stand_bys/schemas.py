"""Shapes of stand-bys."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment
from marketplace.back_outs.schemas import Reason
from marketplace.offers.lifecycle import OfferStatus
from marketplace.stand_bys.lifecycle import StandByStatus


class StandByIn(RequestSchema):
    """Asks those named, a talent pool, or with neither everybody of the territory who can.

    Without `answer_by` the answer is due when it starts.
    """

    rota_id: UUID
    starts_at: Moment
    ends_at: Moment
    pay_cents: Annotated[int, Field(ge=1, le=1_000_000)]
    answer_by: Moment | None = None
    technician_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)] | None = None
    pool_id: UUID | None = None

    @model_validator(mode="after")
    def asks_one_way(self) -> Self:
        if self.technician_ids is not None and self.pool_id is not None:
            raise ValueError("name people or a talent pool, not both")
        return self


class GivenBackIn(RequestSchema):
    reason: Reason


class AskedShown(Schema):
    technician_id: UUID
    status: OfferStatus


class StandByShown(Schema):
    """`pay_cents` are for standing by; call-outs are paid besides."""

    id: UUID
    rota_id: UUID
    status: StandByStatus
    starts_at: datetime
    ends_at: datetime
    pay_cents: int
    currency: str
    answer_by: datetime
    payout_id: UUID | None
    asked: list[AskedShown]
