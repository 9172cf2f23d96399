"""Request and response shapes of call tasks."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from iot_ingest.outreach.lifecycle import CallOutcome, CallReason
from iot_ingest.rules.lifecycle import Danger
from kernel.http import RequestSchema, Schema


class CallTaskOut(Schema):
    """`words` are the reason per language; {} of older tasks, which have it in English only.
    `outcomes` are what the call may bring; {} of one that is done."""

    id: UUID
    alert_id: UUID
    customer_id: UUID
    customer_name: str
    customer_phone: str | None
    about: CallReason
    danger: Danger
    reason: str
    words: dict[str, str]
    due_at: datetime
    taken_by: UUID | None
    taken_by_name: str | None
    taken_at: datetime | None
    done_at: datetime | None
    outcome: CallOutcome | None
    outcomes: list[CallOutcome]
    note: str


class CallDoneIn(RequestSchema):
    """`told`: they know, and nothing else follows."""

    outcome: Literal["wants_visit", "wants_nothing", "told", "not_reached"] = "told"
    note: str = Field("", max_length=2000)
