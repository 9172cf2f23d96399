"""Changing when a provider's people work and are away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians import service as technicians
from dispatch.technicians.lifecycle import AbsenceKind
from dispatch.technicians.models import Absence, Shift, Technician
from dispatch.technicians.service import BreakWanted
from kernel.db import locked
from mobile_api.provider.times.queries import get_own_absence, get_own_shift


def change_shift(
    session: Session,
    provider_id: UUID,
    shift_id: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime,
    breaks: Sequence[BreakWanted] = (),
) -> Shift:
    """Another shift in its place, with the same overtime; raises what `add_shift` raises.

    NotFound when somebody else has changed it meanwhile.
    """
    before = get_own_shift(session, provider_id, shift_id)
    owner, overtime = before.technician_id, before.overtime_minutes
    remove_shift(session, provider_id, shift_id)
    return technicians.add_shift(
        session,
        owner,
        starts_at=starts_at,
        ends_at=ends_at,
        overtime_minutes=overtime,
        breaks=breaks,
    )


def remove_shift(session: Session, provider_id: UUID, shift_id: UUID) -> None:
    owner = get_own_shift(session, provider_id, shift_id).technician_id
    locked(session, Technician, [owner])
    technicians.remove_shift(session, owner, shift_id)


def change_absence(
    session: Session,
    provider_id: UUID,
    absence_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: AbsenceKind,
    reason: str = "",
) -> Absence:
    """Another absence in its place; NotFound when somebody else has changed it meanwhile."""
    owner = get_own_absence(session, provider_id, absence_id).technician_id
    withdraw_absence(session, provider_id, absence_id)
    return technicians.report_own_absence(session, owner, starts_at, ends_at, kind, reason)


def withdraw_absence(session: Session, provider_id: UUID, absence_id: UUID) -> None:
    """The person is there after all; jobs that were given back stay with others."""
    own = get_own_absence(session, provider_id, absence_id)
    owner = own.technician_id
    session.expire(own)
    technicians.withdraw_own_absence(session, owner, absence_id)
