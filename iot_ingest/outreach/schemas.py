"""Request and response shapes of call tasks."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema


class CallTaskOut(Schema):
    id: UUID
    alert_id: UUID
    customer_id: UUID
    reason: str
    due_at: datetime
    done_at: datetime | None
    note: str


class CallDoneIn(RequestSchema):
    note: str = Field("", max_length=2000)
