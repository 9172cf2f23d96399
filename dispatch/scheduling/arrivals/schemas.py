"""Shapes of how promises were kept."""

from uuid import UUID

from dispatch.scheduling.arrivals.learning import Position
from dispatch.travel.lifecycle import Hours
from kernel.http import Schema


class ArrivalErrorsOut(Schema):
    """Minutes later than planned: one in twenty arrives before `early_minutes`, half before
    `usual_minutes`; promises take in what arrives up to `late_minutes` (the `quantile`)."""

    territory_id: UUID
    hours: Hours
    position: Position
    early_minutes: float
    usual_minutes: float
    late_minutes: float
    quantile: float
    arrivals: int
    margin_minutes: int
    window_hours: int


class KeptOut(Schema):
    """Of the promises that were put to the test: how many were kept, late or early.

    The true share lies between `low_pct` and `high_pct` in 95 of 100 cases; percentages are null
    when there was nothing to count. The goal is between `goal_low_pct` and `goal_high_pct`: more
    would mean that customers wait in wider windows than needed.
    """

    days: int
    promised: int
    kept: int
    late: int
    early: int
    kept_pct: float | None
    low_pct: float | None
    high_pct: float | None
    goal_low_pct: float
    goal_high_pct: float
    errors: list[ArrivalErrorsOut]
