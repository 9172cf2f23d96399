"""Putting a problem together: for planning everything that may move, for slots nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.scheduling.assignments.lifecycle import AssignmentStatus
from dispatch.scheduling.assignments.models import Assignment
from dispatch.scheduling.crowd_shares.counting import Share as CrowdShare
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.bonds import precedences_of
from dispatch.scheduling.problems.jobs import Planned, carriers_who_fit, fixed_job, job_of
from dispatch.scheduling.problems.made import Made
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.scheduling.problems.prices import priced
from dispatch.scheduling.problems.queries import Demand, PlannedStop, StaffDay
from dispatch.scheduling.problems.share_caps import bounded
from dispatch.scheduling.problems.shares import Share, shares_of
from dispatch.scheduling.problems.shifts import fixed_id, is_fact
from dispatch.scheduling.problems.supplies import with_supplies
from dispatch.work_orders.lifecycle import Source, VisitStatus
from dispatch.work_orders.queries import OpenVisit
from optimizer.depot import Depot
from optimizer.job import Job
from optimizer.plan import DepotPass, Plan, Route, Score, Stop
from optimizer.problem import Hours, Problem, Weights
from optimizer.shift import Shift

CHOOSING = timedelta(minutes=15)
"""So long a customer who books may choose a window before the planner chooses one."""


Starts = dict[tuple[str, str], int]


@dataclass
class Built:
    """A problem, how things stand now, and what its ids mean."""

    problem: Problem
    epoch: Epoch
    previous: Plan
    planned: dict[UUID, Planned] = field(default_factory=dict)
    estimated_pairs: int = 0
    """For so many pairs of places a straight line stands in for a road network."""
    made: Made | None = None
    bounds: Mapping[str, CrowdShare] = field(default_factory=dict)
    """What the problem's share caps are about, by their names."""

    def starts(self) -> Starts:
        """When each technician was to start each visit, by job and technician."""
        return {
            (str(key), str(row.technician_id)): self.epoch.seconds(row.starts_at)
            for key, item in self.planned.items()
            for row in item.rows
        }

    def technician_of(self, shift_id: str) -> UUID:
        return UUID(self.problem.shift_by_id[shift_id].technician_id)


def build_for_slots(staff: StaffDay, start: datetime) -> tuple[Built, Places]:
    """Every assignment stays at its time; a job that is added fits or does not."""
    made = Made(start)
    epoch, places = made.epoch, made.places
    bound, hours = _shifts(staff, made)
    shifts = _priced(bound, staff, staff.shares)
    horizon = max((shift.latest_end for shift in shifts), default=1)
    fixed = [stop for stops in staff.stops.values() for stop in stops if _stays(stop, epoch)]
    jobs = _fixed_jobs(staff, fixed, shifts, epoch, places, horizon)
    travel, weights = places.travel(), _weights(staff)
    problem = Problem(epoch.at, tuple(shifts), tuple(jobs), travel, weights, hours)
    return Built(problem, epoch, _as_planned(problem, fixed, {}, epoch)), places


def with_job(built: Built, places: Places, item: Planned) -> tuple[Problem, Job]:
    """The problem with one more job in it."""
    job = job_of(item, built.epoch, places, built.problem.horizon_end)
    problem = replace(built.problem, jobs=(*built.problem.jobs, job), travel=places.travel())
    return problem, job


def build_for_plan(
    staff: StaffDay, demand: Demand, start: datetime, end: datetime, before: Made | None = None
) -> Built:
    """Waiting and planned visits may move as far as pins, locks and promises let them. What was
    made `before` is taken over where nothing has changed."""
    made = Made(start, before)
    epoch, places = made.epoch, made.places
    shares = shares_of(staff.people, demand.loads)
    bound, hours = _shifts(staff, made)
    bound, depots = _supplied(bound, staff, demand, epoch, places)
    shifts = _priced(bound, staff, shares)
    horizon = max((shift.latest_end for shift in shifts), default=1)
    own = {person.technician.id for person in staff.people}
    facts = {
        s.visit.id for own_stops in staff.stops.values() for s in own_stops if is_fact(s, epoch)
    }
    planned = {
        item.visit.id: _planned(item, demand, staff.policies.of(item.visit.territory_id))
        for item in demand.visits
        if item.visit.id not in facts
        and _is_planned(item, demand.rows.get(item.visit.id, ()), demand, own, epoch, end)
    }
    fixed = [
        stop
        for stops in staff.stops.values()
        for stop in stops
        if stop.visit.id not in planned and _stays(stop, epoch)
    ]
    jobs = _fixed_jobs(staff, fixed, shifts, epoch, places, horizon)
    jobs += [made.job(item, horizon) for item in planned.values()]
    orders = precedences_of(planned, fixed, {job.id for job in jobs})
    weights = _weights(staff)
    caps, bounds = bounded(demand.bounds, planned, {job.id: job for job in jobs}, epoch)
    problem = Problem(
        epoch.at,
        tuple(shifts),
        tuple(jobs),
        places.travel(),
        weights,
        hours,
        depots,
        orders,
        share_caps=caps,
    )
    rows = {key: item.rows for key, item in planned.items()}
    previous = _as_planned(problem, fixed, rows, epoch)
    return Built(problem, epoch, previous, planned, places.estimated, made, bounds)


def _weights(staff: StaffDay) -> Weights:
    territories = {person.technician.territory_id for person in staff.people}
    return staff.policies.shared(territories).objective()


def _shifts(staff: StaffDay, made: Made) -> tuple[list[Shift], tuple[Hours, ...]]:
    found, hours = list[Shift](), list[Hours]()
    for person in staff.people:
        stops = staff.stops.get(person.technician.id, ())
        overtime = staff.policies.of(person.technician.territory_id).overtime_minutes
        own, weeks = made.shifts(person, stops, overtime)
        found += own
        hours += weeks
    return found, tuple(hours)


def _supplied(
    shifts: list[Shift], staff: StaffDay, demand: Demand, epoch: Epoch, places: Places
) -> tuple[list[Shift], tuple[Depot, ...]]:
    tools = {tool for item in demand.visits for tool in item.visit.tools or ()}
    if not tools and not demand.supplies.needs:
        return shifts, ()
    people = {str(person.technician.id): person.technician for person in staff.people}
    return with_supplies(shifts, people, demand.supplies, tools, epoch, places)


def _priced(shifts: Iterable[Shift], staff: StaffDay, shares: Mapping[UUID, Share]) -> list[Shift]:
    people = {str(person.technician.id): person.technician for person in staff.people}
    found = []
    for shift in shifts:
        person = people[shift.technician_id]
        rules = staff.policies.of(person.territory_id)
        found.append(priced(shift, rules, shares.get(person.id, Share())))
    return found


def _stays(stop: PlannedStop, epoch: Epoch) -> bool:
    """What still takes time; forced overlaps stand outside the order of the day."""
    if stop.row.status is AssignmentStatus.DONE or stop.visit.paused_overnight:
        return False
    if stop.row.status is AssignmentStatus.ACTIVE:
        return True
    return stop.row.overlap_reason is None and epoch.seconds(stop.row.ends_at) > 0


def _fixed_jobs(
    staff: StaffDay,
    fixed: Iterable[PlannedStop],
    shifts: Sequence[Shift],
    epoch: Epoch,
    places: Places,
    horizon: int,
) -> list[Job]:
    """Facts only count where a shift of the problem is committed to them."""
    speed = {person.technician.id: person.technician.planning_speed_pct for person in staff.people}
    committed = {stop.job_id for shift in shifts for stop in shift.committed}
    return [
        fixed_job(stop, speed[stop.row.technician_id], epoch, places, horizon)
        for stop in fixed
        if fixed_id(stop) in committed or not is_fact(stop, epoch)
    ]


def _is_planned(
    item: OpenVisit,
    rows: Sequence[Assignment],
    demand: Demand,
    own: set[UUID],
    epoch: Epoch,
    end: datetime,
) -> bool:
    """Waiting, or planned with our people within the horizon, and nobody is choosing a window."""
    if not rows:
        return item.visit.status is VisitStatus.UNSCHEDULED and not is_choosing(
            item, item.visit.id in demand.bookings, epoch.time(0)
        )
    return all(
        row.status is AssignmentStatus.CONFIRMED
        and row.overlap_reason is None
        and row.technician_id in own
        and row.starts_at < end
        for row in rows
    )


def is_choosing(item: OpenVisit, booked: bool, now: datetime) -> bool:
    """The customer has just asked for this and may still choose a window."""
    recent = now - item.visit.created_at < CHOOSING
    return item.work_order.source is Source.BOOKING and not booked and recent


def _planned(item: OpenVisit, demand: Demand, rules: Rules) -> Planned:
    visit = item.visit
    planned = Planned(
        visit=visit,
        work_order=item.work_order,
        site=item.site,
        rows=demand.rows.get(visit.id, ()),
        booking=demand.bookings.get(visit.id),
        pins=demand.pins.get(visit.id, ()),
        rules=rules,
        preferred=demand.preferred.get(visit.customer_id),
        crowd=demand.crowd.get(visit.id, ()),
        parts=demand.supplies.parts_of(visit.id),
        tools=tuple(sorted(set(visit.tools or ()))),
        arrive_by=demand.arrive_by.get(visit.id),
    )
    if visit.crew_size == 1 or not (carriers := demand.supplies.carriers_of(visit.id)):
        return planned
    brought = carriers_who_fit(planned, carriers)
    return (
        replace(planned, carriers=brought, parts=demand.supplies.fetched_for(visit.id))
        if brought
        else planned
    )


def _as_planned(
    problem: Problem,
    fixed: Iterable[PlannedStop],
    rows: dict[UUID, Sequence[Assignment]],
    epoch: Epoch,
) -> Plan:
    """The schedule as it stands, in the routes of the problem's shifts."""
    stops: dict[str, list[Stop]] = {}
    passed: dict[str, tuple[int, str]] = {}
    for shift in problem.shifts:
        stops[shift.id] = [
            Stop(done.job_id, done.start, done.start, done.end, done.travel_seconds)
            for done in shift.committed
        ]
    own_shifts: dict[str, list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        own_shifts[shift.technician_id].append(shift)
    ids = {stop.row.id: fixed_id(stop) for stop in fixed}
    standing = [(ids[stop.row.id], stop.row) for stop in fixed]
    standing += [(str(key), row) for key, own in rows.items() for row in own]
    for job_id, row in sorted(standing, key=lambda pair: (pair[1].starts_at, pair[0])):
        start = epoch.seconds(row.starts_at)
        shift_id = _shift_at(own_shifts.get(str(row.technician_id), ()), start)
        if shift_id is None or job_id not in problem.job_by_id:
            continue
        if job_id in problem.committed_ids:
            continue
        end = start + int((row.ends_at - row.starts_at).total_seconds())
        if row.depot_id is not None:
            passed.setdefault(shift_id, (len(stops[shift_id]), str(row.depot_id)))
        stops[shift_id].append(Stop(job_id, start, start, end, row.travel_seconds))
    routes = tuple(
        _with_pass(
            problem,
            Route(shift_id, own[0].start - own[0].travel_seconds, tuple(own), own[-1].end),
            passed.get(shift_id),
        )
        for shift_id, own in stops.items()
        if own
    )
    return Plan(routes, (), Score())


def _with_pass(problem: Problem, route: Route, passed: tuple[int, str] | None) -> Route:
    """The route with the pass of a depot before one of its stops, at the last moment for it."""
    if passed is None or passed[1] not in problem.depot_by_id:
        return route
    (position, depot_id), stops = passed, list(route.stops)
    depot, stop = problem.depot_by_id[depot_id], stops[position]
    way = problem.travel.between(depot.place, problem.job_by_id[stop.job_id].place)
    end = stop.start - way
    there = max(0, stop.travel_seconds - way - depot.service_seconds)
    stops[position] = replace(stop, travel_seconds=way)
    fetching = DepotPass(depot_id, position, end - depot.service_seconds, end, there)
    return replace(route, stops=tuple(stops), depot_pass=fetching)


def _shift_at(shifts: Sequence[Shift], start: int) -> str | None:
    """Which of a technician's shifts the start lies in; what is overdue lies in the first."""
    for shift in shifts:
        if max(start, shifts[0].start) >= shift.start and start < shift.latest_end:
            return shift.id
    return None
