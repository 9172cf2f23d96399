"""Reads of requests for freelancers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.batches.models import MatchRequest


def count_since(session: Session, since: datetime) -> int:
    """Different visits that came, matched or not."""
    counted = select(func.count(func.distinct(MatchRequest.visit_id)))
    return session.scalar(counted.where(MatchRequest.requested_at >= since)) or 0


def is_waiting(session: Session, visit_id: UUID) -> bool:
    found = select(MatchRequest.id).where(
        MatchRequest.visit_id == visit_id, MatchRequest.matched_at.is_(None)
    )
    return session.scalar(found) is not None


def oldest_waiting(session: Session) -> datetime | None:
    return session.scalar(
        select(func.min(MatchRequest.requested_at)).where(MatchRequest.matched_at.is_(None))
    )


def lock_waiting(session: Session, most: int) -> list[MatchRequest]:
    """The oldest that wait, locked; those in somebody's hands are left out."""
    return list(
        session.scalars(
            select(MatchRequest)
            .where(MatchRequest.matched_at.is_(None))
            .order_by(MatchRequest.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
    )
