"""Shapes of work types."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.facts import Facts
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name, PatchSchema

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Minutes = Annotated[int, Field(ge=1, le=10_080)]  # a week
Cents = Annotated[int, Field(ge=0, le=1_000_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class SkillNeed(RequestSchema):
    skill: Name
    level: int = Field(1, ge=1, le=5)


class PartNeed(RequestSchema):
    number: Name
    quantity: int = Field(1, ge=1, le=10_000)


class PrerequisiteNeed(RequestSchema):
    """Made for each order, due `due_days` after it was reported."""

    kind: Name
    title: Name
    owner: Line | None = None
    due_days: int | None = Field(None, ge=0, le=3650)


class WorkTypeOut(Schema):
    id: UUID
    external_id: str | None
    code: str
    name: str
    expected_minutes: int
    p80_minutes: int
    skills: list[dict[str, Any]]
    credentials: list[str]
    crew_size: int
    priority: int
    parts: list[dict[str, Any]]
    tools: list[str]
    checklist: list[dict[str, Any]]
    prerequisites: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    sla_policy_id: UUID | None
    price_cents: int
    currency: str
    bookable: bool
    version: int


class WorkTypeIn(RequestSchema):
    """Without `p80_minutes` half as much again as expected."""

    code: Code
    name: Name
    expected_minutes: Minutes
    p80_minutes: Minutes | None = None
    skills: list[SkillNeed] = Field([], max_length=50)
    credentials: list[Name] = Field([], max_length=50)
    crew_size: int = Field(1, ge=1, le=20)
    priority: int = Field(3, ge=1, le=5)
    parts: list[PartNeed] = Field([], max_length=100)
    tools: list[Name] = Field([], max_length=50)
    checklist: list[Facts] = Field([], max_length=200)
    prerequisites: list[PrerequisiteNeed] = Field([], max_length=50)
    questions: list[Facts] = Field([], max_length=100)
    sla_policy_id: UUID | None = None
    price_cents: Cents = 0
    currency: Currency | None = None
    bookable: bool = True
    external_id: Line | None = None


class WorkTypePatch(PatchSchema):
    nullable = frozenset({"sla_policy_id"})

    name: Name | None = None
    expected_minutes: Minutes | None = None
    p80_minutes: Minutes | None = None
    skills: list[SkillNeed] | None = Field(None, max_length=50)
    credentials: list[Name] | None = Field(None, max_length=50)
    crew_size: int | None = Field(None, ge=1, le=20)
    priority: int | None = Field(None, ge=1, le=5)
    parts: list[PartNeed] | None = Field(None, max_length=100)
    tools: list[Name] | None = Field(None, max_length=50)
    checklist: list[Facts] | None = Field(None, max_length=200)
    prerequisites: list[PrerequisiteNeed] | None = Field(None, max_length=50)
    questions: list[Facts] | None = Field(None, max_length=100)
    sla_policy_id: UUID | None = None
    price_cents: Cents | None = None
    bookable: bool | None = None


class QualificationsShown(Schema):
    skills: list[str]
    credentials: list[str]
