"""One visit that asks for a window, and where the schedule lets it in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.customers.models import Site
from dispatch.scheduling.arrivals.queries import Promises
from dispatch.scheduling.assignments.queries import day_bounds
from dispatch.scheduling.pins.models import Pin
from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.jobs import Planned, job_of
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.scheduling.slots.grid import LEAD, Candidate, Grade, Span, Window
from dispatch.scheduling.snapshots.snapshot import Place, View
from dispatch.work_orders.lifecycle import (
    OPEN_WORK_ORDERS,
    PARTS_SHORT,
    PLANNED_VISITS,
    WAITING_VISITS,
    WorkOrderStatus,
)
from dispatch.work_orders.models import Visit, WorkOrder
from kernel.geo import Point
from optimizer.job import Job
from optimizer.job import Window as Seconds

EMERGENCY = 5


@dataclass(frozen=True)
class Needs:
    """From when on what the visit needs is there (None: it is), and who of the staff can bring it
    (None: anybody; a crew can if one of them can)."""

    ready_at: datetime | None = None
    carriers: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Wanted:
    """One visit with its order and place, who asks, by what the territory promises, and when.

    `reserve_pct` of each day is kept back for emergencies; `liked` is whom the customer likes
    best.
    """

    visit: Visit
    order: WorkOrder
    site: Site
    pins: Sequence[Pin]
    liked: UUID | None
    reserve_pct: int
    promises: Promises
    is_booked: bool
    needs: Needs
    now: datetime

    @property
    def may_be_planned(self) -> bool:
        """The visit is not under way or over, and its order neither on hold nor closed."""
        return self.may_be_booked and self.order.status is not WorkOrderStatus.ON_HOLD

    @property
    def may_be_booked(self) -> bool:
        """The same, but parts may be short: the windows begin when they have come."""
        on_hold = self.order.status is WorkOrderStatus.ON_HOLD
        is_open = self.order.status in OPEN_WORK_ORDERS
        waits = not on_hold or self.order.hold_reason == PARTS_SHORT
        return is_open and waits and self.visit.status in WAITING_VISITS | PLANNED_VISITS

    @property
    def preferred(self) -> set[UUID]:
        liked = set() if self.liked is None else {self.liked}
        return liked.union(self.visit.preferred_technician_ids)

    @property
    def has_reserve(self) -> bool:
        """Whether something of each day is kept back from this visit."""
        return self.reserve_pct > 0 and self.visit.priority < EMERGENCY

    def windows(self, view: View, offered: Sequence[Span], most: int) -> list[Window]:
        """Those of the spans that can be kept, each with up to `most` crews to choose from."""
        reserve = _Reserve(self, view)
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

    def leaves_room(self, view: View, at: datetime, used: float) -> bool:
        """Whether the visit could be put on the day of `at`, of which `used` seconds are taken,
        without touching its reserve."""
        return _Reserve(self, view).leaves_room_beside(used, at)

    def candidates(self, view: View, free: Sequence[Span], most: int) -> list[list[Candidate]]:
        """For each span, crews that could start within it, surely in time; cheapest first."""
        epoch, at = Epoch(self.now), Point(self.site.latitude, self.site.longitude)
        asked = [self._seconds(span, epoch) for span in free]
        known = [seconds for seconds in asked if seconds is not None]
        rules = view.policies.of(self.visit.territory_id)
        job, weights = self._job(rules, epoch), rules.objective()
        if not self._can_be_brought(job):
            return [[] for _ in free]
        places = iter(view.places(job, epoch.at, at, known, most, weights))
        return [
            [] if seconds is None else [_candidate(place) for place in next(places)]
            for seconds in asked
        ]

    def _seconds(self, span: Span, epoch: Epoch) -> Seconds | None:
        """When work may start for the span to be kept, in UTC timestamp seconds."""
        ready = max(self.now + LEAD, self.needs.ready_at or self.now)
        first = epoch.seconds_up(max(span.start, ready)) + epoch.at
        latest = self.promises.latest(span.start, span.end, self.site.time_zone)
        last = int(latest.timestamp())
        return Seconds(first, last) if first <= last else None

    def _can_be_brought(self, job: Job) -> bool:
        """Whether anybody who may do it can bring what it needs."""
        carriers = self.needs.carriers
        return carriers is None or job.crew_size > 1 or bool(job.required_technicians)

    def _job(self, rules: Rules, epoch: Epoch) -> Job:
        item = Planned(
            visit=self.visit,
            work_order=self.order,
            site=self.site,
            rows=(),
            booking=None,
            pins=self.pins,
            rules=rules,
            preferred=self.liked,
        )
        horizon = epoch.seconds(self.now + timedelta(days=366))
        # the customer chooses: a window asked for earlier does not bind
        job = job_of(item, epoch, Places(), horizon)
        required = job.required_technicians
        if self.needs.carriers is not None and job.crew_size == 1:
            able = {str(key) for key in self.needs.carriers}
            required = tuple(sorted(able.intersection(required) if required else able))
        return replace(
            job,
            required_technicians=required,
            windows=(),
            deadline=None,
            soft_window=None,
            delay_cents_per_day=0,
        )


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

    def __init__(self, wanted: Wanted, view: View) -> None:
        visit = wanted.visit
        self._time_zone = wanted.site.time_zone
        self._zone = ZoneInfo(self._time_zone)
        self._view = view
        self._needed = visit.duration_minutes * 60 * visit.crew_size
        self._pct = wanted.reserve_pct if wanted.has_reserve else 0
        self._known: dict[date, bool] = {}

    def leaves_room(self, at: datetime) -> bool:
        """Whether the visit could be put on that day without touching the reserve."""
        if self._pct == 0:
            return True
        day = at.astimezone(self._zone).date()
        if day not in self._known:
            used = self._view.used(*day_bounds(day, self._time_zone))
            self._known[day] = self.leaves_room_beside(used, at)
        return self._known[day]

    def leaves_room_beside(self, used: float, at: datetime) -> bool:
        """The same when so many seconds of that day are taken."""
        start, end = day_bounds(at.astimezone(self._zone).date(), self._time_zone)
        open_seconds = self._view.capacity(start, end) * (100 - self._pct) / 100
        return used + self._needed <= open_seconds
