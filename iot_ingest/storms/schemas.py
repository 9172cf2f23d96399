"""Request and response shapes of storms."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Moment


class StormIn(RequestSchema):
    """`reserve_pct` of each day is kept from bookings; `policy_id` are the planning rules."""

    restoration_at: Moment
    reserve_pct: Annotated[int, Field(ge=0, le=100)] = 60
    policy_id: UUID | None = None


class RestorationIn(RequestSchema):
    restoration_at: Moment


class StormOut(Schema):
    """`orders` is how many customers' orders wait, or waited."""

    id: UUID
    version: int
    incident_id: UUID
    territory_id: UUID
    parent_order_id: UUID
    restoration_at: datetime
    reserve_pct: int
    policy_id: UUID | None
    ended_at: datetime | None
    orders: int
