"""Reads what freelancers have of a territory's visits, where its policy bounds that."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import day_bounds, occupying
from dispatch.scheduling.bookings.lifecycle import BookingStatus
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.crowd_shares.counting import Counted, Share, Shares
from dispatch.scheduling.crowd_shares.ports import crowd_asked
from dispatch.scheduling.policies.queries import Policies, policies_in_force
from dispatch.scheduling.policies.rules import Rules
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Technician
from dispatch.territories.models import Territory
from dispatch.territories.queries import get_territory, list_territories
from dispatch.work_orders.lifecycle import WAITING_VISITS, VisitStatus
from dispatch.work_orders.models import Visit, WorkOrder, WorkType
from dispatch.work_orders.queries import is_plannable
from kernel import clock


def shares_by_territory(
    session: Session,
    policies: Policies,
    territory_ids: Iterable[UUID],
    start: datetime,
    end: datetime,
) -> dict[UUID, Shares]:
    """For work between `start` and `end`, of the territories whose rules bound shares."""
    bounded = {key for key in territory_ids if policies.of(key).bounds_crowd}
    found = {}
    for territory in list_territories(session, bounded) if bounded else ():
        zone = ZoneInfo(territory.time_zone)
        days = start.astimezone(zone).date(), end.astimezone(zone).date()
        found[territory.id] = _shares(session, territory, policies.of(territory.id), *days)
    return found


def used_up(session: Session, wanted: Mapping[UUID, datetime]) -> Share | None:
    """The first share that has no room for freelancers to do these visits, all of one territory,
    at these times; None where there is room, or no bound.

    Whoever asks about a bounded territory waits for others who do, until they have committed.
    """
    visits = session.scalars(select(Visit).where(Visit.id.in_(wanted))).all()
    territory_id = visits[0].territory_id if visits else None
    rules = policies_in_force(session).of(territory_id)
    if territory_id is None or not rules.bounds_crowd:
        return None
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('firstfix.crowd_shares'))"))
    territory = get_territory(session, territory_id)
    zone = ZoneInfo(territory.time_zone)
    day_of = {key: at.astimezone(zone).date() for key, at in wanted.items()}
    shares = _shares(session, territory, rules, min(day_of.values()), max(day_of.values()))
    return full_share(shares, day_of)


def days_used_up(session: Session, visit: Visit, days: Sequence[date]) -> set[date]:
    """On which of these local days freelancers may not have the visit."""
    rules = policies_in_force(session).of(visit.territory_id)
    if visit.territory_id is None or not rules.bounds_crowd or not days:
        return set()
    territory = get_territory(session, visit.territory_id)
    shares = _shares(session, territory, rules, min(days), max(days))
    return {day for day in days if full_share(shares, {visit.id: day})}


def full_share(shares: Shares, day_of: Mapping[UUID, date]) -> Share | None:
    """The first share without room for these visits together on these days."""
    types = {key: shares.work_type_of(key) for key in day_of}
    for day in sorted(set(day_of.values())):
        first, last = shares.days_of(day)
        there = {key for key, own in day_of.items() if first <= own <= last}
        for share in shares.of(day, sorted({types[key] for key in there}), there):
            asked = [key for key in there if share.work_type in (None, types[key])]
            if len(asked) > share.room:
                return share
    return None


def _shares(
    session: Session, territory: Territory, rules: Rules, first: date, last: date
) -> Shares:
    """Of every day between these two."""
    zone, today = ZoneInfo(territory.time_zone), clock.now(session)
    asked = crowd_asked()(session, territory.id)
    since = first - timedelta(days=rules.crowd_share_days - 1)
    start = day_bounds(since, territory.time_zone)[0]
    end = day_bounds(last, territory.time_zone)[1]
    found: dict[UUID, Counted] = {}
    for row in _visits(session, territory.id, start, end):
        at = row.starts_at or asked.get(row.id) or max(row.wanted_at or today, today)
        with_crowd = row.employment is Employment.FREELANCE or row.id in asked or row.is_tentative
        known = found.get(row.id)
        if known is not None:  # somebody else of the same crew
            with_crowd |= known.with_crowd
        found[row.id] = Counted(row.id, row.code, at.astimezone(zone).date(), with_crowd)
    names = dict(
        session.execute(
            select(WorkType.code, WorkType.name).where(
                WorkType.code.in_(rules.crowd_share_pct_by_work_type)
            )
        ).all()
    )
    return Shares(rules, territory.name, zone, names, found.values())


def _visits(session: Session, territory_id: UUID, start: datetime, end: datetime) -> Sequence[Any]:
    """What is planned or done between the two, and what waits and nothing keeps back."""
    tentative = and_(Assignment.id.is_(None), Booking.confirm_by.is_not(None))
    return session.execute(
        select(
            Visit.id,
            WorkType.code,
            Assignment.starts_at,
            Technician.employment,
            tentative.label("is_tentative"),
            func.coalesce(Booking.arrival_start, Visit.window_start, Visit.due_at).label(
                "wanted_at"
            ),
        )
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(WorkType, WorkType.id == WorkOrder.work_type_id)
        .outerjoin(Assignment, and_(Assignment.visit_id == Visit.id, occupying()))
        .outerjoin(Technician, Technician.id == Assignment.technician_id)
        .outerjoin(
            Booking,
            and_(Booking.visit_id == Visit.id, Booking.status == BookingStatus.CONFIRMED),
        )
        .where(
            Visit.territory_id == territory_id,
            Visit.status != VisitStatus.CANCELLED,
            or_(
                and_(Assignment.starts_at >= start, Assignment.starts_at < end),
                and_(Assignment.id.is_(None), Visit.status.in_(WAITING_VISITS), is_plannable()),
            ),
        )
    ).all()
