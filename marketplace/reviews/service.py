"""Asks for reviews, reminds of them, and answers them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from kernel.clock import now
from kernel.db import because, get, locked
from kernel.errors import Conflict
from kernel.events import later, publish
from kernel.principal import Principal
from marketplace.events import ReviewAnswered, ReviewAsked, ReviewDue, ReviewOverdue
from marketplace.reviews import queries
from marketplace.reviews.lifecycle import REVIEW, ReviewStatus
from marketplace.reviews.models import Review
from marketplace.scores import service as scores
from marketplace.scores.queries import get_fact_of
from marketplace.trust_terms.queries import terms_in_force


def ask(
    session: Session,
    technician_id: UUID,
    reason: str,
    *,
    fact_id: UUID | None = None,
    consideration_id: int | None = None,
) -> Review:
    """Ask that a person looks again. The one that is open already is given again.

    Raises NotFound for what is about somebody else, Conflict `fact_dropped` for a fact that does
    not count any more.
    """
    locked(session, Technician, [technician_id])
    known = queries.find_open(session, technician_id, fact_id, consideration_id)
    if known is not None:
        return known
    if fact_id is not None and get_fact_of(session, fact_id, technician_id).dropped is not None:
        raise Conflict("This does not count any more.", code="fact_dropped")
    if consideration_id is not None:
        queries.check_considered(session, consideration_id, technician_id)
    days = terms_in_force(session).answer_days
    review = Review(
        technician_id=technician_id,
        fact_id=fact_id,
        consideration_id=consideration_id,
        status=ReviewStatus.OPEN,
        reason=reason,
        answer_by=now(session) + timedelta(days=days),
    )
    session.add(review)
    session.flush()
    publish(session, ReviewAsked(review_id=review.id, technician_id=technician_id))
    later(session, ReviewDue(review_id=review.id, technician_id=technician_id), review.answer_by)
    return review


def answer(
    session: Session, review_id: UUID, principal: Principal, *, granted: bool, answer: str
) -> Review:
    """Decide, with the reason in words; the score follows. The same decision again is fine.

    Raises Conflict `review_answered` when it was decided otherwise.
    """
    locked(session, Technician, [get(session, Review, review_id).technician_id])
    [review] = locked(session, Review, [review_id])
    to = ReviewStatus.GRANTED if granted else ReviewStatus.REFUSED
    if review.status is to:
        return review
    if review.status is not ReviewStatus.OPEN:
        raise Conflict("This was answered already.", code="review_answered")
    because(session, answer)
    REVIEW.check(review.status, to)
    review.status, review.answer = to, answer
    review.answered_by, review.answered_at = principal.actor, now(session)
    session.flush()
    if review.fact_id is not None:
        (scores.drop if granted else scores.keep)(session, review.fact_id)
    publish(
        session,
        ReviewAnswered(review_id=review.id, technician_id=review.technician_id, status=str(to)),
    )
    return review


def remind(session: Session, review_id: UUID) -> None:
    """Raise the alarm when the day of the answer has passed without one."""
    [review] = locked(session, Review, [review_id])
    if review.status is not ReviewStatus.OPEN or review.is_overdue:
        return
    review.is_overdue = True
    session.flush()
    publish(session, ReviewOverdue(review_id=review.id, technician_id=review.technician_id))
