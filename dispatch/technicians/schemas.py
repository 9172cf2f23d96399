"""Shapes of technicians, shifts and absences."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.technicians.qualifications.schemas import SkillIn
from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Moment, Name, PatchSchema, Reason

Cents = Annotated[int, Field(ge=0, le=1_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
SpeedPct = Annotated[int, Field(ge=10, le=400)]
TravelKm = Annotated[int, Field(ge=1, le=2000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""Whose working-time rules hold: ISO 3166, or EU for the directive's minimum."""
WeekHours = Annotated[int, Field(ge=1, le=168)]
Minutes = Annotated[int, Field(ge=1, le=1440)]


class ProviderOut(Schema):
    id: UUID
    name: str
    version: int


class ProviderIn(RequestSchema):
    name: Name


class TechnicianOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    phone: str | None
    email: str | None
    employment: Employment
    provider_id: UUID | None
    territory_id: UUID
    latitude: float
    longitude: float
    hourly_cents: int
    travel_cents_per_hour: int
    currency: str
    speed_pct: int
    max_travel_km: int
    work_country: str | None
    max_week_hours: int | None
    languages: list[str]
    tools: list[str]
    on_duty: bool
    active: bool
    suspended_at: datetime | None
    version: int


class TechnicianIn(RequestSchema):
    name: Name
    employment: Employment
    territory_id: UUID
    latitude: Latitude
    longitude: Longitude
    hourly_cents: Cents
    travel_cents_per_hour: Cents | None = None
    currency: Currency | None = None
    phone: Line | None = None
    email: Line | None = None
    provider_id: UUID | None = None
    speed_pct: SpeedPct = 100
    max_travel_km: TravelKm = 50
    work_country: Country | None = None
    max_week_hours: WeekHours | None = None
    languages: list[Name] = []
    tools: list[Name] = []
    skills: list[SkillIn] = []
    external_id: Name | None = None


class TechnicianPatch(PatchSchema):
    nullable = frozenset({"phone", "email", "provider_id", "work_country", "max_week_hours"})

    name: Name | None = None
    employment: Employment | None = None
    territory_id: UUID | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    hourly_cents: Cents | None = None
    travel_cents_per_hour: Cents | None = None
    currency: Currency | None = None
    phone: Line | None = None
    email: Line | None = None
    provider_id: UUID | None = None
    speed_pct: SpeedPct | None = None
    max_travel_km: TravelKm | None = None
    work_country: Country | None = None
    max_week_hours: WeekHours | None = None
    languages: list[Name] | None = None
    tools: list[Name] | None = None
    active: bool | None = None


class BreakShape(RequestSchema):
    """A break of `minutes` that starts between `earliest` and `latest`."""

    earliest: Moment
    latest: Moment
    minutes: Minutes


class ShiftIn(RequestSchema):
    """`override_reason` lets it break rules of working time; it stands in the audit."""

    starts_at: Moment
    ends_at: Moment
    overtime_minutes: int = Field(0, ge=0, le=720)
    breaks: list[BreakShape] = []
    override_reason: Reason | None = None
    external_id: Name | None = None


class ShiftOut(Schema):
    id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    overtime_minutes: int
    override_reason: str | None
    breaks: list[BreakShape]


class AbsenceIn(RequestSchema):
    starts_at: Moment
    ends_at: Moment
    kind: AbsenceKind
    reason: Line = ""


class AbsenceOut(Schema):
    id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    kind: AbsenceKind
    reason: str
