"""Shapes of dispatch policies."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dispatch.scheduling.policies.lifecycle import (
    MOVE_CENTS,
    REPAIR_BUDGET,
    TOLD_MOVE_CENTS,
    DispatchMode,
)
from kernel.http import RequestSchema, Schema


class PolicyIn(RequestSchema):
    """Without a territory: for all that have none of their own.

    `move_cents` and `told_move_cents`: what a plan must save to send somebody else than planned,
    or than told. A repair that breaks more promises than `repair_budget` waits to be applied.
    """

    territory_id: UUID | None = None
    mode: DispatchMode = DispatchMode.LEAD_TIME
    lead_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 120
    lock_technician: bool = True
    lock_day: bool = True
    lock_time: bool = False
    move_cents: Annotated[int, Field(ge=0, le=1_000_000)] = MOVE_CENTS
    told_move_cents: Annotated[int, Field(ge=0, le=1_000_000)] = TOLD_MOVE_CENTS
    repair_budget: Annotated[int, Field(ge=0, le=1_000)] = REPAIR_BUDGET


class PolicyOut(Schema):
    id: UUID
    version: int
    territory_id: UUID | None
    mode: DispatchMode
    lead_minutes: int
    lock_technician: bool
    lock_day: bool
    lock_time: bool
    move_cents: int
    told_move_cents: int
    repair_budget: int
