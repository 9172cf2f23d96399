"""Shapes of what was learned about durations; none of them is about one person."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class TypeDurationOut(Schema):
    """Minutes of work: the standard, and what was learned from `visits` (null: too few).

    Half of the visits take up to `p50_minutes`, four of five up to `p80_minutes`. In 95 of 100
    cases the true p50 lies between `low_minutes` and `high_minutes`.
    """

    work_type_id: UUID
    name: str
    standard_minutes: int
    standard_p80_minutes: int
    p50_minutes: float | None
    p80_minutes: float | None
    low_minutes: float | None
    high_minutes: float | None
    visits: int
    learned_at: datetime | None


class AccessOut(Schema):
    """Minutes from arriving to beginning in a territory."""

    territory_id: UUID
    territory: str
    p50_minutes: float
    p80_minutes: float
    visits: int


class DurationsOut(Schema):
    """`mode`: off, type, or personal: then the planner, and nobody else, knows who is quicker."""

    mode: str
    work_types: list[TypeDurationOut]
    access: list[AccessOut]
