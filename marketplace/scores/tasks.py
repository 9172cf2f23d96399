"""What scores are kept up to date by: visits that end or are lost, approvals, ratings.

A back-out or no-show counts through the state that it leaves the assignment in, whoever sets it.
"""

from sqlalchemy.orm import Session

from dispatch.events import VisitMoved, VisitRated, VisitUnassigned
from dispatch.work_orders.lifecycle import VisitStatus
from kernel.jobs import on
from marketplace.events import PayoutMoved
from marketplace.payouts.lifecycle import PayoutStatus
from marketplace.scores import service

ENDED = frozenset({VisitStatus.COMPLETED, VisitStatus.INCOMPLETE})
JUDGED = frozenset({PayoutStatus.APPROVED, PayoutStatus.RESOLVED, PayoutStatus.REVERSED})


@on(
    VisitMoved,
    name="marketplace.score_visit",
    when=lambda event: not ENDED.isdisjoint({event.from_status, event.to_status}),
)
def score_visit(session: Session, event: VisitMoved) -> None:
    service.observe(session, event.visit_id)


@on(
    VisitUnassigned,
    name="marketplace.score_lost_visit",
    when=lambda event: event.technician_id is not None,
)
def score_lost_visit(session: Session, event: VisitUnassigned) -> None:
    service.observe(session, event.visit_id)


@on(VisitRated, name="marketplace.score_rating")
def score_rating(session: Session, event: VisitRated) -> None:
    service.observe(session, event.visit_id)


@on(PayoutMoved, name="marketplace.score_work", when=lambda event: event.to_status in JUDGED)
def score_work(session: Session, event: PayoutMoved) -> None:
    service.observe_payout(session, event.payout_id)
