"""Shapes of windows, holds and bookings."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Moment


class WindowIn(RequestSchema):
    window_start: Moment
    window_end: Moment

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.window_end <= self.window_start:
            raise ValueError("window_end lies after window_start")
        return self


class CancelIn(RequestSchema):
    reason: Line = "customer"


class WindowOut(Schema):
    """An arrival window that can be kept as things stand; `reasons` say why it is good,
    `co2_grams` what the additional way emits."""

    start: datetime
    end: datetime
    technician_id: UUID
    cost_cents: int
    co2_grams: int
    grade: str
    reasons: list[str]


class TentativeOut(Schema):
    """A window that nobody can promise yet: the customer knows by `confirm_by`; `chance_pct` is
    how likely a freelancer takes it and comes."""

    start: datetime
    end: datetime
    confirm_by: datetime
    chance_pct: int


class HoldOut(Schema):
    """Confirm before `expires_at`."""

    visit_id: UUID
    technician_ids: list[UUID]
    window_start: datetime
    window_end: datetime
    starts_at: datetime
    expires_at: datetime


class BookingOut(Schema):
    id: UUID
    version: int
    visit_id: UUID
    customer_id: UUID
    status: str
    arrival_start: datetime
    arrival_end: datetime
    confirm_by: datetime | None
    times_moved: int
    cancelled_by: str | None
