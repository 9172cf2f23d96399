"""Shapes of depots."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name, PatchSchema

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Span = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]
Weekly = Annotated[list[Annotated[list[Span], Field(max_length=10)]], Field(max_length=7)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Minutes = Annotated[int, Field(ge=1, le=240)]
Tools = Annotated[list[Name], Field(max_length=200)]


class DepotOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    address: str
    latitude: float
    longitude: float
    time_zone: str
    territory_id: UUID | None
    weekly: list[Any]
    service_minutes: int
    tools: list[str]
    active: bool
    version: int


class DepotIn(RequestSchema):
    """`weekly`: seven days, Monday first, each a list of ["HH:MM", "HH:MM"]; none is always open.

    Without a territory it serves all.
    """

    name: Name
    address: Line
    latitude: Latitude
    longitude: Longitude
    time_zone: Name
    territory_id: UUID | None = None
    weekly: Weekly = []
    service_minutes: Minutes = 10
    tools: Tools = []
    external_id: Line | None = None


class DepotPatch(PatchSchema):
    name: Name | None = None
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    weekly: Weekly | None = None
    service_minutes: Minutes | None = None
    tools: Tools | None = None
    active: bool | None = None
