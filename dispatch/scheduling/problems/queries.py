"""Reading what a problem is built from, in a bounded number of SELECTs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    and_,
    bindparam,
    case,
    extract,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.parts.depots.queries import list_depots_of
from dispatch.parts.queries import list_depot_stock
from dispatch.scheduling.arrivals.queries import Promises, promises_by_territory
from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.assignments.queries import occupying
from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.bookings.queries import confirmed_by_visit
from dispatch.scheduling.crowd_shares.counting import Bounds
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.pins.queries import pins_by_visit
from dispatch.scheduling.policies.queries import Policies, policies_in_force
from dispatch.scheduling.problems.ports import CrowdEstimate, crowd_estimates
from dispatch.scheduling.problems.shares import (
    CLOSES,
    EMERGENCY,
    LOOKED_BACK,
    OPENS,
    SATURDAY,
    Load,
    Share,
)
from dispatch.scheduling.problems.supplies import Need, Supplies
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Shift, Technician
from dispatch.technicians.queries import TechnicianForPlanning, list_for_planning
from dispatch.travel.service import refresh
from dispatch.work_orders.lifecycle import PLANNED_VISITS, WAITING_VISITS, VisitStatus
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import OpenVisit, visits_open
from dispatch.work_orders.reservations.queries import list_reserved_in_places
from kernel import clock
from kernel.db import among, among_given

STAFF = frozenset({Employment.IN_HOUSE, Employment.PARTNER})
BEFORE = timedelta(hours=12)
"""How far back a stop may lie to tell where a technician is now."""


Row = TypeVarTuple("Row")
Version = tuple[UUID, int, int, int]


@dataclass(frozen=True)
class PlannedStop:
    """One assignment with its visit and place."""

    row: Assignment
    visit: Visit
    site: Site

    @cached_property
    def version(self) -> Version:
        """As it was read; whoever follows the events compares thousands of them."""
        return self.row.id, self.row.version, self.visit.version, self.site.version


@dataclass(frozen=True)
class StaffDay:
    """Technicians with their time and what occupies it, and the policies that hold for them."""

    people: list[TechnicianForPlanning]
    stops: dict[UUID, list[PlannedStop]]
    policies: Policies
    shares: Mapping[UUID, Share] = field(default_factory=dict)
    """How each of them stands beside the others; needed for prices alone."""


@dataclass(frozen=True)
class Demand:
    """What is to be planned, with what binds each visit."""

    visits: list[OpenVisit]
    rows: dict[UUID, list[Assignment]]
    bookings: dict[UUID, Booking]
    pins: dict[UUID, list[Pin]]
    preferred: dict[UUID, UUID]
    """The technician a customer likes best, by customer."""
    loads: dict[UUID, Load]
    """What each technician had to do lately."""
    crowd: Mapping[UUID, Sequence[CrowdEstimate]]
    """Freelancers who could be asked, by visit that nobody has."""
    supplies: Supplies = field(default_factory=Supplies)
    bounds: Bounds = field(default_factory=Bounds)
    arrive_by: Mapping[UUID, datetime] = field(default_factory=dict)
    """Until when a promised arrival is planned, by visit."""


def load_staff(
    session: Session,
    territory_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime,
    *,
    technician_ids: Collection[UUID] | None = None,
    known: StaffDay | None = None,
    only_stops: bool = False,
) -> StaffDay:
    """In-house and partner technicians; freelancers are asked, not planned. Of the stops `known`
    from before only what changed is read again; with `only_stops` people and policies not at all.
    """
    refresh(session)
    if known is not None and only_stops:
        people, policies = known.people, known.policies
    else:
        people = list_for_planning(
            session, territory_ids, start, end, technician_ids=technician_ids, employments=STAFF
        )
        policies = policies_in_force(session)
    ids = [person.technician.id for person in people]
    before = [] if known is None else [stop for own in known.stops.values() for stop in own]
    stops = load_stops(session, ids, start, end, before)
    return StaffDay(people, stops, policies)


def load_stops(
    session: Session,
    technician_ids: Collection[UUID],
    start: datetime,
    end: datetime,
    known: Collection[PlannedStop] = (),
) -> dict[UUID, list[PlannedStop]]:
    """What occupies each of these technicians, in order of time. Stops `known` from before are
    read again only where something changed."""
    when = {"technician_ids": list(technician_ids), "since": start - BEFORE, "until": end}
    kept = {stop.version: stop for stop in known}
    standing: list[Version] = []
    if kept:
        found = session.execute(VERSIONS, when)
        standing = [(key, own, visit, site) for key, own, visit, site in found]
    stops = [kept[version] for version in standing if version in kept]
    if not kept or len(stops) < len(standing):
        fresh = [version[0] for version in standing if version not in kept]
        statement = STOPS_GIVEN if kept else STOPS
        rows = session.execute(statement, {"ids": fresh, **when} if kept else when)
        stops += [PlannedStop(row, visit, site) for row, visit, site in rows]
    by_technician: dict[UUID, list[PlannedStop]] = defaultdict(list)
    for stop in sorted(stops, key=lambda stop: (stop.row.starts_at, stop.row.id)):
        by_technician[stop.row.technician_id].append(stop)
    return by_technician


def _standing_stops(statement: Select[*Row]) -> Select[*Row]:
    return (
        statement.select_from(Assignment)
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            among_given(Assignment.technician_id, "technician_ids"),
            occupying(),
            Assignment.starts_at < bindparam("until"),
            or_(
                Assignment.ends_at > bindparam("since"),
                Assignment.status == AssignmentStatus.ACTIVE,
            ),
        )
    )


# Built once: to put each together took longer than the database needs for it.
VERSIONS = _standing_stops(select(Assignment.id, Assignment.version, Visit.version, Site.version))
STOPS = _standing_stops(select(Assignment, Visit, Site)).execution_options(populate_existing=True)
STOPS_GIVEN = STOPS.where(among_given(Assignment.id, "ids"))


def load_demand(
    session: Session,
    territory_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime,
    *,
    known: Demand | None = None,
    same_people: bool = False,
) -> Demand:
    """What waits or is planned in `[start, end)`. What is planned before it and not over yet is
    left to the plans of that time; what should be over by now and is not belongs to all. Of the
    visits and assignments `known` from before only what changed is read again; with `same_people`
    nor is whom of the crowd one could ask for the others, and what people had to do lately."""
    before = known if same_people else None
    rows = _standing(session, territory_ids, start, end, {} if known is None else known.rows)
    visits = visits_open(session, territory_ids, end, rows, () if known is None else known.visits)
    ids = [item.visit.id for item in visits]
    customers = {item.visit.customer_id for item in visits}
    preferred = session.execute(
        select(Customer.id, Customer.preferred_technician_id).where(
            among(Customer.id, customers), Customer.preferred_technician_id.is_not(None)
        )
    )
    bookings = confirmed_by_visit(session, ids)
    return Demand(
        visits=visits,
        rows=rows,
        bookings=bookings,
        arrive_by=arrive_by(visits, bookings, promises_by_territory(session)),
        pins=pins_by_visit(session, ids),
        preferred={key: technician for key, technician in preferred if technician is not None},
        crowd=_crowd(session, visits, rows, before),
        loads=loads_before(session, territory_ids, start) if before is None else before.loads,
        supplies=_supplies(session, territory_ids, visits),
    )


def arrive_by(
    visits: Sequence[OpenVisit],
    bookings: Mapping[UUID, Booking],
    learned: Mapping[UUID | None, Promises],
) -> dict[UUID, datetime]:
    """Until when a promised arrival is planned, by visit; `learned` is by territory."""
    usual = Promises.of(())
    return {
        item.visit.id: learned.get(item.visit.territory_id, usual).latest(
            booking.arrival_start, booking.arrival_end, item.site.time_zone
        )
        for item in visits
        if (booking := bookings.get(item.visit.id)) is not None
    }


def _supplies(
    session: Session, territory_ids: Collection[UUID] | None, visits: Sequence[OpenVisit]
) -> Supplies:
    """Reserved pieces belong to the first visit of their order that is to be planned."""
    depots = list_depots_of(session, territory_ids)
    first: dict[UUID, OpenVisit] = {}
    for item in sorted(visits, key=lambda item: item.visit.sequence):
        first.setdefault(item.visit.work_order_id, item)
    needs: dict[UUID, list[Need]] = defaultdict(list)
    wanted: set[UUID] = set()
    for held, part, stock in list_reserved_in_places(session, first):
        need = Need(part.number, held.quantity, stock.technician_id, stock.depot_id)
        needs[first[held.work_order_id].visit.id].append(need)
        wanted.add(part.id)
    spare = {
        (stock.depot_id, part.number): stock.quantity
        for part, stock in list_depot_stock(session, wanted)
        if stock.depot_id is not None
    }
    return Supplies(depots, needs, spare)


def _standing(
    session: Session,
    territory_ids: Collection[UUID] | None,
    start: datetime,
    end: datetime,
    known: Mapping[UUID, Sequence[Assignment]],
) -> dict[UUID, list[Assignment]]:
    """By visit, in order of seats; of planned visits only those of the horizon. Those `known` from
    before are read again only where something changed."""
    within = () if territory_ids is None else (Visit.territory_id.in_(territory_ids),)
    in_time = and_(
        Assignment.starts_at < end,
        or_(Assignment.ends_at > start, Assignment.ends_at <= clock.now(session)),
    )
    statement = (
        select(Assignment)
        .join(Visit, Visit.id == Assignment.visit_id)
        .where(
            or_(
                Visit.status.in_(WAITING_VISITS),
                and_(Visit.status.in_(PLANNED_VISITS), in_time),
            ),
            occupying(),
            *within,
        )
        .order_by(Assignment.visit_id, Assignment.seat)
    )
    kept = {(row.id, row.version): row for own in known.values() for row in own}
    if kept:
        versions = statement.with_only_columns(Assignment.id, Assignment.version)
        standing = [(key, version) for key, version in session.execute(versions)]
        fresh = [version[0] for version in standing if version not in kept]
        again = session.scalars(statement.where(among(Assignment.id, fresh))) if fresh else ()
        read = {row.id: row for row in again}
        rows = [kept.get(version) or read.get(version[0]) for version in standing]
    else:
        rows = list(session.scalars(statement))
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in rows:
        if row is not None:
            found[row.visit_id].append(row)
    return found


def _crowd(
    session: Session,
    visits: Sequence[OpenVisit],
    rows: Mapping[UUID, Sequence[Assignment]],
    before: Demand | None,
) -> Mapping[UUID, Sequence[CrowdEstimate]]:
    """Whom of the crowd one could ask for each visit that nobody has; what was estimated `before`
    for a visit that has not changed is taken over."""
    free = _for_one_and_free(visits, rows)
    if before is None:
        return crowd_estimates()(session, free)
    asked = set(_for_one_and_free(before.visits, before.rows))
    same = {item.version for item in before.visits if item.visit.id in asked}
    kept = {item.visit.id for item in visits if item.version in same}.intersection(free)
    fresh = [key for key in free if key not in kept]
    taken = {key: own for key, own in before.crowd.items() if key in kept}
    return {**taken, **crowd_estimates()(session, fresh)} if fresh else taken


def _for_one_and_free(
    visits: Iterable[OpenVisit], rows: Mapping[UUID, Sequence[Assignment]]
) -> list[UUID]:
    return [
        item.visit.id
        for item in visits
        if item.visit.crew_size == 1
        and item.visit.status is VisitStatus.UNSCHEDULED
        and not rows.get(item.visit.id)
    ]


def loads_before(
    session: Session, territory_ids: Collection[UUID] | None, start: datetime
) -> dict[UUID, Load]:
    """Of each technician with shifts in the weeks before; for all territories when None."""
    first = start - LOOKED_BACK
    within = () if territory_ids is None else (Technician.territory_id.in_(territory_ids),)
    shifts = session.execute(
        select(
            Shift.technician_id, func.sum(type_coerce(Shift.ends_at - Shift.starts_at, Interval()))
        )
        .join(Technician, Technician.id == Shift.technician_id)
        .where(Shift.starts_at >= first, Shift.starts_at < start, *within)
        .group_by(Shift.technician_id)
    )
    found = {key: Load(on_shift=length) for key, length in shifts}
    done = session.execute(
        select(
            Assignment.technician_id,
            func.sum(type_coerce(Assignment.ends_at - Assignment.starts_at, Interval())),
            func.sum(case((_was_unpleasant(), 1), else_=0)),
        )
        .join(Visit, Visit.id == Assignment.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(
            Assignment.status == AssignmentStatus.DONE,
            Assignment.technician_id.in_(list(found)),
            Assignment.starts_at >= first,
            Assignment.starts_at < start,
        )
        .group_by(Assignment.technician_id)
    )
    for key, worked, unpleasant in done:
        found[key] = Load(worked, found[key].on_shift, int(unpleasant))
    return found


def _was_unpleasant() -> ColumnElement[bool]:
    """As `shares.is_unpleasant`, of what was done."""
    local = func.timezone(Site.time_zone, Assignment.starts_at)
    return or_(
        Visit.priority >= EMERGENCY,
        extract("hour", local) < OPENS,
        extract("hour", local) >= CLOSES,
        extract("isodow", local) >= SATURDAY,
    )
