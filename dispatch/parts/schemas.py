"""Shapes of parts and stock."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name

Cents = Annotated[int, Field(ge=0, le=1_000_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Pieces = Annotated[int, Field(ge=1, le=1_000_000)]


class StockOut(Schema):
    """Pieces free to be promised, in a van, in a depot, or in the store of no place."""

    part_id: UUID
    technician_id: UUID | None
    depot_id: UUID | None
    quantity: int


class PartOut(Schema):
    id: UUID
    external_id: str | None
    number: str
    name: str
    price_cents: int
    currency: str
    lead_days: int
    version: int


class PartWithStock(PartOut):
    stock: list[StockOut]


class PartIn(RequestSchema):
    number: Name
    name: Name
    price_cents: Cents = 0
    currency: Currency | None = None
    lead_days: int = Field(0, ge=0, le=1000)
    external_id: Line | None = None


class StockCount(RequestSchema):
    """What was counted in a van, in a depot, or, with neither, in the store of no place."""

    technician_id: UUID | None = None
    depot_id: UUID | None = None
    quantity: int = Field(ge=0, le=1_000_000)


class Arrival(RequestSchema):
    technician_id: UUID | None = None
    depot_id: UUID | None = None
    quantity: Pieces


class Transfer(RequestSchema):
    """Between vans, depots and, where neither is named, the store of no place."""

    from_technician_id: UUID | None = None
    to_technician_id: UUID | None = None
    from_depot_id: UUID | None = None
    to_depot_id: UUID | None = None
    quantity: Pieces
