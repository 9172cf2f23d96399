"""Reading what freelancers did with offers, and whether they came."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.lifecycle import AssignmentSource, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.work_orders.models import Visit
from marketplace.estimates.lifecycle import Tally
from marketplace.offers.lifecycle import UNANSWERED, OfferStatus
from marketplace.offers.models import Offer

LOOKED_BACK = timedelta(days=180)
_BROKEN = (AssignmentStatus.BACKED_OUT, AssignmentStatus.TECHNICIAN_NO_SHOW)


def tally_answers(session: Session, now: datetime) -> dict[UUID, Tally]:
    """Offers that came to an end by their own, and those accepted, by technician."""
    rows = session.execute(
        select(Offer.technician_id, func.count(), _how_many(Offer.status == OfferStatus.ACCEPTED))
        .where(
            Offer.status.in_([OfferStatus.ACCEPTED, *UNANSWERED]),
            Offer.created_at >= now - LOOKED_BACK,
        )
        .group_by(Offer.technician_id)
    )
    return {key: Tally(tried, int(done)) for key, tried, done in rows}


def tally_visits(session: Session, now: datetime) -> dict[UUID, Tally]:
    """Accepted offers that were done or broken, and those done, by technician."""
    rows = session.execute(
        select(
            Assignment.technician_id,
            func.count(),
            _how_many(Assignment.status == AssignmentStatus.DONE),
        )
        .where(
            Assignment.source == AssignmentSource.OFFER,
            Assignment.status.in_([AssignmentStatus.DONE, *_BROKEN]),
            Assignment.starts_at >= now - LOOKED_BACK,
        )
        .group_by(Assignment.technician_id)
    )
    return {key: Tally(tried, int(done)) for key, tried, done in rows}


def _how_many(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((holds, 1), else_=0))


def list_visits(session: Session, visit_ids: Collection[UUID]) -> list[Visit]:
    return list(session.scalars(select(Visit).where(Visit.id.in_(visit_ids))))
