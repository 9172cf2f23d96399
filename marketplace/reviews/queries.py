"""Reads of reviews."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from marketplace.reviews.lifecycle import ReviewStatus
from marketplace.reviews.models import Review
from marketplace.waves.models import Consideration


def find_open(
    session: Session, technician_id: UUID, fact_id: UUID | None, consideration_id: int | None
) -> Review | None:
    return session.scalar(
        select(Review).where(
            Review.technician_id == technician_id,
            Review.fact_id.is_not_distinct_from(fact_id),
            Review.consideration_id.is_not_distinct_from(consideration_id),
            Review.status == ReviewStatus.OPEN,
        )
    )


def check_considered(session: Session, consideration_id: int, technician_id: UUID) -> None:
    """NotFound unless it was this person who was asked or not."""
    found = session.get(Consideration, consideration_id)
    if found is None or found.technician_id != technician_id:
        raise NotFound("consideration", consideration_id)


def select_reviews(status: ReviewStatus | None = None) -> Select[Review]:
    """To be paginated by id."""
    statement = select(Review)
    return statement if status is None else statement.where(Review.status == status)


def list_of_technician(session: Session, technician_id: UUID) -> list[Review]:
    """The newest first, a hundred at most."""
    statement = select(Review).where(Review.technician_id == technician_id)
    return list(session.scalars(statement.order_by(Review.id.desc()).limit(100)))
