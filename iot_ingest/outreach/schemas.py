"""Request and response shapes of call tasks."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema


class CallTaskOut(Schema):
    """`words` are the reason per language; {} of older tasks, which have it in English only."""

    id: UUID
    alert_id: UUID
    customer_id: UUID
    customer_name: str
    customer_phone: str | None
    reason: str
    words: dict[str, str]
    due_at: datetime
    done_at: datetime | None
    note: str


class CallDoneIn(RequestSchema):
    note: str = Field("", max_length=2000)
