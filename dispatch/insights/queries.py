"""The figures of one day, counted in SQL over the slices that own the facts.

A day is a date in the time zone of each territory; what has no territory counts in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dispatch.scheduling.assignments.lifecycle import OCCUPYING
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.territories.models import Territory
from dispatch.work_orders.lifecycle import OPEN_VISITS, VisitStatus
from dispatch.work_orders.models import SlaClock, Visit, WorkOrder

REPEAT_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class DayFigures:
    """Percentages are None when there was nothing to count."""

    day: date
    territory_id: UUID | None
    work_orders_by_source: dict[str, int]
    work_orders_by_status: dict[str, int]
    visits_by_status: dict[str, int]
    sla_met_pct: float | None
    on_time_pct: float | None
    travel_minutes_per_visit: float | None
    first_time_fix_pct: float | None
    open_at_risk: int


def day_figures(session: Session, day: date, territory_id: UUID | None = None) -> DayFigures:
    """Reading needs nine short SELECTs, however many visits the day had."""
    span = _Span(day, territory_id)
    return DayFigures(
        day=day,
        territory_id=territory_id,
        work_orders_by_source=_counts(session, _reported(span, WorkOrder.source)),
        work_orders_by_status=_counts(session, _reported(span, WorkOrder.status)),
        visits_by_status=_counts(session, _visits_by_status(span)),
        sla_met_pct=_share(session, _sla_met(span)),
        on_time_pct=_share(session, _on_time(span)),
        travel_minutes_per_visit=_rounded(session.scalar(_travel(span))),
        first_time_fix_pct=_share(session, _first_time_fix(span)),
        open_at_risk=session.scalar(_open_at_risk(territory_id)) or 0,
    )


class _Span:
    """The rows of one day, and of one territory if named."""

    def __init__(self, day: date, territory_id: UUID | None) -> None:
        self.day = day
        self.territory_id = territory_id
        midnight = datetime.combine(day, time(), UTC)
        self.earliest = midnight - timedelta(days=1)
        self.latest = midnight + timedelta(days=2)

    def covers(self, at: Any, owner: type[WorkOrder] | type[Visit]) -> ColumnElement[bool]:
        """`at` lies on the day where `owner` is; the plain range lets an index help."""
        zone = (
            select(Territory.time_zone)
            .where(Territory.id == owner.territory_id)
            .correlate(owner)
            .scalar_subquery()
        )
        local = cast(func.timezone(func.coalesce(zone, "UTC"), at), Date)
        rule = and_(at >= self.earliest, at < self.latest, local == self.day)
        if self.territory_id is not None:
            rule = and_(rule, owner.territory_id == self.territory_id)
        return rule


def _reported(span: _Span, what: InstrumentedAttribute[Any]) -> Select[Any, int]:
    return (
        select(what, func.count())
        .where(span.covers(WorkOrder.reported_at, WorkOrder))
        .group_by(what)
    )


def _visits_by_status(span: _Span) -> Select[Any, int]:
    """A visit's day is when it ended, else when it is planned, else when it was made."""
    planned_at = (
        select(func.min(Assignment.starts_at))
        .where(Assignment.visit_id == Visit.id, Assignment.status.in_(OCCUPYING))
        .correlate(Visit)
        .scalar_subquery()
    )
    day_of = func.coalesce(Visit.finished_at, planned_at, Visit.created_at)
    return (
        select(Visit.status, func.count()).where(span.covers(day_of, Visit)).group_by(Visit.status)
    )


def _sla_met(span: _Span) -> Select[int, int]:
    """Of the clocks that were met that day or ran out unmet, those met in time."""
    decided_at = case((SlaClock.met_at.is_not(None), SlaClock.met_at), else_=SlaClock.due_at)
    return (
        select(func.count().filter(SlaClock.breached.is_(False)), func.count())
        .select_from(SlaClock)
        .join(WorkOrder, WorkOrder.id == SlaClock.work_order_id)
        .where(
            or_(SlaClock.met_at.is_not(None), SlaClock.breached.is_(True)),
            SlaClock.stopped.is_(False),
            span.covers(decided_at, WorkOrder),
        )
    )


def _on_time(span: _Span) -> Select[int, int]:
    """Of the arrivals that were promised, those not after the promised window."""
    return (
        select(func.count().filter(Visit.on_site_at <= Booking.arrival_end), func.count())
        .select_from(Visit)
        .join(Booking, Booking.visit_id == Visit.id)
        .where(Booking.status != BookingStatus.CANCELLED, span.covers(Visit.on_site_at, Visit))
    )


def _travel(span: _Span) -> Select[Any]:
    """Minutes from setting out to arriving, on average over the arrivals of the day."""
    seconds = func.avg(extract("epoch", Visit.on_site_at - Visit.en_route_at))
    return select(seconds / 60).where(
        Visit.en_route_at.is_not(None), span.covers(Visit.on_site_at, Visit)
    )


def _first_time_fix(span: _Span) -> Select[int, int]:
    """Of the orders completed by visits: those with one visit and no repeat within 30 days.

    A repeat is a later order for the same fault of the same asset.
    """
    worked = (
        select(func.count())
        .where(Visit.work_order_id == WorkOrder.id, Visit.status != VisitStatus.CANCELLED)
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    again = aliased(WorkOrder)
    repeat = exists().where(
        again.asset_id == WorkOrder.asset_id,
        again.fault_class == WorkOrder.fault_class,
        again.id != WorkOrder.id,
        again.reported_at > WorkOrder.completed_at,
        again.reported_at <= WorkOrder.completed_at + REPEAT_WITHIN,
    )
    fixed = and_(worked == 1, ~repeat)
    return select(func.count().filter(fixed), func.count()).where(
        worked > 0, span.covers(WorkOrder.completed_at, WorkOrder)
    )


def _open_at_risk(territory_id: UUID | None) -> Select[int]:
    statement = select(func.count(Visit.id)).where(
        Visit.at_risk.is_(True), Visit.status.in_(OPEN_VISITS)
    )
    if territory_id is not None:
        statement = statement.where(Visit.territory_id == territory_id)
    return statement


def _counts(session: Session, statement: Select[Any, int]) -> dict[str, int]:
    return {str(name): number for name, number in session.execute(statement)}


def _share(session: Session, statement: Select[int, int]) -> float | None:
    good, whole = session.execute(statement).one()
    return _rounded(100 * good / whole) if whole else None


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 1)
