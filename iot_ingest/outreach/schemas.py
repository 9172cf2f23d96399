"""Request and response shapes of ladders and their steps."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.messaging.lifecycle import Channel
from iot_ingest.outreach.lifecycle import StepKind, StepStatus, StopReason
from iot_ingest.rules.lifecycle import Danger
from kernel.http import RequestSchema, Schema


class LadderStep(RequestSchema):
    """Comes `wait_percent` of the time that a customer has to answer after the step before."""

    kind: StepKind
    wait_percent: Annotated[int, Field(ge=0, le=10_000)]


class LadderStepOut(Schema):
    kind: StepKind
    wait_percent: int


class LadderIn(RequestSchema):
    danger: Danger
    steps: Annotated[list[LadderStep], Field(min_length=1, max_length=4)]


class LadderOut(Schema):
    danger: Danger
    steps: list[LadderStepOut]


class AnswerStepOut(Schema):
    """One step of the ladder of one question; `round` counts the questions about the alert."""

    id: UUID
    round: int
    position: int
    kind: StepKind
    status: StepStatus
    due_at: datetime
    done_at: datetime | None
    stopped_by: StopReason | None
    channel: Channel | None
    call_task_id: UUID | None
