"""Shapes of counter-offers, for both sides."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Moment
from marketplace.counter_offers.lifecycle import CounterMove, CounterStatus
from marketplace.pay_changes.lifecycle import Side

Cents = Annotated[int, Field(ge=0, le=100_000_000)]


class CounterIn(RequestSchema):
    """Other terms; what is left out stays as offered. Expenses are paid against receipts."""

    pay_cents: Cents | None = None
    starts_at: Moment | None = None
    expenses_cents: Cents = 0
    note: Line = ""


class CounterAnswer(RequestSchema):
    """A word beside a no."""

    answer: Line = ""


class CounterShown(Schema):
    """`moves` are what whoever asks may do about it now."""

    id: UUID
    offer_id: UUID
    visit_id: UUID
    technician_id: UUID
    side: Side
    status: CounterStatus
    offered_cents: int
    pay_cents: int
    currency: str
    expenses_cents: int
    starts_at: datetime
    ends_at: datetime
    note: str
    answer: str
    created_at: datetime
    expires_at: datetime
    moves: list[CounterMove]
