"""Shapes of rotas, duties, swaps and call-outs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.on_call.lifecycle import CallOutStatus, ChangeStatus
from kernel.http import RequestSchema, Schema
from kernel.shapes import Day, Line, Moment, Name

Members = Annotated[list[UUID], Field(min_length=1, max_length=200)]


class RotaIn(RequestSchema):
    """Turns of a day, or of a week from `weekday` (Monday 0); they change at `hand_over_minute`
    of the local day."""

    name: Name
    territory_id: UUID
    member_ids: Members
    starts_on: Day
    time_zone: Line | None = None
    skills: list[Name] = []
    hand_over_minute: Annotated[int, Field(ge=0, le=1439)] = 480
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    accept_minutes: Annotated[int, Field(ge=1, le=120)] = 10


class MembersIn(RequestSchema):
    member_ids: Members


class MemberOut(Schema):
    technician_id: UUID
    position: int


class RotaOut(Schema):
    id: UUID
    version: int
    name: str
    territory_id: UUID
    time_zone: str
    skills: list[str]
    hand_over_minute: int
    weekday: int | None
    starts_on: date
    accept_minutes: int
    members: list[MemberOut]


class RotaChangeIn(RequestSchema):
    technician_id: UUID
    starts_at: Moment
    ends_at: Moment
    reason: Line


class RotaChangeOut(Schema):
    id: UUID
    rota_id: UUID
    technician_id: UUID
    asked_by_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    reason: str
    status: ChangeStatus


class DutyOut(Schema):
    """`is_change`: by a swap or an exception."""

    rota_id: UUID
    rota_name: str
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_change: bool


class OnCallOut(Schema):
    """Who is on call, the first one first; the others are asked in this order."""

    rota_id: UUID
    rota_name: str
    territory_id: UUID
    technician_ids: list[UUID]


class CallOutOut(Schema):
    id: UUID
    visit_id: UUID
    rota_id: UUID
    technician_id: UUID
    status: CallOutStatus
    accept_by: datetime
    answered_at: datetime | None
