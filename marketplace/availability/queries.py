"""Reads weekly hours, and how much of each week is taken."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from kernel.db import among
from marketplace.availability.models import WeeklyHours

Week = tuple[int, int]
"""Year and number of an ISO week."""
WEEK = timedelta(days=7)


def list_hours(session: Session, technician_ids: Collection[UUID]) -> Sequence[WeeklyHours]:
    return session.scalars(
        select(WeeklyHours)
        .where(among(WeeklyHours.technician_id, technician_ids))
        .order_by(WeeklyHours.weekday, WeeklyHours.opens)
    ).all()


def week_of(at: datetime, zone: tzinfo) -> Week:
    year, week, _ = at.astimezone(zone).isocalendar()
    return year, week


def minutes_by_week(
    session: Session, zones: Mapping[UUID, tzinfo], start: datetime, end: datetime
) -> dict[UUID, dict[Week, int]]:
    """Minutes of work, trips left out, that each has in the weeks that `[start, end)` touches."""
    found: dict[UUID, dict[Week, int]] = defaultdict(lambda: defaultdict(int))
    for technician_id, begins, ends in session.execute(
        select(Assignment.technician_id, Assignment.starts_at, Assignment.ends_at).where(
            among(Assignment.technician_id, list(zones)),
            occupying(),
            Assignment.starts_at < end + WEEK,
            Assignment.ends_at > start - WEEK,
        )
    ):
        week = week_of(begins, zones[technician_id])
        found[technician_id][week] += (ends - begins) // timedelta(minutes=1)
    return found
