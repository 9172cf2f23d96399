"""Reads of disputes."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.disputes.lifecycle import DisputeStatus
from marketplace.disputes.models import Dispute


def find_open(session: Session, payout_id: UUID) -> Dispute | None:
    return session.scalar(
        select(Dispute).where(Dispute.payout_id == payout_id, Dispute.status == DisputeStatus.OPEN)
    )


def select_disputes(status: DisputeStatus | None = None) -> Select[Dispute]:
    """To be paginated by id."""
    statement = select(Dispute)
    return statement if status is None else statement.where(Dispute.status == status)


def list_of_technician(session: Session, technician_id: UUID) -> list[Dispute]:
    """The newest first, a hundred at most."""
    statement = select(Dispute).where(Dispute.technician_id == technician_id)
    return list(session.scalars(statement.order_by(Dispute.id.desc()).limit(100)))
