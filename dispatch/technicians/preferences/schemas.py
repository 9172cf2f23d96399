"""Shapes of block and prefer lists."""

from datetime import datetime
from uuid import UUID

from dispatch.technicians.preferences.lifecycle import Stance, Wisher
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line


class PreferenceIn(RequestSchema):
    """`reason` is for the office; the other side is not told."""

    side: Wisher
    customer_id: UUID
    technician_id: UUID
    stance: Stance
    reason: Line = ""


class OwnPreferenceIn(RequestSchema):
    stance: Stance
    reason: Line = ""


class PreferenceOut(Schema):
    id: UUID
    side: Wisher
    customer_id: UUID
    technician_id: UUID
    stance: Stance
    reason: str
    updated_at: datetime
