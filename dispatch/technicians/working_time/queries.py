"""Reading people's working time and what binds it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Shift, ShiftBreak, Technician
from dispatch.technicians.working_time.checking import Bounds, BrokenRule, broken_by
from dispatch.technicians.working_time.days import WEEK, Span
from dispatch.technicians.working_time.room import Room, room_of
from dispatch.technicians.working_time.rules import country_of, rules_of
from dispatch.technicians.working_time.weeks import WeekHours, weeks_of
from dispatch.territories.models import Territory
from dispatch.territories.queries import get_territory


@dataclass(frozen=True)
class BrokenShift:
    """A shift that breaks rules, and the reason somebody gave for it."""

    shift_id: UUID
    starts_at: datetime
    override_reason: str | None
    broken: list[BrokenRule]


def spans_of(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[Span]]:
    """Shifts that touch `[start, end)` with the length of their breaks, in one SELECT."""
    rest = (
        select(func.coalesce(func.sum(ShiftBreak.minutes), 0))
        .where(ShiftBreak.shift_id == Shift.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Shift.technician_id,
            Shift.starts_at,
            Shift.ends_at,
            rest,
            Shift.id,
            Shift.override_reason.is_not(None),
        )
        .where(
            Shift.technician_id.in_(technician_ids), Shift.starts_at < end, Shift.ends_at > start
        )
        .order_by(Shift.starts_at)
    )
    found: dict[UUID, list[Span]] = defaultdict(list)
    for key, starts_at, ends_at, minutes, shift_id, excused in rows:
        found[key].append(Span(starts_at, ends_at, timedelta(minutes=minutes), shift_id, excused))
    return found


def bounds_of(technician: Technician, territory: Territory, day: date) -> Bounds:
    """Employees are bound by the law of where they work, all by what was agreed with them."""
    own = technician.max_week_hours
    rules = None
    if technician.employment is not Employment.FREELANCE:
        rules = rules_of(country_of(technician.work_country, territory.region), day)
    return Bounds(rules, None if own is None else timedelta(hours=own))


def broken_beside(session: Session, technician: Technician, span: Span) -> list[BrokenRule]:
    """The rules that this shift breaks beside the others of the technician."""
    territory = get_territory(session, technician.territory_id)
    bounds = bounds_of(technician, territory, span.starts_at.date())
    weeks = max(bounds.rules.average_weeks if bounds.rules else 0, 1)
    spans = spans_of(
        session, [technician.id], span.starts_at - WEEK * (weeks + 1), span.ends_at + 2 * WEEK
    )
    others = [
        other
        for other in spans.get(technician.id, ())
        if span.shift_id is None or other.shift_id != span.shift_id
    ]
    return broken_by(span, others, bounds, territory.time_zone)


def broken_shifts(
    session: Session, technician: Technician, start: datetime, end: datetime
) -> list[BrokenShift]:
    """The technician's shifts in `[start, end)` that break rules."""
    spans = spans_of(session, [technician.id], start, end).get(technician.id, [])
    rows = session.execute(
        select(Shift.id, Shift.override_reason).where(
            Shift.id.in_([span.shift_id for span in spans])
        )
    )
    reasons: dict[UUID, str | None] = {key: reason for key, reason in rows}  # noqa: C416 dict() of rows does not type
    found = []
    for span in spans:
        assert span.shift_id is not None
        broken = broken_beside(session, technician, span)
        if broken:
            reason = reasons[span.shift_id]
            found.append(BrokenShift(span.shift_id, span.starts_at, reason, broken))
    return found


@dataclass
class Rooms:
    """What of each shift may be planned, by shift, and the hours of weeks, by technician."""

    of_shift: dict[UUID, Room] = field(default_factory=dict)
    weeks: dict[UUID, list[WeekHours]] = field(default_factory=dict)


def rooms_of(
    session: Session,
    technicians: Collection[Technician],
    shifts: Mapping[UUID, Collection[Shift]],
) -> Rooms:
    """Two SELECTs however many there are.

    Averages over months are a matter for whoever makes the shifts.
    """
    every = [shift for own in shifts.values() for shift in own]
    found = Rooms()
    if not every:
        return found
    territories = {
        territory.id: territory
        for territory in session.scalars(
            select(Territory).where(Territory.id.in_({t.territory_id for t in technicians}))
        )
    }
    start = min(shift.starts_at for shift in every) - 2 * WEEK
    end = max(shift.ends_at for shift in every) + 2 * WEEK
    spans = spans_of(session, [technician.id for technician in technicians], start, end)
    for technician in technicians:
        territory = territories[technician.territory_id]
        own = spans.get(technician.id, [])
        overtime = {
            shift.id: timedelta(minutes=shift.overtime_minutes)
            for shift in shifts.get(technician.id, ())
        }
        for span in own:
            if span.shift_id is None or span.shift_id not in overtime:
                continue
            others = [other for other in own if other is not span]
            bounds = bounds_of(technician, territory, span.starts_at.date())
            found.of_shift[span.shift_id] = room_of(
                span, overtime[span.shift_id], others, bounds, territory.time_zone
            )
        bounds_on = partial(bounds_of, technician, territory)
        weeks = weeks_of(own, bounds_on, territory.time_zone)
        here = {span.shift_id for span in own if span.shift_id in overtime}
        found.weeks[technician.id] = [week for week in weeks if here & week.shares.keys()]
    return found
