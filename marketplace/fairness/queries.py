"""Reads who could have been asked, who was, why not, and what it earned."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.technicians.models import Technician
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from marketplace.fairness.shares import Line, Taken, equal_pay
from marketplace.offers.lifecycle import OfferStatus
from marketplace.offers.models import Offer
from marketplace.waves.models import ASKED, Consideration


@dataclass(frozen=True)
class Count:
    """How often one person was considered with one outcome; able: could have taken the visit."""

    technician_id: UUID
    code: str
    is_able: bool
    times: int
    ahead: float


@dataclass(frozen=True)
class Told:
    """One time somebody was thought of, with how many others could and were asked."""

    consideration: Consideration
    work_type: str
    able: int
    asked: int


def list_lines(
    session: Session,
    since: datetime,
    currency: str,
    technician_ids: Collection[UUID] | None = None,
) -> list[Line]:
    """A line for each person who was considered since then, the furthest ahead first; pay agreed
    in another currency is left out."""
    counts: dict[UUID, list[Count]] = defaultdict(list)
    for count in _counts(session, since):
        counts[count.technician_id].append(count)
    taken = list_taken(session, since)
    equal = equal_pay([one for one in taken if one.currency == currency])
    lines = [
        _line(key, own, [one for one in taken if one.technician_id == key], currency, equal)
        for key, own in counts.items()
        if technician_ids is None or key in technician_ids
    ]
    return sorted(lines, key=lambda line: (-line.ahead, line.technician_id))


def _line(
    key: UUID,
    own: Sequence[Count],
    taken: Sequence[Taken],
    currency: str,
    equal: Mapping[UUID, float],
) -> Line:
    return Line(
        technician_id=key,
        times_able=sum(count.times for count in own if count.is_able),
        asked=sum(count.times for count in own if count.is_able and count.code == ASKED),
        accepted=len(taken),
        ahead=sum(count.ahead for count in own),
        agreed_cents=sum(one.cents for one in taken if one.currency == currency),
        equal_agreed_cents=round(equal.get(key, 0.0)),
        reasons={
            code: sum(count.times for count in own if count.code == code)
            for code in sorted({count.code for count in own} - {ASKED})
        },
    )


def _counts(session: Session, since: datetime) -> list[Count]:
    is_able = Consideration.gained.is_not(None)
    rows = session.execute(
        select(
            Consideration.technician_id,
            Consideration.code,
            is_able,
            func.count(),
            func.sum(Consideration.gained),
        )
        .where(Consideration.decided_at >= since)
        .group_by(Consideration.technician_id, Consideration.code, is_able)
    )
    return [Count(key, code, able, times, ahead or 0.0) for key, code, able, times, ahead in rows]


def list_taken(session: Session, since: datetime) -> list[Taken]:
    """The visits taken by offers since then that are not given back, and who else could have."""
    taken = session.execute(
        select(Offer.visit_id, Offer.technician_id, Offer.pay_cents, Offer.currency)
        .join(Assignment, Assignment.id == Offer.assignment_id)
        .where(
            Offer.status == OfferStatus.ACCEPTED,
            Offer.created_at >= since,
            occupying(),
        )
        .order_by(Offer.id)
    ).all()
    able: dict[UUID, set[UUID]] = defaultdict(set)
    for visit_id, technician_id in session.execute(
        select(Consideration.visit_id, Consideration.technician_id)
        .where(
            Consideration.visit_id.in_({row.visit_id for row in taken}),
            Consideration.gained.is_not(None),
        )
        .distinct()
    ):
        able[visit_id].add(technician_id)
    return [
        Taken(technician_id, cents, currency, able[visit_id])
        for visit_id, technician_id, cents, currency in taken
    ]


def names_of(session: Session, technician_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(Technician.id, Technician.name).where(Technician.id.in_(technician_ids))
    )
    return {row.id: row.name for row in rows}


def list_considered(
    session: Session, technician_id: UUID, since: datetime, limit: int, before: int | None
) -> list[Consideration]:
    """The times since then that the person was thought of, newest first."""
    statement = select(Consideration).where(
        Consideration.technician_id == technician_id, Consideration.decided_at >= since
    )
    if before is not None:
        statement = statement.where(Consideration.id < before)
    return list(session.scalars(statement.order_by(Consideration.id.desc()).limit(limit)))


def told(session: Session, considerations: Sequence[Consideration]) -> list[Told]:
    """With the work it was about, and how many could and were asked."""
    visits = {row.visit_id for row in considerations}
    kinds = {
        row.id: row.name
        for row in session.execute(
            select(Visit.id, WorkType.name)
            .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
            .join(WorkType, WorkType.id == WorkOrder.work_type_id)
            .where(Visit.id.in_(visits))
        )
    }
    waves = {
        (visit_id, wave, at): (able, asked)
        for visit_id, wave, at, able, asked in session.execute(
            select(
                Consideration.visit_id,
                Consideration.wave,
                Consideration.decided_at,
                func.count(Consideration.gained),
                func.count().filter(Consideration.code == ASKED),
            )
            .where(Consideration.visit_id.in_(visits))
            .group_by(Consideration.visit_id, Consideration.wave, Consideration.decided_at)
        )
    }
    return [
        Told(row, kinds[row.visit_id], *waves[row.visit_id, row.wave, row.decided_at])
        for row in considerations
    ]
