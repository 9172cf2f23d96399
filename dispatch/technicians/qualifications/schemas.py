"""Shapes of skills and credentials."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from dispatch.technicians.lifecycle import CredentialStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment, Name, Reason


class SkillIn(RequestSchema):
    """`speed_pct` 120: work of this skill goes a fifth faster than the technician's other work."""

    skill: Name
    level: int = Field(ge=1, le=5)
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    speed_pct: int = Field(100, ge=10, le=1000)


class SkillOut(Schema):
    skill: str
    level: int
    valid_from: datetime | None
    valid_until: datetime | None
    speed_pct: int


class CredentialIn(RequestSchema):
    kind: Name
    expires_at: Moment | None = None


class RevokeIn(RequestSchema):
    """The holder reads it."""

    reason: Reason


class CredentialOut(Schema):
    """`note` says why it was revoked."""

    id: UUID
    technician_id: UUID
    kind: str
    status: CredentialStatus
    expires_at: datetime | None
    note: str
    version: int
