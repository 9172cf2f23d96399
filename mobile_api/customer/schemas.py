"""Shapes of the customer's pages."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.work_orders.lifecycle import VisitStatus
from iot_ingest.alerts.lifecycle import AlertStatus, Choice
from iot_ingest.credits.lifecycle import CreditStatus
from iot_ingest.rules.lifecycle import Danger, Severity
from kernel.http import RequestSchema, Schema
from mobile_api.values import Latitude, Longitude, Moment

Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=300)]


class SiteMine(Schema):
    """One of the customer's places."""

    id: UUID
    name: str
    address: str
    latitude: float
    longitude: float
    time_zone: str


class AssetMine(Schema):
    """Equipment at one of the customer's places."""

    id: UUID
    site_id: UUID
    name: str
    model: str
    serial: str
    warranty_until: date | None


class CustomerMe(Schema):
    """The customer who is signed in."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    locale: str
    now: datetime
    sites: list[SiteMine]
    assets: list[AssetMine]


class CreditMine(Schema):
    """Money good with us, or already taken off a bill; `words` say why, per language."""

    id: UUID
    amount_cents: int
    currency: str
    words: dict[str, str]
    status: CreditStatus
    granted_at: datetime
    redeemed_at: datetime | None


class CatalogEntry(Schema):
    """Work that can be booked, with its questions and price."""

    code: str
    name: str
    expected_minutes: int
    price_cents: int
    currency: str
    questions: list[dict[str, Any]]


class SiteWanted(RequestSchema):
    """A place that is not known yet; without a position the address is looked up."""

    address: Short
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    access_notes: Text = ""


class PinMoved(RequestSchema):
    """Where the place really is."""

    latitude: Latitude
    longitude: Longitude


class WorkRequest(RequestSchema):
    """What is wrong, and where: a known site or a new one."""

    work_type_code: Annotated[str, Field(max_length=200)]
    site_id: UUID | None = None
    site: SiteWanted | None = None
    asset_id: UUID | None = None
    description: Text = ""
    answers: dict[Annotated[str, Field(max_length=200)], Text] = {}

    @model_validator(mode="after")
    def one_place(self) -> Self:
        """Exactly one of site_id and site."""
        if (self.site_id is None) == (self.site is None):
            raise ValueError("give site_id or site")
        return self


class WorkRequested(Schema):
    """The work order is open; choose a date for its visit next."""

    work_order_id: UUID
    work_order_number: str
    visit_id: UUID


class WindowShown(Schema):
    """An arrival window that can be kept now; `reasons` say why it is good for the customer,
    `co2_grams` what the additional way emits. With `confirm_by` nobody can promise it yet: ask
    for the date, and know by then."""

    start: datetime
    end: datetime
    grade: str
    reasons: list[str]
    co2_grams: int
    confirm_by: datetime | None = None


class WindowWanted(RequestSchema):
    """The window the customer has chosen."""

    window_start: Moment
    window_end: Moment

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """The window has a length."""
        if self.window_end <= self.window_start:
            raise ValueError("window_end must be after window_start")
        return self


class Held(Schema):
    """The window is kept until then."""

    visit_id: UUID
    expires_at: datetime


class BookingShown(Schema):
    """The promise; with `confirm_by` only to know by then."""

    visit_id: UUID
    status: BookingStatus
    arrival_start: datetime
    arrival_end: datetime
    confirm_by: datetime | None


class Cancel(RequestSchema):
    """Why, if the customer says."""

    reason: Annotated[str, Field(max_length=500)] = ""


class WhoComes(Schema):
    """The technician as the customer gets to know him or her."""

    name: str


class PositionShown(Schema):
    """Where the technician is."""

    at: datetime
    latitude: float
    longitude: float


class EtaShown(Schema):
    """When the technician will probably arrive."""

    earliest: datetime
    latest: datetime


class VisitMovesShown(Schema):
    """The buttons."""

    can_book: bool
    can_reschedule: bool
    can_cancel: bool
    can_rate: bool


class VisitMine(Schema):
    """One of the customer's visits."""

    id: UUID
    work_order_id: UUID
    work_order_number: str
    work_type: str
    title: str
    description: str
    status: VisitStatus
    incomplete_reason: str | None
    site: SiteMine
    arrival_start: datetime | None
    arrival_end: datetime | None
    confirm_by: datetime | None
    """The date is not sure yet; the customer knows by then."""
    was_not_confirmed: bool
    """A date was asked for and nobody was found in time: choose another."""
    finished_at: datetime | None
    at_risk: bool
    csat: int | None
    moves: VisitMovesShown


class Track(VisitMine):
    """A visit being followed; position and ETA only while the technician is en route here."""

    technician: WhoComes | None
    position: PositionShown | None
    eta: EtaShown | None
    now: datetime


class RatingGiven(RequestSchema):
    """How it went, on scales from 1 to 5."""

    csat: Annotated[int, Field(ge=1, le=5)]
    effort: Annotated[int, Field(ge=1, le=5)] | None = None
    solved_first_time: bool
    comment: Text = ""


class RatingShown(Schema):
    """The rating as it was recorded."""

    visit_id: UUID
    csat: int
    effort: int | None
    solved_first_time: bool
    comment: str


class AlertWindow(Schema):
    """A time to choose."""

    start: datetime
    end: datetime


class AlertShown(Schema):
    """What a device reported (`words` per language), what may happen and when, and the choices."""

    id: UUID
    status: AlertStatus
    severity: Severity
    danger: Danger
    fault_class: str
    asset_name: str
    asset_model: str
    address: str
    time_zone: str
    opened_at: datetime
    predicted_at: datetime | None
    words: dict[str, str]
    choices: list[Choice]
    windows: list[AlertWindow]
    answer: Choice | None
    answer_due_at: datetime | None
    visit_id: UUID | None
    workaround: str | None


class AlertAnswerGiven(RequestSchema):
    """The customer's choice; a slot needs its window."""

    choice: Choice
    window_start: Moment | None = None
    window_end: Moment | None = None

    @model_validator(mode="after")
    def whole_window(self) -> Self:
        """Both ends of a window or none."""
        if (self.window_start is None) != (self.window_end is None):
            raise ValueError("give both window_start and window_end")
        return self

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """The chosen window."""
        if self.window_start is None or self.window_end is None:
            return None
        return self.window_start, self.window_end
