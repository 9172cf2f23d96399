"""Shapes of customers, sites, keys and timelines."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from dispatch.customers.lifecycle import CustomerKind, PositionBy, PreferredChannel
from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Moment, Name, PatchSchema, Words

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]


class CustomerOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    kind: CustomerKind
    email: str | None
    phone: str | None
    locale: str
    channel: PreferredChannel
    consent_marketing: bool
    vulnerable: bool
    notes: str
    preferred_technician_id: UUID | None
    version: int
    created_at: datetime


class CustomerIn(RequestSchema):
    name: Name
    kind: CustomerKind = CustomerKind.PERSON
    email: Line | None = None
    phone: Line | None = None
    locale: Locale = "en"
    channel: PreferredChannel | None = None
    consent_marketing: bool = False
    vulnerable: bool = False
    notes: Words = ""
    preferred_technician_id: UUID | None = None
    external_id: Name | None = None


class CustomerPatch(PatchSchema):
    nullable = frozenset({"email", "phone", "preferred_technician_id"})

    name: Name | None = None
    kind: CustomerKind | None = None
    email: Line | None = None
    phone: Line | None = None
    locale: Locale | None = None
    channel: PreferredChannel | None = None
    consent_marketing: bool | None = None
    vulnerable: bool | None = None
    notes: Words | None = None
    preferred_technician_id: UUID | None = None


class SkillNeeded(RequestSchema):
    skill: Name
    level: int = Field(1, ge=1, le=5)


class SiteRequirements(RequestSchema):
    """What every visit to the site needs, whatever the work."""

    skills: list[SkillNeeded] = []
    credentials: list[Name] = []
    languages: list[Name] = []


class SiteOut(Schema):
    id: UUID
    external_id: str | None
    customer_id: UUID
    name: str
    address: str
    latitude: float
    longitude: float
    position_by: PositionBy
    time_zone: str
    territory_id: UUID | None
    access_notes: str
    requirements: SiteRequirements
    version: int


class SiteWithConfidential(SiteOut):
    access_notes_confidential: str


class SiteIn(RequestSchema):
    """Time zone and territory follow from the position unless given.

    Without a position the address is looked up, where a geocoder is set up.
    """

    address: Name
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    name: Line = ""
    time_zone: Line | None = None
    territory_id: UUID | None = None
    access_notes: Words = ""
    access_notes_confidential: Words = ""
    requirements: SiteRequirements = SiteRequirements()
    external_id: Name | None = None


class SitePatch(PatchSchema):
    """A position is a pin, which stays; without one a geocoded site follows its new address."""

    address: Name | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    name: Line | None = None
    time_zone: Line | None = None
    access_notes: Words | None = None
    access_notes_confidential: Words | None = None
    requirements: SiteRequirements | None = None


class SiteKeyIn(RequestSchema):
    label: Name
    secret: Name
    valid_from: Moment
    valid_until: Moment


class SiteKeyOut(Schema):
    """A key without what opens the door."""

    id: UUID
    site_id: UUID
    label: str
    valid_from: datetime
    valid_until: datetime


class ShownKeyOut(Schema):
    """The secret is there only while the key is valid."""

    id: UUID
    label: str
    secret: str | None
    valid_from: datetime
    valid_until: datetime


class SiteKeyViewOut(Schema):
    site_key_id: UUID
    viewer: str
    viewed_at: datetime


class TimelineEntryOut(Schema):
    at: datetime
    kind: str
    record_id: UUID
    title: str
    status: str
