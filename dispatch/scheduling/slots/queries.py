"""Which windows can be kept: insertions of one visit into the schedule as it stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.pins.queries import pins_of
from dispatch.scheduling.policies.queries import Policies
from dispatch.scheduling.problems.build import Built, build_for_slots, with_job
from dispatch.scheduling.problems.jobs import Planned
from dispatch.scheduling.problems.places import Places
from dispatch.scheduling.problems.queries import StaffDay, load_staff
from dispatch.scheduling.problems.shifts import pieces
from dispatch.scheduling.slots.grid import (
    LEAD,
    SURE,
    Candidate,
    Grade,
    Span,
    Window,
    graded,
    spans,
)
from dispatch.territories.queries import get_territory
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit, get_work_order
from kernel import clock
from kernel.db import get
from kernel.geo import Point
from optimizer.insertion import Insertion
from optimizer.insertions import insertions
from optimizer.job import Job
from optimizer.job import Window as Seconds
from optimizer.problem import Problem

EMERGENCY = 5
CANDIDATES = 6
"""How many crews are kept per window, for when the best is taken meanwhile."""


def windows(session: Session, visit_id: UUID, start: date, days: int) -> list[Window]:
    """The windows from a local day of the site on that can be kept as things stand, by time."""
    visit = get_visit(session, visit_id)
    site = get(session, Site, visit.site_id)
    now = clock.now(session)
    offered = spans(start, days, site.time_zone, now)
    if not offered:
        return []
    search = _Search(session, visit, site, now, offered[-1].end)
    found = [window for span in offered if (window := search.window(span, most=1)) is not None]
    return graded(found, search.preferred)


def find_window(session: Session, visit: Visit, start: datetime, end: datetime) -> Window | None:
    """Exactly this window, if it exists and can be kept now."""
    site = get(session, Site, visit.site_id)
    day = start.astimezone(ZoneInfo(site.time_zone)).date()
    now = clock.now(session)
    span = Span(start, end)
    if span not in spans(day, 1, site.time_zone, now):
        return None
    return _Search(session, visit, site, now, end).window(span)


def can_be_served(session: Session, visit_id: UUID, by: datetime) -> bool:
    """Whether our own people could start the visit before `by`, nothing else moved."""
    visit = get_visit(session, visit_id)
    site = get(session, Site, visit.site_id)
    now = clock.now(session)
    if by <= now + LEAD + SURE:
        return False
    search = _Search(session, visit, site, now, by)
    return bool(search.candidates(Span(now, by)))


class _Search:
    """One visit and the schedule around it, asked for many windows."""

    def __init__(
        self, session: Session, visit: Visit, site: Site, now: datetime, end: datetime
    ) -> None:
        self._now = now
        territories = None if visit.territory_id is None else [visit.territory_id]
        staff = load_staff(session, territories, now, end)
        # the visit's own present place is free for itself
        self._staff = replace(
            staff,
            stops={
                key: [stop for stop in stops if stop.visit.id != visit.id]
                for key, stops in staff.stops.items()
            },
        )
        self._visit = visit
        built, places = build_for_slots(self._staff, now)
        self._built: Built = built
        self._problem, self._job = self._with_visit(session, site, places, staff.policies)
        customer = get(session, Customer, visit.customer_id)
        self.preferred = {*visit.preferred_technician_ids}
        if customer.preferred_technician_id is not None:
            self.preferred.add(customer.preferred_technician_id)
        self._reserve = _Reserve(session, visit, site, self._staff)

    def _with_visit(
        self, session: Session, site: Site, places: Places, policies: Policies
    ) -> tuple[Problem, Job]:
        visit = self._visit
        item = Planned(
            visit=visit,
            work_order=get_work_order(session, visit.work_order_id),
            site=site,
            rows=(),
            booking=None,
            pins=pins_of(session, visit.id),
            rules=policies.of(visit.territory_id),
            preferred=None,
        )
        places.number(Point(site.latitude, site.longitude))
        problem, job = with_job(self._built, places, item)
        # the customer chooses: a window asked for earlier does not bind
        return replace(problem, jobs=self._built.problem.jobs), replace(
            job, windows=(), deadline=None, soft_window=None, delay_cents_per_day=0
        )

    def window(self, span: Span, most: int = CANDIDATES) -> Window | None:
        """With up to `most` crews to choose from."""
        if not self._reserve.leaves_room(span.start):
            return None
        found = self.candidates(span, most)
        if not found:
            return None
        best = found[0]
        return Window(
            span.start,
            span.end,
            best.technician_ids[0],
            best.cost_cents,
            Grade.OK,
            (),
            tuple(found),
        )

    def candidates(self, span: Span, most: int = 1) -> list[Candidate]:
        """Crews that could start within the span, surely in time; the cheapest first."""
        epoch = self._built.epoch
        first = epoch.seconds_up(max(span.start, self._now + LEAD))
        last = epoch.seconds(span.end - SURE)
        if first > last:
            return []
        found = insertions(
            self._problem,
            self._built.previous,
            self._job,
            within=Seconds(first, last),
            most=most,
            keep_times=True,
        )
        return [made for place in found if (made := self._candidate(place, last)) is not None]

    def _candidate(self, place: Insertion, last: int) -> Candidate | None:
        start = -(-place.earliest_start // 60) * 60
        if start > min(place.latest_start, last):
            return None
        return Candidate(
            technician_ids=tuple(UUID(seat.technician_id) for seat in place.seats),
            starts_at=self._built.epoch.time(start),
            travel_seconds=sum(seat.travel_seconds for seat in place.seats),
            cost_cents=place.cost_cents,
        )


class _Reserve:
    """The share of each day that is kept back for emergencies."""

    def __init__(self, session: Session, visit: Visit, site: Site, staff: StaffDay) -> None:
        self._zone = ZoneInfo(site.time_zone)
        self._time_zone = site.time_zone
        self._staff = staff
        self._needed = timedelta(minutes=visit.duration_minutes) * visit.crew_size
        self._pct = 0
        if visit.territory_id is not None and visit.priority < EMERGENCY:
            self._pct = get_territory(session, visit.territory_id).emergency_reserve_pct
        self._known: dict[date, bool] = {}

    def leaves_room(self, at: datetime) -> bool:
        """Whether the visit could be put on that day without touching the reserve."""
        if self._pct == 0:
            return True
        day = at.astimezone(self._zone).date()
        if day not in self._known:
            start, end = day_bounds(day, self._time_zone)
            capacity, used = self._capacity(start, end), self._used(start, end)
            self._known[day] = used + self._needed <= capacity * (100 - self._pct) / 100
        return self._known[day]

    def _capacity(self, start: datetime, end: datetime) -> timedelta:
        spans_of = [
            (piece.starts_at, piece.ends_at)
            for person in self._staff.people
            for piece in pieces(person)
        ]
        return _common(spans_of, start, end)

    def _used(self, start: datetime, end: datetime) -> timedelta:
        taken = [
            (stop.row.busy.lower or stop.row.starts_at, stop.row.busy.upper or stop.row.ends_at)
            for stops in self._staff.stops.values()
            for stop in stops
        ]
        return _common(taken, start, end)


def _common(
    found: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime
) -> timedelta:
    """How much of these stretches lies in `[start, end)`."""
    parts = ((min(b, end) - max(a, start)) for a, b in found)
    return sum((part for part in parts if part > timedelta()), timedelta())


def local_today(session: Session, visit_id: UUID) -> date:
    """Today where the visit is."""
    site = get(session, Site, get_visit(session, visit_id).site_id)
    return clock.now(session).astimezone(ZoneInfo(site.time_zone)).date()
