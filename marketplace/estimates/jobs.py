"""What visits ask of freelancers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.work_orders.models import Visit
from kernel.geo import Point
from marketplace.crowd import matching
from marketplace.estimates import queries
from marketplace.offers import queries as offers

HORIZON = timedelta(days=3)
"""How far ahead a start is proposed when the visit names no window."""


def jobs_of(session: Session, visits: Sequence[Visit], at: datetime) -> list[matching.Job]:
    """What each visit asks of a freelancer who is asked now; three SELECTs for all of them."""
    sites = queries.sites_by_id(session, {visit.site_id for visit in visits})
    ids = [visit.id for visit in visits]
    promises = confirmed_by_visit(session, ids)
    gone = offers.backed_out_by_visit(session, ids)
    return [
        _job(visit, sites[visit.site_id], promises.get(visit.id), gone[visit.id], at)
        for visit in visits
    ]


def _job(
    visit: Visit, site: Site, promise: Booking | None, gone: set[UUID], at: datetime
) -> matching.Job:
    opens, closes = (
        (promise.arrival_start, promise.arrival_end)
        if promise
        else (visit.window_start, visit.window_end)
    )
    earliest = max(moment for moment in (at, opens, visit.earliest_at) if moment is not None)
    latest = closes or earliest + HORIZON
    if promise is None and visit.due_at is not None and visit.due_at > earliest:
        latest = min(latest, visit.due_at)
    return matching.Job(
        visit_id=visit.id,
        place=Point(site.latitude, site.longitude),
        skills=[(need["skill"], need["level"]) for need in visit.skills],
        credentials=visit.credentials,
        minutes=visit.duration_minutes,
        ready_at=at + matching.SHORTEST_LIFETIME,
        earliest=earliest,
        latest=latest,
        required=frozenset(visit.required_technician_ids),
        excluded=frozenset(visit.excluded_technician_ids) | gone,
        preferred=frozenset(visit.preferred_technician_ids),
        zone=ZoneInfo(site.time_zone),
        is_promised=promise is not None,
    )
