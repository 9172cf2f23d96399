"""Shapes of one's own stand-bys."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema
from marketplace.offers.lifecycle import OfferStatus


class StandByCard(Schema):
    """Duty that one is asked to have, or has: the pay for standing by, call-outs besides."""

    id: UUID
    """Of the offer to oneself."""
    status: OfferStatus
    rota_name: str
    skills: list[str]
    starts_at: datetime
    ends_at: datetime
    pay_cents: int
    pay_cents_per_hour: int
    currency: str
    answer_by: datetime
    asked_count: int
    can_answer: bool
    may_back_out: bool


class StandByAnswer(Schema):
    id: UUID
    status: OfferStatus
