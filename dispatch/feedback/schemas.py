"""Shapes of ratings."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema


class RatingOut(Schema):
    id: UUID
    visit_id: UUID
    customer_id: UUID
    csat: int
    effort: int | None
    solved_first_time: bool
    comment: str
    created_at: datetime
