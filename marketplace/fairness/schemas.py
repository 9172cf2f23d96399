"""Shapes of the fairness report."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class ShareShown(Schema):
    """What one person got against an equal share of what they could have got.

    `ahead` is in offers, below zero for fewer; `agreed_cents` is the pay agreed for the visits the
    person took and did not give back; `reasons` counts why the person was not asked.
    """

    technician_id: UUID
    name: str
    times_able: int
    asked: int
    equal_share: float
    ahead: float
    ahead_pct: float
    accepted: int
    agreed_cents: int
    equal_agreed_cents: int
    is_within_bound: bool
    reasons: dict[str, int]


class FairnessShown(Schema):
    """Nobody is asked who is `most_ahead` offers and `most_ahead_pct` percent ahead, while
    somebody else can be. Gini: 0 all alike, towards 1 one has all."""

    since: datetime
    until: datetime
    most_ahead: float
    most_ahead_pct: float
    currency: str
    gini_of_offers: float
    gini_of_pay: float
    lines: list[ShareShown]


class ConsiderationShown(Schema):
    """One time somebody was thought of: `asked`, or why not; of `able` who could, `asked_count`
    were asked."""

    id: int
    decided_at: datetime
    work_type: str
    wave: int
    was_asked: bool
    could_have: bool
    reason: str
    sentence: str
    able: int
    asked_count: int


class OwnShare(Schema):
    """One's own line, none before the first time, and the newest times one was thought of."""

    since: datetime
    until: datetime
    most_ahead: float
    most_ahead_pct: float
    currency: str
    share: ShareShown | None
    considerations: list[ConsiderationShown]
