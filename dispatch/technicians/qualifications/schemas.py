"""Shapes of skills and credentials."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from dispatch.technicians.lifecycle import CredentialStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment, Name


class SkillIn(RequestSchema):
    skill: Name
    level: int = Field(ge=1, le=5)
    valid_from: Moment | None = None
    valid_until: Moment | None = None


class SkillOut(Schema):
    skill: str
    level: int
    valid_from: datetime | None
    valid_until: datetime | None


class CredentialIn(RequestSchema):
    kind: Name
    expires_at: Moment | None = None


class CredentialOut(Schema):
    id: UUID
    technician_id: UUID
    kind: str
    status: CredentialStatus
    expires_at: datetime | None
    version: int
