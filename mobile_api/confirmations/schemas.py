"""Shapes of the question of the evening before."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from marketplace.confirmations.lifecycle import ConfirmationStatus


class ConfirmationCard(Schema):
    """A visit that one agreed to: will one come?"""

    id: UUID
    visit_id: UUID
    status: ConfirmationStatus
    title: str
    address: str
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime


class CannotCome(RequestSchema):
    """Why not."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ConfirmationAnswer(Schema):
    """The question after the answer."""

    id: UUID
    visit_id: UUID
    status: ConfirmationStatus
