"""Shapes of the rules of pay."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema

Hours = Annotated[int, Field(ge=0, le=720)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Step(Schema):
    """From so many hours before the start on, so much of the pay."""

    hours: Annotated[int, Field(ge=1, le=720)]
    pct: Percent


Steps = Annotated[list[Step], Field(max_length=10)]


class PayTermsIn(RequestSchema):
    """`fee_bp` in hundredths of a percent; `payout_weekday` Monday 0, none: by hand."""

    fee_bp: Annotated[int, Field(ge=0, le=10_000)] = 0
    approve_hours: Annotated[int, Field(ge=1, le=720)] = 72
    late_cancel_hours: Hours = 24
    late_cancel_pct: Percent = 50
    call_out_pct: Percent = 50
    late_back_out_hours: Hours = 24
    late_back_out_pct: Percent = 0
    cancel_steps: Steps = []
    back_out_steps: Steps = []
    no_show_pct: Percent = 0
    dispute_days: Annotated[int, Field(ge=1, le=60)] = 5
    limit_cents: Annotated[int, Field(ge=0, le=100_000_000)] = 20_000
    payout_weekday: Annotated[int, Field(ge=0, le=6)] | None = 4


class PayTermsShown(Schema):
    id: UUID
    created_at: datetime
    fee_bp: int
    approve_hours: int
    late_cancel_hours: int
    late_cancel_pct: int
    call_out_pct: int
    late_back_out_hours: int
    late_back_out_pct: int
    cancel_steps: list[Step]
    back_out_steps: list[Step]
    no_show_pct: int
    dispute_days: int
    limit_cents: int
    payout_weekday: int | None
