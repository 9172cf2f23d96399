"""Shapes of a freelancer's offers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.http import RequestSchema, Schema
from marketplace.counter_offers.lifecycle import CounterMove
from marketplace.counter_offers.schemas import CounterShown
from marketplace.offers.lifecycle import OfferKind, OfferStatus
from mobile_api.values import Reason


class OfferCard(Schema):
    """An offer as the freelancer sees it: no name and no exact address before acceptance."""

    id: UUID
    visit_id: UUID
    kind: OfferKind
    bundle_id: UUID | None
    """Offers of one bundle are one card, answered together."""
    status: OfferStatus
    work_type: str
    title: str
    pay_cents: int
    currency: str
    pay_cents_per_hour: int
    expected_minutes: int
    p80_minutes: int
    travel_seconds: int
    way_seconds: int
    """What it adds to the travel of the day, the way back included."""
    beside_visit_id: UUID | None
    """The own job from which the way is reckoned."""
    apart_cents: int
    """Paid besides if that job falls away and not by the freelancer's doing."""
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    expenses_cents: int
    asked_count: int
    wave: int
    skills: list[dict[str, Any]]
    credentials: list[str]
    area_latitude: float
    area_longitude: float
    moves: list[CounterMove]
    """What the freelancer may do about the offer as it was made."""
    counter: CounterShown | None
    """The latest other terms, and what may be done about them."""


class Decline(RequestSchema):
    """Saying no to an offer."""

    reason: Reason = ""


class OfferAnswer(Schema):
    """An offer after the answer."""

    id: UUID
    visit_id: UUID
    status: OfferStatus
    assignment_id: UUID | None
