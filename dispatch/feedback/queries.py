"""Reading ratings."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.customers.ports import TimelineEntry
from dispatch.feedback.models import Rating


def find_rating(session: Session, visit_id: UUID) -> Rating | None:
    return session.scalar(select(Rating).where(Rating.visit_id == visit_id))


def ratings_matching(
    customer_id: UUID | None = None, visit_id: UUID | None = None
) -> Select[Rating]:
    statement = select(Rating)
    if customer_id is not None:
        statement = statement.where(Rating.customer_id == customer_id)
    if visit_id is not None:
        statement = statement.where(Rating.visit_id == visit_id)
    return statement


def timeline(session: Session, customer_id: UUID, limit: int) -> list[TimelineEntry]:
    """The customers' TimelineSource for ratings."""
    statement = ratings_matching(customer_id).order_by(Rating.id.desc()).limit(limit)
    return [
        TimelineEntry(
            at=rating.created_at,
            kind="rating",
            record_id=rating.visit_id,
            title=rating.comment,
            status=f"{rating.csat} of 5",
        )
        for rating in session.scalars(statement)
    ]
