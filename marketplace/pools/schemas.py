"""Shapes of talent pools; a rule is a list of conditions, each of one kind."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dispatch.technicians.lifecycle import Employment
from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Name, PatchSchema


class OfEmployment(RequestSchema):
    kind: Literal["employment"]
    employment: Literal[Employment.FREELANCE, Employment.PARTNER]


class OfTerritory(RequestSchema):
    kind: Literal["territory"]
    territory_id: UUID


class OfProvider(RequestSchema):
    kind: Literal["provider"]
    provider_id: UUID


class WithSkill(RequestSchema):
    kind: Literal["skill"]
    skill: Name
    level: int = Field(1, ge=1, le=5)


class WithCredential(RequestSchema):
    kind: Literal["credential"]
    credential: Name


class WithLanguage(RequestSchema):
    kind: Literal["language"]
    language: Name


class AtRate(RequestSchema):
    kind: Literal["rate"]
    at_most_cents: int = Field(ge=0, le=100_000_000)


class Near(RequestSchema):
    kind: Literal["near"]
    latitude: Latitude
    longitude: Longitude
    km: float = Field(gt=0, le=1000, allow_inf_nan=False)


class WithJobs(RequestSchema):
    kind: Literal["jobs_done"]
    at_least: int = Field(ge=1, le=1_000_000)


class WithScore(RequestSchema):
    kind: Literal["score"]
    at_least: int = Field(ge=0, le=100)


class WhoPrefers(RequestSchema):
    kind: Literal["prefers"]
    customer_id: UUID


PoolCondition = Annotated[
    OfEmployment
    | OfTerritory
    | OfProvider
    | WithSkill
    | WithCredential
    | WithLanguage
    | AtRate
    | Near
    | WithJobs
    | WithScore
    | WhoPrefers,
    Field(discriminator="kind"),
]
PoolRule = Annotated[list[PoolCondition], Field(max_length=20)]


class PoolIn(RequestSchema):
    """Members meet every condition of `rule`; without one they are named."""

    name: Name
    description: Line = ""
    rule: PoolRule = []


class PoolPatch(PatchSchema):
    name: Name | None = None
    description: Line | None = None
    rule: PoolRule | None = None


class PoolOut(Schema):
    id: UUID
    version: int
    name: str
    description: str
    rule: list[PoolCondition]
    created_at: datetime


class NamedMember(Schema):
    technician_id: UUID
    kept_out: bool


class PoolMembersOut(Schema):
    """`technician_ids` belong to the pool now; `named` is what was decided one by one."""

    technician_ids: list[UUID]
    named: list[NamedMember]


class MemberIn(RequestSchema):
    kept_out: bool = False
