"""Shapes of the offline command batch."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from mobile_api.commands.lifecycle import ResultStatus

MOST_COMMANDS = 1000


class Batch(RequestSchema):
    """What a phone has collected. Commands are looked at one by one, so that a malformed one
    is refused by itself and holds up no other."""

    device_id: UUID
    commands: Annotated[list[Any], Field(max_length=MOST_COMMANDS)]


class ResultShown(Schema):
    """The answer to one command; a duplicate tells the outcome of the first try."""

    seq: int | None
    id: str | None
    status: ResultStatus
    outcome: str | None
    code: str | None
    message: str | None


class GapShown(Schema):
    """Sequence numbers that have not come, both ends included."""

    first_seq: int
    last_seq: int


class BatchReply(Schema):
    """One result per command; `highest_seq` is how far the queue has been dealt with."""

    results: list[ResultShown]
    highest_seq: int
    gaps: list[GapShown]
