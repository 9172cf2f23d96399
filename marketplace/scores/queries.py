"""Reads of scores, and of the records that facts are taken from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.feedback.queries import find_rating
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.queries import find_latest
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit
from kernel.db import get
from kernel.errors import NotFound
from marketplace.crowd.matching import CROWD
from marketplace.payouts.lifecycle import PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout
from marketplace.scores.lifecycle import FactKind
from marketplace.scores.models import ScoreChange, ScoreFact
from marketplace.scores.scoring import Fact
from marketplace.scores.words import whole_hours, whole_minutes
from marketplace.trust_terms.models import TrustTerms

APPROVED = (PayoutStatus.APPROVED, PayoutStatus.RESOLVED, PayoutStatus.PAID)
USUAL_STARS, FEWEST_RATINGS = 4.2, 20
"""Everybody's mean rating until there are so many."""
_A = AssignmentStatus


@dataclass(frozen=True)
class Finding:
    """What the records say about an assignment."""

    assignment: Assignment
    kind: FactKind
    value: int | None
    happened_at: datetime


def list_findings(session: Session, visit_id: UUID, terms: TrustTerms) -> list[Finding]:
    """All that the records of a visit say now about the freelancers and partners it had."""
    visit = get(session, Visit, visit_id)
    booking = find_latest(session, visit_id)
    promised = None
    if booking is not None and booking.status is not BookingStatus.CANCELLED:
        promised = booking.arrival_end
    found: list[Finding | None] = []
    for assignment in list_of_crowd(session, visit_id):
        match assignment.status:
            case _A.DONE:
                found += [
                    _attendance(visit, assignment, promised, terms),
                    _approval(session, assignment),
                    _rating(session, assignment),
                ]
            case _A.BACKED_OUT:
                found.append(_back_out(assignment, terms))
            case _A.TECHNICIAN_NO_SHOW:
                found.append(Finding(assignment, FactKind.NO_SHOW, None, assignment.starts_at))
    return [finding for finding in found if finding is not None]


def list_of_crowd(session: Session, visit_id: UUID) -> list[Assignment]:
    """Every assignment that a freelancer or partner ever had of the visit."""
    return list(
        session.scalars(
            select(Assignment)
            .join(Technician, Technician.id == Assignment.technician_id)
            .where(Assignment.visit_id == visit_id, Technician.employment.in_(CROWD))
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
    )


def _attendance(
    visit: Visit, assignment: Assignment, promised: datetime | None, terms: TrustTerms
) -> Finding | None:
    if visit.on_site_at is None:
        return None
    late = visit.on_site_at - max(promised or assignment.starts_at, assignment.starts_at)
    if late <= timedelta(minutes=terms.late_minutes):
        return Finding(assignment, FactKind.ON_TIME, None, visit.on_site_at)
    return Finding(assignment, FactKind.LATE, whole_minutes(late), visit.on_site_at)


def _back_out(assignment: Assignment, terms: TrustTerms) -> Finding:
    notice = assignment.starts_at - assignment.updated_at
    kind = back_out_kind(notice, terms)
    return Finding(assignment, kind, whole_hours(notice), assignment.updated_at)


def back_out_kind(notice: timedelta, terms: TrustTerms) -> FactKind:
    is_early = notice >= timedelta(hours=terms.notice_hours)
    return FactKind.BACK_OUT_EARLY if is_early else FactKind.BACK_OUT_LATE


def _approval(session: Session, assignment: Assignment) -> Finding | None:
    at = session.scalar(
        select(Payout.updated_at).where(
            Payout.visit_id == assignment.visit_id,
            Payout.technician_id == assignment.technician_id,
            Payout.kind == PayoutKind.PAY,
            Payout.status.in_(APPROVED),
        )
    )
    return None if at is None else Finding(assignment, FactKind.APPROVED, None, at)


def is_in_doubt(session: Session, fact: ScoreFact) -> bool:
    """Whether the approval waits for a dispute: to dispute one's pay costs nothing meanwhile."""
    return fact.kind is FactKind.APPROVED and (
        session.scalar(
            select(Payout.id).where(
                Payout.visit_id == fact.visit_id,
                Payout.technician_id == fact.technician_id,
                Payout.kind == PayoutKind.PAY,
                Payout.status == PayoutStatus.DISPUTED,
            )
        )
        is not None
    )


def _rating(session: Session, assignment: Assignment) -> Finding | None:
    rating = find_rating(session, assignment.visit_id)
    if rating is None:
        return None
    return Finding(assignment, FactKind.RATED, rating.csat, rating.created_at)


def list_facts_of_visit(session: Session, visit_id: UUID) -> list[ScoreFact]:
    statement = select(ScoreFact).where(ScoreFact.visit_id == visit_id).order_by(ScoreFact.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def list_facts(session: Session, technician_id: UUID) -> list[ScoreFact]:
    """The newest first, those that do not count included; five hundred at most."""
    return list(
        session.scalars(
            select(ScoreFact)
            .where(ScoreFact.technician_id == technician_id)
            .order_by(ScoreFact.happened_at.desc(), ScoreFact.id.desc())
            .limit(500)
        )
    )


def get_fact_of(session: Session, fact_id: UUID, technician_id: UUID) -> ScoreFact:
    """The fact, or NotFound when it is about somebody else."""
    fact = session.get(ScoreFact, fact_id)
    if fact is None or fact.technician_id != technician_id:
        raise NotFound("score_fact", fact_id)
    return fact


def list_counting(session: Session, technician_id: UUID) -> list[Fact]:
    """What counts for a score now."""
    rows = session.execute(
        select(ScoreFact.kind, ScoreFact.happened_at, ScoreFact.value)
        .where(ScoreFact.technician_id == technician_id, ScoreFact.dropped.is_(None))
        .order_by(ScoreFact.happened_at, ScoreFact.id)
    )
    return [
        Fact(kind, happened_at, value if kind is FactKind.RATED else None)
        for kind, happened_at, value in rows
    ]


def usual_stars(session: Session) -> float:
    """Everybody's mean rating."""
    mean, many = session.execute(
        select(func.avg(ScoreFact.value), func.count()).where(
            ScoreFact.kind == FactKind.RATED, ScoreFact.dropped.is_(None)
        )
    ).one()
    return float(mean) if many >= FEWEST_RATINGS else USUAL_STARS


def points_of(session: Session, technician_ids: Collection[UUID]) -> dict[UUID, int]:
    """The present score of each who has one that ever changed."""
    newest = (
        select(func.max(ScoreChange.id))
        .where(ScoreChange.technician_id.in_(technician_ids))
        .group_by(ScoreChange.technician_id)
    )
    rows = session.execute(
        select(ScoreChange.technician_id, ScoreChange.after).where(ScoreChange.id.in_(newest))
    )
    return {row.technician_id: row.after for row in rows}


def list_changes(session: Session, technician_id: UUID) -> list[ScoreChange]:
    """The newest first, two hundred at most."""
    return list(
        session.scalars(
            select(ScoreChange)
            .where(ScoreChange.technician_id == technician_id)
            .order_by(ScoreChange.id.desc())
            .limit(200)
        )
    )


def select_scored() -> Select[Technician]:
    """The active crowd, to be paginated by id."""
    return select(Technician).where(Technician.employment.in_(CROWD), Technician.active)
