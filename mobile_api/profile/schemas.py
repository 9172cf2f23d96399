"""Shapes of a person's own profile."""

from uuid import UUID

from dispatch.technicians.preferences.lifecycle import Stance
from dispatch.technicians.suspensions.schemas import AppealOut, SuspensionOut
from kernel.http import Schema


class OwnPreference(Schema):
    """Which customer one does not go to, or likes to."""

    customer_id: UUID
    customer_name: str
    stance: Stance
    reason: str


class OwnSuspension(Schema):
    suspension: SuspensionOut
    appeals: list[AppealOut]
