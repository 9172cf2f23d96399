"""Reads what waits for the office in one territory; a bounded number of SELECTs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.moves.delays import NOT_THERE_YET
from dispatch.scheduling.moves.models import LateNotice
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import PLANNED_VISITS
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.clock import now
from kernel.db import Record
from marketplace.confirmations.lifecycle import ConfirmationStatus
from marketplace.confirmations.models import Confirmation
from marketplace.counter_offers.lifecycle import CounterStatus
from marketplace.counter_offers.models import CounterOffer
from marketplace.crowd.matching import CROWD
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.reviews.lifecycle import ReviewStatus
from marketplace.reviews.models import Review
from marketplace.scores.models import ScoreFact
from marketplace.stand_bys.models import StandBy
from marketplace.stand_bys.queries import list_uncovered

MOST = 100
GRACE = timedelta(minutes=10)
"""Whoever has not set off so long after the planned start may not come at all."""
LOST_FOR = timedelta(days=1)
"""So long it is shown that a visit fell through."""
LOST = {
    AssignmentStatus.BACKED_OUT: PayoutKind.BACK_OUT,
    AssignmentStatus.TECHNICIAN_NO_SHOW: PayoutKind.NO_SHOW,
    AssignmentStatus.REMOVED: PayoutKind.CANCELLATION,
}
"""How a visit is lost, and what it may cost whom; taking it away counts when it costs us."""


class Known(NamedTuple):
    """What a person needs to see of a visit, and who it is about."""

    visit: Visit
    order: WorkOrder
    customer: Customer
    site: Site
    technician: Technician


@dataclass(frozen=True)
class Lost:
    """A visit that somebody agreed to and no longer has; what follows from it."""

    assignment: Assignment
    known: Known
    payout: Payout | None
    review_id: UUID | None
    asked_count: int


@dataclass(frozen=True)
class Answers:
    """Everything that waits, the most urgent first in each list."""

    counters: Sequence[tuple[CounterOffer, Offer, Known]] = field(default=())
    unanswered: Sequence[tuple[Confirmation, Assignment, Known]] = field(default=())
    overdue: Sequence[tuple[Assignment, Known]] = field(default=())
    late: Sequence[tuple[LateNotice, Assignment, Known]] = field(default=())
    lost: Sequence[Lost] = field(default=())
    stand_bys: Sequence[tuple[StandBy, str]] = field(default=())


def list_answers(session: Session, territory_id: UUID) -> Answers:
    at = now(session)
    counters = session.execute(
        _known(Offer, territory_id, CounterOffer, Offer)
        .join(CounterOffer, CounterOffer.offer_id == Offer.id)
        .where(
            CounterOffer.status == CounterStatus.OPEN, Offer.status == OfferStatus.COUNTERED,
            Offer.expires_at > at,
        )
        .order_by(Offer.expires_at)
    )  # fmt: skip
    unanswered = session.execute(
        _known(Assignment, territory_id, Confirmation, Assignment)
        .join(Confirmation, Confirmation.assignment_id == Assignment.id)
        .where(
            Confirmation.status == ConfirmationStatus.UNANSWERED,
            Assignment.status == AssignmentStatus.CONFIRMED,
        )
        .order_by(Assignment.starts_at)
    )
    late = _list_late(session, territory_id)
    announced = {notice.visit_id for notice, _, _ in late if notice.arrives_at > at}
    overdue = session.execute(
        _known(Assignment, territory_id, Assignment)
        .where(
            Assignment.status == AssignmentStatus.CONFIRMED,
            Assignment.starts_at < at - GRACE,
            Technician.employment.in_(CROWD),
            Visit.status.in_(PLANNED_VISITS),
            Visit.id.not_in(announced),
        )
        .order_by(Assignment.starts_at)
    )
    return Answers(
        counters=[(row[0], row[1], Known(*row[2:])) for row in counters],
        unanswered=[(row[0], row[1], Known(*row[2:])) for row in unanswered],
        overdue=[(row[0], Known(*row[1:])) for row in overdue],
        late=late,
        lost=_list_lost(session, territory_id, at - LOST_FOR),
        stand_bys=list_uncovered(session, territory_id, at),
    )


def _known(
    about: type[Offer | Assignment], territory_id: UUID, *first: type[Record]
) -> Select[*tuple[Any, ...]]:
    """`first`, then the visit and the person of `about`, of one territory."""
    return (
        select(*first, Visit, WorkOrder, Customer, Site, Technician)
        .select_from(about)
        .join(Visit, Visit.id == about.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .join(Site, Site.id == Visit.site_id)
        .join(Technician, Technician.id == about.technician_id)
        .where(Visit.territory_id == territory_id)
        .limit(MOST)
    )


def _list_late(session: Session, territory_id: UUID) -> list[tuple[LateNotice, Assignment, Known]]:
    """The latest word of everybody of the crowd who is not there yet; the longest wait first."""
    rows = session.execute(
        _known(Assignment, territory_id, LateNotice, Assignment)
        .join(
            LateNotice,
            (LateNotice.visit_id == Assignment.visit_id)
            & (LateNotice.technician_id == Assignment.technician_id),
        )
        .where(
            Assignment.status.in_((AssignmentStatus.CONFIRMED, AssignmentStatus.ACTIVE)),
            Technician.employment.in_(CROWD),
            Visit.status.in_(NOT_THERE_YET),
            LateNotice.created_at >= Assignment.created_at,
        )
        .order_by(LateNotice.id)
    )
    latest = {row[1].id: (row[0], row[1], Known(*row[2:])) for row in rows}
    return sorted(latest.values(), key=lambda row: row[0].arrives_at, reverse=True)


def _list_lost(session: Session, territory_id: UUID, since: datetime) -> list[Lost]:
    rows = [
        (row[0], Known(*row[1:]))
        for row in session.execute(
            _known(Assignment, territory_id, Assignment)
            .where(
                Technician.employment.in_(CROWD),
                Assignment.status.in_(LOST),
                Assignment.updated_at >= since,
            )
            .order_by(Assignment.updated_at.desc())
        )
    ]
    visit_ids = {known.visit.id for _, known in rows}
    payouts = _payouts_of(session, visit_ids)
    reviews = _reviews_of(session, [row.id for row, _ in rows])
    asked = _asked_of(session, visit_ids)
    found = []
    for row, known in rows:
        payout = payouts.get((row.visit_id, row.technician_id, LOST[row.status]))
        if payout is None and row.status is AssignmentStatus.REMOVED:
            continue
        found.append(Lost(row, known, payout, reviews.get(row.id), asked.get(row.visit_id, 0)))
    return found


def _payouts_of(
    session: Session, visit_ids: Collection[UUID]
) -> dict[tuple[UUID | None, UUID, PayoutKind], Payout]:
    rows = session.scalars(
        select(Payout).where(
            Payout.visit_id.in_(visit_ids),
            Payout.kind.in_(LOST.values()),
            Payout.status != PayoutStatus.REVERSED,
        )
    )
    return {(row.visit_id, row.technician_id, row.kind): row for row in rows}


def _reviews_of(session: Session, assignment_ids: Collection[UUID]) -> dict[UUID, UUID]:
    rows = session.execute(
        select(ScoreFact.assignment_id, Review.id)
        .join(ScoreFact, ScoreFact.id == Review.fact_id)
        .where(ScoreFact.assignment_id.in_(assignment_ids), Review.status == ReviewStatus.OPEN)
    )
    return {key: review_id for key, review_id in rows if key is not None}


def _asked_of(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many are asked now, by visit."""
    rows = session.execute(
        select(Offer.visit_id, func.count())
        .where(Offer.visit_id.in_(visit_ids), Offer.status.in_(OPEN))
        .group_by(Offer.visit_id)
    )
    return dict(rows.all())
