"""Shapes of suspensions and appeals."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from dispatch.technicians.suspensions.lifecycle import AppealStatus, SuspensionStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment

Reason = Annotated[str, StringConstraints(min_length=3, max_length=2000)]


class SuspensionIn(RequestSchema):
    """The person reads the reason."""

    reason: Reason
    ends_at: Moment | None = None


class LiftIn(RequestSchema):
    reason: Reason


class SuspensionOut(Schema):
    id: UUID
    technician_id: UUID
    status: SuspensionStatus
    reason: str
    ends_at: datetime | None
    lift_reason: str
    created_at: datetime


class AppealIn(RequestSchema):
    words: Reason


class AppealDecisionIn(RequestSchema):
    granted: bool
    answer: Reason


class AppealOut(Schema):
    """Unanswered by `answer_by`, it is granted."""

    id: UUID
    suspension_id: UUID
    technician_id: UUID
    status: AppealStatus
    words: str
    answer_by: datetime
    answer: str
    created_at: datetime
