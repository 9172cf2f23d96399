"""Shapes of confirmations for the office."""

from datetime import datetime
from uuid import UUID

from kernel.http import Schema
from marketplace.confirmations.lifecycle import ConfirmationStatus


class ConfirmationShown(Schema):
    """`unanswered` ones wait for somebody to call; an hour later others are asked."""

    id: UUID
    visit_id: UUID
    technician_id: UUID
    status: ConfirmationStatus
    created_at: datetime
    answer_by: datetime
    answered_at: datetime | None
