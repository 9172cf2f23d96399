"""Shapes of dispatch policies."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.scheduling.policies.lifecycle import DispatchMode
from kernel.http import RequestSchema, Schema


class PolicyIn(RequestSchema):
    """Without a territory: for all that have none of their own."""

    territory_id: UUID | None = None
    mode: DispatchMode = DispatchMode.LEAD_TIME
    lead_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 120
    lock_technician: bool = True
    lock_day: bool = True
    lock_time: bool = False


class PolicyOut(Schema):
    id: UUID
    version: int
    territory_id: UUID | None
    mode: DispatchMode
    lead_minutes: int
    lock_technician: bool
    lock_day: bool
    lock_time: bool
