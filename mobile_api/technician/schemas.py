"""Shapes of the technician's phone."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from dispatch.technicians.lifecycle import AbsenceKind, Employment
from dispatch.work_orders.lifecycle import VisitStatus
from iot_ingest.remedies.lifecycle import RemedyKind
from kernel.facts import Facts
from kernel.http import RequestSchema, Schema
from mobile_api.values import Latitude, Longitude, Moment, Reason


class TechnicianMe(Schema):
    """The technician who is signed in."""

    id: UUID
    name: str
    employment: Employment
    on_duty: bool
    territory_id: UUID
    territory_name: str
    time_zone: str
    now: datetime
    """Business time, which the phone shows instead of its own."""


class MoveShown(Schema):
    """A button: one legal next move."""

    to: VisitStatus
    needs_reason: bool
    is_correction: bool


class Contact(Schema):
    """Whom to call."""

    customer_id: UUID
    name: str
    phone: str | None


class KeyShown(Schema):
    """A key or code that opens the site now."""

    label: str
    secret: str
    valid_until: datetime


class SiteShown(Schema):
    """Where to go and how to get in; the confidential part is for the assignee only."""

    id: UUID
    name: str
    address: str
    latitude: float
    longitude: float
    time_zone: str
    access_notes: str
    access_notes_confidential: str | None
    keys: list[KeyShown]


class AssetShown(Schema):
    """The equipment the visit is about."""

    id: UUID
    name: str
    model: str
    serial: str
    warranty_until: date | None


class PartShown(Schema):
    """A part to bring."""

    number: str
    name: str
    quantity: int
    status: str


class RemedyShown(Schema):
    """What the customer got while the fault lasts; `instructions` are what the customer was told
    to do meanwhile, per language."""

    kind: RemedyKind
    words: dict[str, str]
    instructions: dict[str, str] | None
    carried_out_at: datetime


class DepotShown(Schema):
    """Where parts or tools are fetched before the visit."""

    name: str
    address: str
    latitude: float
    longitude: float


class VisitSheet(Schema):
    """One visit with everything that is needed without a network."""

    id: UUID
    version: int
    status: VisitStatus
    next_moves: list[MoveShown]
    work_order_id: UUID
    work_order_number: str
    work_type: str
    title: str
    description: str
    priority: int
    source: str
    assigned_by: str
    starts_at: datetime
    ends_at: datetime
    travel_seconds: int
    arrival_start: datetime | None
    arrival_end: datetime | None
    duration_minutes: int
    p80_minutes: int
    crew_size: int
    skills: list[dict[str, Any]]
    credentials: list[str]
    checklist: list[dict[str, Any]]
    parts: list[PartShown]
    depot: DepotShown | None
    contact: Contact
    site: SiteShown
    asset: AssetShown | None
    remedies: list[RemedyShown]
    at_risk: bool
    may_back_out: bool
    """A freelancer who has not set off may give it back."""
    note: str
    report: dict[str, Any] | None
    incomplete_reason: str | None
    en_route_at: datetime | None
    on_site_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


class Day(Schema):
    """The agenda of one local day."""

    day: date
    time_zone: str
    now: datetime
    on_duty: bool
    visits: list[VisitSheet]


class Move(RequestSchema):
    """A step of the visit. `at` is the phone's own time: kept for the record, never trusted."""

    to: VisitStatus
    reason: Reason | None = None
    at: datetime | None = None
    report: Facts | None = None
    verdict: Annotated[str, Field(max_length=100)] | None = None


class Duty(RequestSchema):
    """The switch that also governs tracking."""

    on_duty: bool


class Position(RequestSchema):
    """Where the phone is."""

    latitude: Latitude
    longitude: Longitude
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class BackOut(RequestSchema):
    """Giving a visit back."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Late(RequestSchema):
    """So many minutes until one is there."""

    minutes: Annotated[int, Field(ge=1, le=720)]
    reason: Reason = ""


class LateShown(Schema):
    """What was understood; a visit at risk is planned again."""

    visit_id: UUID
    expected_at: datetime
    at_risk: bool


class AbsenceReport(RequestSchema):
    """Time the technician will be away."""

    starts_at: Moment
    ends_at: Moment
    kind: AbsenceKind
    reason: Reason = ""


class AbsenceShown(Schema):
    """An absence as it was recorded."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    kind: AbsenceKind
    reason: str


class DutyShown(Schema):
    """The switch as it stands."""

    on_duty: bool


class PositionTaken(Schema):
    """The position was recorded."""

    recorded: Literal[True] = True
