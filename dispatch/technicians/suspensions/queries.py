"""Reads suspensions and appeals."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.technicians.suspensions.lifecycle import AppealStatus, SuspensionStatus
from dispatch.technicians.suspensions.models import Appeal, Suspension
from kernel.errors import NotFound


def find_in_force(session: Session, technician_id: UUID) -> Suspension | None:
    return session.scalar(
        select(Suspension).where(
            Suspension.technician_id == technician_id,
            Suspension.status == SuspensionStatus.IN_FORCE,
        )
    )


def get_own(session: Session, suspension_id: UUID, technician_id: UUID) -> Suspension:
    """NotFound also when it is somebody else's."""
    found = session.get(Suspension, suspension_id)
    if found is None or found.technician_id != technician_id:
        raise NotFound("suspension", suspension_id)
    return found


def find_open_appeal(session: Session, suspension_id: UUID) -> Appeal | None:
    return session.scalar(
        select(Appeal).where(
            Appeal.suspension_id == suspension_id, Appeal.status == AppealStatus.OPEN
        )
    )


def select_suspensions(
    technician_id: UUID | None = None, status: SuspensionStatus | None = None
) -> Select[Suspension]:
    statement = select(Suspension)
    if technician_id is not None:
        statement = statement.where(Suspension.technician_id == technician_id)
    if status is not None:
        statement = statement.where(Suspension.status == status)
    return statement


def select_appeals(
    technician_id: UUID | None = None, status: AppealStatus | None = None
) -> Select[Appeal]:
    statement = select(Appeal)
    if technician_id is not None:
        statement = statement.where(Appeal.technician_id == technician_id)
    if status is not None:
        statement = statement.where(Appeal.status == status)
    return statement


def list_ended(session: Session, at: datetime) -> Sequence[Suspension]:
    """Those in force whose time is over."""
    return session.scalars(
        select(Suspension)
        .where(Suspension.status == SuspensionStatus.IN_FORCE, Suspension.ends_at <= at)
        .order_by(Suspension.technician_id)
    ).all()


def list_unanswered(session: Session, at: datetime) -> Sequence[Appeal]:
    """Open appeals whose answer is overdue."""
    return session.scalars(
        select(Appeal)
        .where(Appeal.status == AppealStatus.OPEN, Appeal.answer_by <= at)
        .order_by(Appeal.technician_id)
    ).all()
