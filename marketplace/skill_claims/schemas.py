"""Shapes of claimed skills."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Name
from marketplace.skill_claims.lifecycle import ClaimStatus


class SkillClaimIn(RequestSchema):
    skill: Name
    level: int = Field(ge=1, le=5)
    document_id: UUID


class SkillClaimOut(Schema):
    id: UUID
    technician_id: UUID
    skill: str
    level: int
    document_id: UUID
    status: ClaimStatus
    note: str
    created_at: datetime
