"""The alarm for reviews that nobody answered in time."""

from sqlalchemy.orm import Session

from kernel.jobs import on
from marketplace.events import ReviewDue
from marketplace.reviews import service


@on(ReviewDue, name="marketplace.remind_of_review")
def remind_of_review(session: Session, event: ReviewDue) -> None:
    service.remind(session, event.review_id)
