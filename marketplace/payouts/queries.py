"""Reads of payouts, and of what happened at visits that decides about them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from dispatch.scheduling.assignments.lifecycle import BARRED, OCCUPYING, AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.technicians.models import Technician
from dispatch.work_orders.lifecycle import VisitStatus
from dispatch.work_orders.models import Visit
from kernel.errors import NotFound
from marketplace.crowd.matching import CROWD
from marketplace.offers.lifecycle import OPEN, OfferStatus
from marketplace.offers.models import Offer
from marketplace.payouts.lifecycle import PAYABLE, PayoutKind, PayoutStatus
from marketplace.payouts.models import Payout

OVER = frozenset({VisitStatus.COMPLETED, VisitStatus.INCOMPLETE, VisitStatus.CANCELLED})
GIVEN_UP = frozenset({AssignmentStatus.BACKED_OUT, AssignmentStatus.TECHNICIAN_NO_SHOW})
SAME_DAY = timedelta(hours=12)
"""A job moved by more than this is beside another no longer."""


class Agreed(NamedTuple):
    """What was agreed with a person for a visit."""

    technician: Technician
    cents: int
    currency: str
    starts_at: datetime
    status: AssignmentStatus
    ended_at: datetime
    ended_reason: str | None


def get_of_technician(session: Session, payout_id: UUID, technician_id: UUID) -> Payout:
    """The payout, or NotFound when it is somebody else's."""
    found = session.scalar(
        select(Payout).where(Payout.id == payout_id, Payout.technician_id == technician_id)
    )
    if found is None:
        raise NotFound("payout", payout_id)
    return found


def select_payouts(
    technician_ids: Collection[UUID] | None = None,
    status: PayoutStatus | None = None,
    visit_id: UUID | None = None,
) -> Select[Payout]:
    """To be paginated by id; of everybody when None."""
    statement = select(Payout)
    if technician_ids is not None:
        statement = statement.where(Payout.technician_id.in_(technician_ids))
    if status is not None:
        statement = statement.where(Payout.status == status)
    if visit_id is not None:
        statement = statement.where(Payout.visit_id == visit_id)
    return statement


def find_by_rule(
    session: Session, visit_id: UUID, technician_id: UUID, kind: PayoutKind
) -> Payout | None:
    return session.scalar(
        select(Payout).where(
            Payout.visit_id == visit_id,
            Payout.technician_id == technician_id,
            Payout.kind == kind,
            Payout.status != PayoutStatus.REVERSED,
        )
    )


def list_unapproved_ids(session: Session, visit_id: UUID) -> list[UUID]:
    """Of what is owed by rule for a visit."""
    return list(
        session.scalars(
            select(Payout.id).where(
                Payout.visit_id == visit_id,
                Payout.status == PayoutStatus.EARNED,
                Payout.kind.in_([PayoutKind.PAY, PayoutKind.CALL_OUT]),
            )
        )
    )


def list_due(session: Session, limit: int) -> list[Payout]:
    """Earned ones that nobody approved in time, locked; those in somebody's hands are left out."""
    return list(
        session.scalars(
            select(Payout)
            .where(
                Payout.status == PayoutStatus.EARNED,
                Payout.approve_by <= select(func.app_now()).scalar_subquery(),
            )
            .order_by(Payout.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def lock_payable(session: Session) -> list[Payout]:
    """What the next run pays: approved and not on its way; locked, by payee."""
    return list(
        session.scalars(
            select(Payout)
            .where(Payout.status.in_(PAYABLE), Payout.transfer_id.is_(None))
            .order_by(Payout.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def list_of_transfer_ids(session: Session, transfer_id: UUID) -> list[UUID]:
    return list(session.scalars(select(Payout.id).where(Payout.transfer_id == transfer_id)))


def was_offered(session: Session, visit_id: UUID) -> bool:
    found = session.scalar(select(Offer.id).where(Offer.visit_id == visit_id).limit(1))
    return found is not None


def most_owed(session: Session, visit: Visit) -> dict[str, int]:
    """The dearest offer that is open or stands for a visit, by currency; none when it is over."""
    if visit.status in OVER:
        return {}
    standing = select(Assignment.id).where(
        Assignment.visit_id == Offer.visit_id,
        Assignment.technician_id == Offer.technician_id,
        occupying(),
    )
    rows = session.execute(
        select(Offer.currency, func.max(Offer.pay_cents + Offer.apart_cents))
        .where(
            Offer.visit_id == visit.id,
            or_(
                Offer.status.in_(OPEN),
                (Offer.status == OfferStatus.ACCEPTED) & standing.exists(),
            ),
        )
        .group_by(Offer.currency)
    )
    return {row[0]: row[1] for row in rows}


def list_agreed(
    session: Session, visit_id: UUID, technician_id: UUID | None = None
) -> list[Agreed]:
    """The last that was agreed with each freelancer or partner who has or had the visit."""
    accepted = (
        select(
            (Offer.pay_cents + case((_is_apart(), Offer.apart_cents), else_=0)).label("cents"),
            Offer.currency,
        )
        .where(
            Offer.visit_id == visit_id,
            Offer.technician_id == Assignment.technician_id,
            Offer.status == OfferStatus.ACCEPTED,
        )
        .order_by(Offer.id.desc())
        .limit(1)
        .correlate(Assignment)
        .lateral()
    )
    statement = (
        select(
            Technician,
            func.coalesce(accepted.c.cents, Assignment.cost_cents),
            func.coalesce(accepted.c.currency, Technician.currency),
            Assignment.starts_at,
            Assignment.status,
            Assignment.updated_at,
            Assignment.ended_reason,
        )
        .join(Technician, Technician.id == Assignment.technician_id)
        .outerjoin(accepted, accepted.c.cents.is_not(None))
        .where(Assignment.visit_id == visit_id, Technician.employment.in_(CROWD))
        .order_by(Assignment.technician_id, Assignment.id.desc())
    )
    if technician_id is not None:
        statement = statement.where(Assignment.technician_id == technician_id)
    latest = groupby((Agreed(*row) for row in session.execute(statement)), _person_of)
    return [next(agreed) for _, agreed in latest]


def _is_apart() -> ColumnElement[bool]:
    """The job beside which this one was offered fell away, and the person did not give it up."""
    theirs = aliased(Assignment)
    standing = select(theirs.id).where(
        theirs.visit_id == Offer.beside_visit_id,
        theirs.technician_id == Offer.technician_id,
        or_(theirs.status.in_(OCCUPYING | GIVEN_UP), theirs.ended_reason.in_(BARRED)),
        theirs.starts_at.between(Assignment.starts_at - SAME_DAY, Assignment.starts_at + SAME_DAY),
    )
    return Offer.beside_visit_id.is_not(None) & ~standing.correlate(Offer, Assignment).exists()


def _person_of(agreed: Agreed) -> UUID:
    return agreed.technician.id
