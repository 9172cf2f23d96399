"""Reads of changes of pay."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from kernel.errors import NotFound
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.pay_changes.lifecycle import PayChangeKind, PayChangeStatus
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


def is_agreed(session: Session, change: PayChange) -> bool:
    """Whether all expenses for the visit together stay within what its offer agreed to; nothing
    is agreed any more with whom the visit was taken from, or who gave it back.

    The visit is locked.
    """
    standing = select(Assignment.id).where(
        Assignment.visit_id == change.visit_id,
        Assignment.technician_id == change.technician_id,
        occupying(),
    )
    agreed = session.scalar(
        select(Offer.expenses_cents)
        .where(
            Offer.visit_id == change.visit_id,
            Offer.technician_id == change.technician_id,
            Offer.status == OfferStatus.ACCEPTED,
            Offer.currency == change.currency,
            standing.exists(),
        )
        .order_by(Offer.id.desc())
        .limit(1)
    )
    claimed = session.scalar(
        select(func.sum(PayChange.amount_cents)).where(
            PayChange.visit_id == change.visit_id,
            PayChange.technician_id == change.technician_id,
            PayChange.kind == PayChangeKind.EXPENSE,
            PayChange.status != PayChangeStatus.REFUSED,
        )
    )
    return (claimed or 0) <= (agreed or 0)
