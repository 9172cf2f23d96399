"""HTTP for the office's side of reviews."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from dispatch.accounts.roles import PLANNERS
from kernel.auth import require
from kernel.http import Page, Router, Session, paginate
from kernel.principal import Principal
from kernel.shapes import page_of
from marketplace.reviews import queries, service
from marketplace.reviews.lifecycle import ReviewStatus
from marketplace.reviews.models import Review
from marketplace.reviews.schemas import ReviewAnswerIn, ReviewShown

Planner = Annotated[Principal, Depends(require(*PLANNERS))]

router = Router(prefix="/api/reviews", tags=["trust"])


@router.get("")
def list_reviews(
    session: Session,
    _: Planner,
    status: ReviewStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ReviewShown]:
    """What freelancers want a person to look at again, newest first."""
    found = paginate(
        session, queries.select_reviews(status), Review.id, cursor, limit, newest_first=True
    )
    return page_of(ReviewShown, found)


@router.post("/{review_id}/answer", response_model=ReviewShown)
def answer(review_id: UUID, wanted: ReviewAnswerIn, session: Session, planner: Planner) -> Review:
    """Decide, and say why."""
    return service.answer(session, review_id, planner, **wanted.model_dump())
