"""Shapes of territories."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Latitude, Line, Longitude, Name, PatchSchema

Percent = Annotated[int, Field(ge=0, le=100)]
Region = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")]
"""ISO 3166: a country such as DE, or a subdivision such as DE-BE; empty for no holidays."""


class TerritoryOut(Schema):
    id: UUID
    external_id: str | None
    name: str
    time_zone: str
    region: str
    latitude: float
    longitude: float
    emergency_reserve_pct: int
    version: int


class TerritoryIn(RequestSchema):
    name: Name
    time_zone: Line
    latitude: Latitude
    longitude: Longitude
    region: Region = ""
    emergency_reserve_pct: Percent = 0
    external_id: Name | None = None


class TerritoryPatch(PatchSchema):
    name: Name | None = None
    time_zone: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    region: Region | None = None
    emergency_reserve_pct: Percent | None = None
