"""Reading the stops of technicians with their places."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.parts.depots.models import Depot
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.scheduling.trips.routes import Stop, Via
from dispatch.technicians.models import Shift
from dispatch.travel.service import refresh
from dispatch.work_orders.models import Visit
from kernel.db import among_given, get
from kernel.geo import Point

# Built once: to put each together took longer than the database needs for it.
STOPS = (
    select(Assignment, Site.latitude, Site.longitude, Depot)
    .join(Visit, Visit.id == Assignment.visit_id)
    .join(Site, Site.id == Visit.site_id)
    .outerjoin(Depot, Depot.id == Assignment.depot_id)
    .where(
        among_given(Assignment.technician_id, "technician_ids"),
        occupying(),
        Assignment.starts_at < bindparam("until"),
        Assignment.ends_at > bindparam("since"),
    )
    .order_by(Assignment.starts_at, Assignment.ends_at)
    .execution_options(populate_existing=True)
)
SHIFT_STARTS = (
    select(Shift.technician_id, Shift.starts_at)
    .where(
        among_given(Shift.technician_id, "technician_ids"),
        Shift.starts_at < bindparam("until"),
        Shift.ends_at > bindparam("since"),
    )
    .order_by(Shift.starts_at)
)


def place_of(session: Session, visit: Visit) -> Point:
    site = get(session, Site, visit.site_id)
    return Point(site.latitude, site.longitude)


def stops_of(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[tuple[Assignment, Stop]]]:
    """What these technicians have in `[start, end)`, in order of time, with the places."""
    refresh(session)
    found: dict[UUID, list[tuple[Assignment, Stop]]] = defaultdict(list)
    when = {"technician_ids": list(technician_ids), "since": start, "until": end}
    rows = session.execute(STOPS, when)
    for row, latitude, longitude, depot in rows:
        # work that ended early gave the rest of its time back
        end = min(row.ends_at, row.busy.upper or row.ends_at)
        here = Point(latitude, longitude)
        stop = Stop(row.visit_id, min(row.starts_at, end), end, here, via_of(depot))
        found[row.technician_id].append((row, stop))
    return found


def via_of(depot: Depot | None) -> Via | None:
    if depot is None:
        return None
    return Via(Point(depot.latitude, depot.longitude), depot.service_minutes * 60)


def vias_of(session: Session, depot_ids: Collection[UUID]) -> dict[UUID, Via]:
    """The passes of these depots."""
    if not depot_ids:
        return {}
    depots = session.scalars(select(Depot).where(Depot.id.in_(depot_ids)))
    return {depot.id: via for depot in depots if (via := via_of(depot)) is not None}


def shift_starts_of(
    session: Session, technician_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[datetime]]:
    """When the shifts that touch `[start, end)` begin, by technician."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    when = {"technician_ids": list(technician_ids), "since": start, "until": end}
    for technician_id, starts_at in session.execute(SHIFT_STARTS, when):
        found[technician_id].append(starts_at)
    return found
