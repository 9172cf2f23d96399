"""Reads of changes of pay."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from kernel.errors import NotFound
from marketplace.pay_changes.lifecycle import PayChangeStatus
from marketplace.pay_changes.models import PayChange


def select_changes(
    technician_id: UUID | None = None, status: PayChangeStatus | None = None
) -> Select[PayChange]:
    """To be paginated by id; of everybody when None."""
    statement = select(PayChange)
    if technician_id is not None:
        statement = statement.where(PayChange.technician_id == technician_id)
    if status is not None:
        statement = statement.where(PayChange.status == status)
    return statement


def list_of_technician(session: Session, technician_id: UUID) -> list[PayChange]:
    """The newest first, a hundred at most."""
    statement = select_changes(technician_id).order_by(PayChange.id.desc()).limit(100)
    return list(session.scalars(statement))


def check_was_there(session: Session, visit_id: UUID, technician_id: UUID) -> None:
    """Raises NotFound unless the visit was ever the technician's."""
    found = session.scalar(
        select(Assignment.id)
        .where(Assignment.visit_id == visit_id, Assignment.technician_id == technician_id)
        .limit(1)
    )
    if found is None:
        raise NotFound("visit", visit_id)
