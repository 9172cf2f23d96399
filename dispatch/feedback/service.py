"""Rating a visit."""

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import VisitRated
from dispatch.feedback import queries
from dispatch.feedback.models import Rating
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.db import locked
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import publish


def rate(
    session: Session,
    visit_id: UUID,
    customer_id: UUID,
    csat: int,
    effort: int | None = None,
    solved_first_time: bool = True,
    comment: str = "",
) -> Rating:
    """Once per visit, by its customer, when it is completed; the same rating again is fine.

    Raises NotFound for another customer's visit, Conflict `visit_not_completed` or
    `already_rated`. Publishes VisitRated.
    """
    for mark in (csat, 1 if effort is None else effort):
        if not 1 <= mark <= 5:
            raise Invalid("Marks go from 1 to 5.", code="mark_out_of_range")
    visit = locked(session, Visit, [visit_id])[0]
    if visit.customer_id != customer_id:
        raise NotFound("visit", visit_id)
    if visit.status is not VisitStatus.COMPLETED:
        raise Conflict("A visit is rated once it is completed.", code="visit_not_completed")
    known = queries.find_rating(session, visit_id)
    if known is not None:
        return _same_or_refuse(known, csat, effort, solved_first_time, comment)
    rating = Rating(
        visit_id=visit_id,
        customer_id=customer_id,
        csat=csat,
        effort=effort,
        solved_first_time=solved_first_time,
        comment=comment,
    )
    session.add(rating)
    session.flush()
    publish(
        session,
        VisitRated(
            visit_id=visit_id,
            csat=csat,
            customer_id=customer_id,
            territory_id=visit.territory_id,
        ),
    )
    return rating


def _same_or_refuse(
    known: Rating, csat: int, effort: int | None, solved_first_time: bool, comment: str
) -> Rating:
    present = (known.csat, known.effort, known.solved_first_time, known.comment)
    if present != (csat, effort, solved_first_time, comment):
        raise Conflict("This visit has been rated already.", code="already_rated")
    return known
