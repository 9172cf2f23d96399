"""Shapes of assets."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from kernel.facts import Facts
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name, PatchSchema


class AssetOut(Schema):
    id: UUID
    external_id: str | None
    site_id: UUID
    parent_id: UUID | None
    name: str
    model: str
    serial: str
    criticality: int
    installed_on: date | None
    warranty_until: date | None
    attributes: dict[str, Any]
    version: int
    under_warranty: bool = False


class AssetIn(RequestSchema):
    site_id: UUID
    name: Name
    model: Line = ""
    serial: Line = ""
    parent_id: UUID | None = None
    criticality: int = Field(3, ge=1, le=5)
    installed_on: date | None = None
    warranty_until: date | None = None
    attributes: Facts = {}
    external_id: Name | None = None


class AssetPatch(PatchSchema):
    nullable = frozenset({"parent_id", "installed_on", "warranty_until"})

    name: Name | None = None
    model: Line | None = None
    serial: Line | None = None
    parent_id: UUID | None = None
    criticality: int | None = Field(None, ge=1, le=5)
    installed_on: date | None = None
    warranty_until: date | None = None
    attributes: Facts | None = None
