"""Shapes of presence."""

from datetime import datetime
from uuid import UUID

from kernel.http import RequestSchema, Schema


class PresenceIn(RequestSchema):
    visit_id: UUID | None = None


class PresenceOut(Schema):
    account_id: UUID
    name: str
    visit_id: UUID | None
    until: datetime
