"""Loads freelancers with all that decides whether they can take a visit."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.technicians.clearance.rules import NEVER, valid_until
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.queries import (
    TechnicianForPlanning,
    list_for_planning,
    technicians_matching,
)
from dispatch.territories.models import Territory
from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.geo import Point
from marketplace.availability.models import WeeklyHours
from marketplace.availability.queries import list_hours, minutes_by_week
from marketplace.crowd.matching import CROWD, Freelancer, Interval, OwnJob, SkillHeld
from marketplace.rate_cards.models import RateCard
from marketplace.rate_cards.queries import cards_in_force
from marketplace.terms.queries import without_consent

UNBOUND = ("terms_missing", "Has not agreed to the present terms.")
OPENS, CLOSES = time(8), time(18)
"""When a freelancer who publishes no shifts is taken to be available, local time."""


def has_freelancers(session: Session) -> bool:
    """Whether anybody could be asked at all."""
    found = technicians_matching(employment=Employment.FREELANCE).limit(1)
    return session.scalar(found) is not None


def list_freelancers(
    session: Session,
    start: datetime,
    end: datetime,
    *,
    technician_ids: Collection[UUID] | None = None,
    asked_before: Collection[UUID] = (),
) -> list[Freelancer]:
    """The active crowd with its free and taken time in `[start, end)`.

    Or the named technicians, whoever employs them, as far as they are active.
    """
    known = list_for_planning(
        session,
        None,
        start,
        end,
        technician_ids=technician_ids,
        employments=[Employment(name) for name in CROWD] if technician_ids is None else None,
    )
    zones = _time_zones(session, {one.technician.territory_id for one in known})
    ids = [one.technician.id for one in known]
    local = {one.technician.id: zones[one.technician.territory_id] for one in known}
    taken, own_jobs = _occupied(session, ids, start, end), _own_jobs(session, ids, start, end)
    hours = defaultdict[UUID, list[WeeklyHours]](list)
    for row in list_hours(session, ids):
        hours[row.technician_id].append(row)
    cards, weeks = cards_in_force(session, ids), minutes_by_week(session, local, start, end)
    unbound = without_consent(session, ids, now(session))
    found = []
    for one in known:
        key = one.technician.id
        own, zone = hours[key], local[key]
        usual = own_hours(own, start, end, zone) if own else usual_hours(start, end, zone)
        person = _freelancer(
            one,
            usual=list(usual),
            occupied=taken[key],
            asked_before=key in asked_before,
            card=cards.get(key),
        )
        week_minutes = weeks.get(key, {})
        person = replace(person, week_minutes=week_minutes, zone=zone, own_jobs=own_jobs[key])
        if key in unbound and person.employment == Employment.FREELANCE:
            person = replace(person, cleared_until=NEVER, bar=UNBOUND)
        found.append(person)
    return found


def own_hours(
    weekly: Collection[WeeklyHours], start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Interval]:
    """The weekly hours of each local day that two moments touch, in UTC."""
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        for row in weekly:
            if row.weekday == day.weekday():
                yield (
                    datetime.combine(day, row.opens, zone).astimezone(UTC),
                    datetime.combine(day, row.closes, zone).astimezone(UTC),
                )
        day += timedelta(days=1)


def usual_hours(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Interval]:
    """Working hours of each local day that two moments touch, in UTC."""
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        yield (
            datetime.combine(day, OPENS, zone).astimezone(UTC),
            datetime.combine(day, CLOSES, zone).astimezone(UTC),
        )
        day += timedelta(days=1)


def _freelancer(
    known: TechnicianForPlanning,
    *,
    usual: list[Interval],
    occupied: list[Interval],
    asked_before: bool,
    card: RateCard | None,
) -> Freelancer:
    person = known.technician
    most = person.max_week_hours
    return Freelancer(
        technician_id=person.id,
        employment=person.employment,
        active=person.active,
        home=Point(person.latitude, person.longitude),
        max_travel_km=person.max_travel_km,
        hourly_cents=person.hourly_cents,
        travel_cents_per_hour=person.travel_cents_per_hour,
        currency=person.currency,
        speed_pct=person.speed_pct,
        skills=[
            SkillHeld(held.skill, held.level, held.valid_from, held.valid_until)
            for held in known.skills
        ],
        credentials=valid_until(known.credentials),
        cleared_until=known.clearance.until,
        bar=(known.clearance.code, known.clearance.sentence),
        skill_cents=card.skill_cents if card else {},
        minimum_cents=card.minimum_cents if card else 0,
        max_week_minutes=None if most is None else most * 60,
        available=[(shift.starts_at, shift.ends_at) for shift in known.shifts] or usual,
        busy=[*occupied, *((away.starts_at, away.ends_at) for away in known.absences)],
        asked_before=asked_before,
    )


def _time_zones(session: Session, territory_ids: Collection[UUID]) -> dict[UUID, ZoneInfo]:
    rows = session.execute(
        select(Territory.id, Territory.time_zone).where(Territory.id.in_(territory_ids))
    )
    return {territory_id: ZoneInfo(zone) for territory_id, zone in rows}


def _occupied(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[Interval]]:
    """Assigned and held time of the technicians, trips included."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    begins, ends = func.lower(Assignment.busy), func.upper(Assignment.busy)
    for technician_id, busy_from, busy_until in session.execute(
        select(Assignment.technician_id, begins, ends).where(
            Assignment.technician_id.in_(technician_ids), occupying(), begins < end, ends > start
        )
    ):
        found[technician_id].append((busy_from, busy_until))
    return found


def _own_jobs(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[OwnJob]]:
    """What the technicians are to do then, and where; a customer's hold is no job yet."""
    found: dict[UUID, list[OwnJob]] = defaultdict(list)
    for technician_id, visit_id, latitude, longitude, starts_at, ends_at in session.execute(
        select(
            Assignment.technician_id,
            Assignment.visit_id,
            Site.latitude,
            Site.longitude,
            Assignment.starts_at,
            Assignment.ends_at,
        )
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Assignment.technician_id.in_(technician_ids),
            occupying(),
            Assignment.status != AssignmentStatus.HELD,
            Assignment.starts_at < end,
            Assignment.ends_at > start,
        )
    ):
        place = Point(latitude, longitude)
        found[technician_id].append(OwnJob(visit_id, place, starts_at, ends_at))
    return found
