"""Shapes of reviews."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from kernel.http import RequestSchema, Schema
from kernel.shapes import Reason
from marketplace.reviews.lifecycle import ReviewStatus


class ReviewIn(RequestSchema):
    """About a fact of the score, or about one time of being asked or not, or about neither."""

    reason: Reason
    fact_id: UUID | None = None
    consideration_id: Annotated[int, Field(ge=1, le=2**62)] | None = None

    @model_validator(mode="after")
    def one_subject(self) -> Self:
        """Not both at once."""
        if self.fact_id is not None and self.consideration_id is not None:
            raise ValueError("give fact_id or consideration_id, not both")
        return self


class ReviewAnswerIn(RequestSchema):
    """`granted`: the freelancer is right; a fact of the score then does not count any more."""

    granted: bool
    answer: Reason


class ReviewShown(Schema):
    id: UUID
    technician_id: UUID
    fact_id: UUID | None
    consideration_id: int | None
    status: ReviewStatus
    reason: str
    answer_by: datetime
    is_overdue: bool
    answer: str
    answered_at: datetime | None
    created_at: datetime
