"""Shapes of scores."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema
from marketplace.scores.lifecycle import ChangeCause, Dropped, FactKind


class ScoreInList(Schema):
    technician_id: UUID
    name: str
    points: int


class ScoreFactShown(Schema):
    """`value` is minutes late, hours of notice, or stars; `dropped` why it does not count.
    About a visit, or about a stand-by."""

    id: UUID
    visit_id: UUID | None
    stand_by_id: UUID | None
    kind: FactKind
    value: int | None
    happened_at: datetime
    dropped: Dropped | None


class ScoreChangeShown(Schema):
    id: int
    fact_id: UUID
    changed_at: datetime
    cause: ChangeCause
    kind: FactKind
    value: int | None
    before: int
    after: int
    sentence: str


class ScoreShown(Schema):
    """From 0 to 100, with every change, the newest first, and all that it counts."""

    technician_id: UUID
    points: int
    changes: list[ScoreChangeShown]
    facts: list[ScoreFactShown]
