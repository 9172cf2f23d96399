"""Request and response shapes of commands to devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator

from iot_ingest.remote_commands.lifecycle import CommandStatus
from kernel.http import RequestSchema, Schema

LARGEST_ARGUMENTS = 4_000


class RemoteCommandIn(RequestSchema):
    """`name` and `arguments` mean what the device's maker says."""

    name: str = Field(pattern="^[a-z][a-z0-9_]{0,59}$")
    arguments: dict[str, Any] = Field(default_factory=dict)
    lifetime_seconds: int = Field(600, ge=10, le=7 * 86_400)

    @field_validator("arguments")
    @classmethod
    def not_too_large(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        if len(repr(arguments)) > LARGEST_ARGUMENTS:
            raise ValueError(f"arguments have at most {LARGEST_ARGUMENTS} characters")
        if "\\x00" in repr(arguments):
            raise ValueError("arguments contain no NUL")
        return arguments


class RemoteCommandOut(Schema):
    id: UUID
    device_id: UUID
    name: str
    arguments: dict[str, Any]
    status: CommandStatus
    requested_by: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    answer: Any | None
