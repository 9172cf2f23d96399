"""Shapes of calendars, service-level policies, agreements and entitlements."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Hours = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]
Day = Annotated[list[Hours], Field(max_length=10)]
Minutes = Annotated[int, Field(ge=1, le=527_040)]  # a leap year
Cents = Annotated[int, Field(ge=0, le=1_000_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CalendarOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    time_zone: str
    weekly: list[list[list[str]]]
    region: str | None
    version: int


class CalendarIn(RequestSchema):
    """`weekly`: seven days, Monday first, each a list of ["HH:MM", "HH:MM"]."""

    name: Name
    time_zone: Name
    weekly: Annotated[list[Day], Field(min_length=7, max_length=7)]
    region: Name | None = None
    external_id: Line | None = None


class PenaltyStep(RequestSchema):
    """So much more once work is so many minutes late, day and night counted."""

    minutes: Minutes
    cents: Cents


class SlaPolicyOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    calendar_id: UUID | None
    respond_minutes: int | None
    arrive_minutes: int | None
    resolve_minutes: int | None
    penalty_cents: int
    penalty_steps: list[PenaltyStep]
    penalty_cap_cents: int | None
    currency: str
    version: int


class SlaPolicyIn(RequestSchema):
    """Without a calendar the minutes count day and night. Without `penalty_cap_cents` the penalty
    and all its steps are due in the end."""

    name: Name
    calendar_id: UUID | None = None
    respond_minutes: Minutes | None = None
    arrive_minutes: Minutes | None = None
    resolve_minutes: Minutes | None = None
    penalty_cents: Cents = 0
    penalty_steps: Annotated[list[PenaltyStep], Field(max_length=20)] = []
    penalty_cap_cents: Cents | None = None
    currency: Currency | None = None
    external_id: Line | None = None


class AgreementOut(Schema):
    id: UUID
    external_id: str | None
    customer_id: UUID
    name: str
    sla_policy_id: UUID | None
    covers: list[str]
    starts_on: date
    ends_on: date
    visits_left: int | None
    version: int


class AgreementIn(RequestSchema):
    """`covers` names codes of work types; no `visits_left` means without limit."""

    customer_id: UUID
    name: Name
    sla_policy_id: UUID | None = None
    covers: Annotated[list[Name], Field(max_length=500)]
    starts_on: date
    ends_on: date
    visits_left: int | None = Field(None, ge=0, le=1_000_000)
    external_id: Line | None = None


class EntitlementOut(Schema):
    """Whether the customer need not pay, by what, and a sentence to read out."""

    entitled: bool
    by: Literal["warranty", "agreement"] | None
    price_cents: int
    currency: str
    sentence: str
    agreement_id: UUID | None
