"""Shapes of disputes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Reason
from marketplace.disputes.lifecycle import DisputeStatus


class DisputeShown(Schema):
    id: UUID
    payout_id: UUID
    technician_id: UUID
    status: DisputeStatus
    reason: str
    answer_by: datetime
    answer: str
    adjustment_id: UUID | None
    created_at: datetime


class DisputeIn(RequestSchema):
    payout_id: UUID
    reason: Reason


class Settlement(RequestSchema):
    """`change_cents` more or less than the payout; none: it was right."""

    answer: Reason
    change_cents: Annotated[int, Field(ge=-10_000_000, le=10_000_000)] = 0
