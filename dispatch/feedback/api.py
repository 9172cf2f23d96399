"""Ratings, for the office; customers rate through their own API."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.feedback import queries
from dispatch.feedback.models import Rating
from dispatch.feedback.schemas import RatingOut
from kernel.http import Page, Router, Session, paginate
from kernel.shapes import page_of

router = Router(prefix="/api/ratings", tags=["feedback"])


@router.get("")
def list_ratings(
    session: Session,
    _: Office,
    customer_id: UUID | None = None,
    visit_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[RatingOut]:
    """Newest first."""
    statement = queries.ratings_matching(customer_id, visit_id)
    found = paginate(session, statement, Rating.id, cursor, limit, newest_first=True)
    return page_of(RatingOut, found)
