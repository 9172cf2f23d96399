"""Which windows can be kept: where one visit fits into the schedule as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.scheduling.arrivals.learning import Position
from dispatch.scheduling.arrivals.models import ArrivalErrors
from dispatch.scheduling.arrivals.queries import Promises
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.pins.queries import pins_of
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.jobs import Planned, job_of
from dispatch.scheduling.problems.places import Epoch, Places
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
from dispatch.scheduling.snapshots import keeper
from dispatch.scheduling.snapshots.calendar import Span as Stretch
from dispatch.scheduling.snapshots.snapshot import Place, View
from dispatch.territories.models import Territory
from dispatch.travel.lifecycle import hours_of
from dispatch.work_orders.models import Visit
from dispatch.work_orders.queries import get_visit, get_work_order
from kernel.db import get
from kernel.geo import Point
from optimizer.job import Job
from optimizer.job import Window as Seconds

EMERGENCY = 5
LEAST_ROOM = timedelta(minutes=15)
"""So much of every window is left to plan arrivals in."""
CANDIDATES = 6
"""How many crews are kept per window, for when the best is taken meanwhile."""


def windows(
    session: Session,
    visit_id: UUID,
    start: date | None,
    days: int,
    *,
    most_age_seconds: float = 0.0,
) -> list[Window]:
    """The windows from a local day of the site on (None: today) that can be kept as things stand,
    or stood so long ago at most, by time."""
    visit = get_visit(session, visit_id)
    site = get(session, Site, visit.site_id)
    wanted = Wanted(session, visit, site)
    first = start or wanted.now.astimezone(ZoneInfo(site.time_zone)).date()
    offered = spans(first, days, site.time_zone, wanted.now, wanted.promises.usual.hours)
    if not offered:
        return []
    view = _view(session, visit, wanted.now, offered[-1].end, most_age_seconds)
    return graded(wanted.windows(view, offered, most=1), wanted.preferred)


def find_window(
    session: Session, wanted: "Wanted", start: datetime, end: datetime
) -> Window | None:
    """Exactly this window, if it exists and can be kept now, with several crews to choose from.

    Whoever else takes a window of that day out of its reserve waits until the end of this
    transaction.
    """
    visit, zone = wanted.visit, wanted.site.time_zone
    day, span = start.astimezone(ZoneInfo(zone)).date(), Span(start, end)
    if span not in spans(day, 1, zone, wanted.now, wanted.promises.usual.hours):
        return None
    if wanted.reserve_pct:
        key = f"firstfix.reserve {visit.territory_id} {day}"
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
    found = wanted.windows(_view(session, visit, wanted.now, end), [span], CANDIDATES)
    return found[0] if found else None


def find_candidate(
    session: Session, wanted: "Wanted", window: Window, technician_ids: Sequence[UUID]
) -> Candidate | None:
    """How this crew, locked, could keep the window by what the database says now."""
    now, visit = wanted.now, wanted.visit
    span = Stretch(window.start, window.end)
    view = keeper.view_of(session, visit.territory_id, technician_ids, span, now)
    asked = [Span(window.start, window.end)]
    [found] = wanted.candidates(view.without(visit.id), asked, most=1)
    return found[0] if found else None


def can_be_served(session: Session, visit_id: UUID, by: datetime) -> bool:
    """Whether our own people could start the visit before `by`, nothing else moved."""
    visit = get_visit(session, visit_id)
    site = get(session, Site, visit.site_id)
    wanted = Wanted(session, visit, site)
    now = wanted.now
    if by <= now + LEAD + SURE:
        return False
    view = _view(session, visit, now, by)
    [found] = wanted.candidates(view, [Span(now, by)], most=1)
    return bool(found)


def _view(
    session: Session, visit: Visit, now: datetime, end: datetime, most_age_seconds: float = 0.0
) -> View:
    """The schedule around the visit, whose own present place is free for itself."""
    kept = keeper.view(session, visit.territory_id, now, end, most_age_seconds=most_age_seconds)
    return kept.without(visit.id)


class Wanted:
    """One visit, and what it asks of a window."""

    def __init__(self, session: Session, visit: Visit, site: Site) -> None:
        asker = _asker(session, visit)
        self.now = now = asker.now
        self.visit = visit
        self.site = site
        self._at = Point(site.latitude, site.longitude)
        self._epoch = Epoch(now)
        self.promises = asker.promises
        self._order = get_work_order(session, visit.work_order_id)
        self._pins = pins_of(session, visit.id) if asker.has_pins else []
        self._liked = asker.liked
        self.preferred = {*visit.preferred_technician_ids}
        if self._liked is not None:
            self.preferred.add(self._liked)
        self.reserve_pct = asker.reserve_pct if visit.priority < EMERGENCY else 0

    def _margin(self, span: Span) -> timedelta:
        """So long before its end the planned arrival lies, for the promise to be kept."""
        local = span.start.astimezone(ZoneInfo(self.site.time_zone))
        margin = self.promises.at(hours_of(local)).margin
        return min(margin, span.end - span.start - LEAST_ROOM)

    def _job(self, rules: Rules) -> Job:
        item = Planned(
            visit=self.visit,
            work_order=self._order,
            site=self.site,
            rows=(),
            booking=None,
            pins=self._pins,
            rules=rules,
            preferred=self._liked,
        )
        horizon = self._epoch.seconds(self.now + timedelta(days=366))
        # the customer chooses: a window asked for earlier does not bind
        return replace(
            job_of(item, self._epoch, Places(), horizon),
            windows=(),
            deadline=None,
            soft_window=None,
            delay_cents_per_day=0,
        )

    def windows(self, view: View, offered: Sequence[Span], most: int) -> list[Window]:
        """Those of the spans that can be kept, each with up to `most` crews to choose from."""
        reserve = _Reserve(self.visit, self.site.time_zone, self.reserve_pct, view)
        free = [span for span in offered if reserve.leaves_room(span.start)]
        return [
            Window(
                start=span.start,
                end=span.end,
                technician_id=found[0].technician_ids[0],
                cost_cents=found[0].cost_cents,
                grade=Grade.OK,
                reasons=(),
                candidates=tuple(found),
            )
            for span, found in zip(free, self.candidates(view, free, most), strict=True)
            if found
        ]

    def candidates(self, view: View, free: Sequence[Span], most: int) -> list[list[Candidate]]:
        """For each span, crews that could start within it, surely in time; cheapest first."""
        asked = [self._seconds(span) for span in free]
        known = [seconds for seconds in asked if seconds is not None]
        rules = view.policies.of(self.visit.territory_id)
        job, weights = self._job(rules), rules.objective()
        places = iter(view.places(job, self._epoch.at, self._at, known, most, weights))
        return [
            [] if seconds is None else [_candidate(place) for place in next(places)]
            for seconds in asked
        ]

    def _seconds(self, span: Span) -> Seconds | None:
        """When work may start for the span to be kept, in UTC timestamp seconds."""
        first = self._epoch.seconds_up(max(span.start, self.now + LEAD)) + self._epoch.at
        last = int((span.end - self._margin(span)).timestamp())
        return Seconds(first, last) if first <= last else None


@dataclass(frozen=True)
class _Asker:
    """Who asks, by what the territory promises, and what time it is."""

    liked: UUID | None
    reserve_pct: int
    """Of each day, kept back for emergencies."""
    promises: Promises
    has_pins: bool
    now: datetime


def _asker(session: Session, visit: Visit) -> _Asker:
    """All of it in one SELECT: a row for each time of the week that was learned."""
    in_sum = ArrivalErrors.position == Position.ANY
    rows = session.execute(
        select(
            Customer.preferred_technician_id,
            Territory.emergency_reserve_pct,
            exists().where(Pin.visit_id == visit.id),
            func.app_now(),
            ArrivalErrors,
        )
        .select_from(Customer)
        .outerjoin(Territory, Territory.id == visit.territory_id)
        .outerjoin(ArrivalErrors, and_(ArrivalErrors.territory_id == Territory.id, in_sum))
        .where(Customer.id == visit.customer_id)
    ).all()
    liked, reserve_pct, has_pins, now, _ = rows[0]
    promises = Promises.of(row.ArrivalErrors for row in rows if row.ArrivalErrors is not None)
    return _Asker(liked, reserve_pct or 0, promises, has_pins, now.astimezone(UTC))


def _candidate(place: Place) -> Candidate:
    return Candidate(
        technician_ids=place.technician_ids,
        starts_at=datetime.fromtimestamp(place.start, UTC),
        travel_seconds=place.travel_seconds,
        cost_cents=place.cost_cents,
        co2_grams=place.co2_grams,
    )


class _Reserve:
    """The share of each day that is kept back for emergencies."""

    def __init__(self, visit: Visit, time_zone: str, pct: int, view: View) -> None:
        self._zone = ZoneInfo(time_zone)
        self._time_zone = time_zone
        self._view = view
        self._needed = visit.duration_minutes * 60 * visit.crew_size
        self._pct = pct
        self._known: dict[date, bool] = {}

    def leaves_room(self, at: datetime) -> bool:
        """Whether the visit could be put on that day without touching the reserve."""
        if self._pct == 0:
            return True
        day = at.astimezone(self._zone).date()
        if day not in self._known:
            start, end = day_bounds(day, self._time_zone)
            open_seconds = self._view.capacity(start, end) * (100 - self._pct) / 100
            self._known[day] = self._view.used(start, end) + self._needed <= open_seconds
        return self._known[day]


def local_day(session: Session, visit: Visit, at: datetime) -> date:
    """The day it is then where the visit is."""
    site = get(session, Site, visit.site_id)
    return at.astimezone(ZoneInfo(site.time_zone)).date()
