"""The staff of a territory as it is planned, ready to be asked where one more visit fits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from dispatch.scheduling.policies.queries import Policies
from dispatch.scheduling.problems.queries import PlannedStop, StaffDay
from dispatch.scheduling.problems.shares import Share
from dispatch.scheduling.snapshots.calendar import Calendar
from dispatch.scheduling.snapshots.days import days_of
from dispatch.scheduling.snapshots.groups import Group, grouped
from dispatch.scheduling.snapshots.tables import Tables, common_seconds
from dispatch.travel.times import travel_times
from kernel.geo import Point
from optimizer.job import Job, Window
from optimizer.openings import Fit, Openings
from optimizer.problem import Weights

MOST_WITHOUT = 16
"""So many visits are remembered that were thought away, about 1 MB each at 5,000 visits."""


@dataclass(frozen=True)
class Place:
    """A crew that could start at `starts_at`, and what it would cost and emit more than now."""

    technician_ids: tuple[UUID, ...]
    start: int
    travel_seconds: int
    cost_cents: int
    co2_grams: int


class View:
    """How things stand at one moment. It never changes, so threads can share it; who looks again
    while it stands is answered from the same tables."""

    def __init__(self, groups: Sequence[Group], policies: Policies, now: datetime) -> None:
        self.policies = policies
        self.made_at = now
        self._groups = groups
        self._until = min((group.until for group in groups), default=now)
        self._without: dict[UUID, View] = {}
        self._tables = Tables.joined([group.tables for group in groups])
        self._openings = Openings(self._tables.openings)

    def stands_at(self, now: datetime) -> bool:
        """Whether time alone has changed nothing since it was made."""
        return self.made_at <= now < self._until

    def without(self, visit_id: UUID) -> "View":
        """As if nobody had this visit: its own place is free for itself."""
        if not any(visit_id in group.visit_ids for group in self._groups):
            return self
        known = self._without.get(visit_id)
        if known is None:
            if len(self._without) == MOST_WITHOUT:
                self._without.clear()
            groups = [group.without(visit_id) for group in self._groups]
            known = self._without[visit_id] = View(groups, self.policies, self.made_at)
        return known

    @cached_property
    def calendars(self) -> dict[UUID, Calendar]:
        """Of every technician by id."""
        every = (own for group in self._groups for own in group.calendars)
        return {own.technician_id: own for own in every}

    def places(
        self,
        job: Job,
        epoch: int,
        at: Point,
        spans: Sequence[Window],
        most: int,
        weights: Weights,
    ) -> list[list[Place]]:
        """For each span of UTC timestamp seconds up to `most` crews, the cheapest first.

        The job's own times count from `epoch`; the visit is `at` that point.
        """
        to, onward = travel_times().around(self._tables.points, self._tables.degrees, at)
        found = self._openings.fits(job, epoch, spans, to, onward, most=most, weights=weights)
        return [[_place(fit) for fit in fits] for fits in found]

    def capacity(self, start: datetime, end: datetime) -> float:
        """Seconds of working time in `[start, end)`."""
        return common_seconds(self._tables.working, start, end)

    def used(self, start: datetime, end: datetime) -> float:
        """Seconds of `[start, end)` in which somebody is on the way or at work."""
        return common_seconds(self._tables.busy, start, end)


def _place(fit: Fit) -> Place:
    return Place(
        technician_ids=tuple(UUID(key) for key in fit.technician_ids),
        start=fit.start,
        travel_seconds=fit.travel_seconds,
        cost_cents=fit.cents,
        co2_grams=fit.co2_grams,
    )


class Snapshot:
    """Technicians with their days; parts are exchanged when they are read anew."""

    def __init__(self, staff: StaffDay, now: datetime) -> None:
        self._calendars: dict[UUID, Calendar] = {}
        self._shares = staff.shares
        self.policies = staff.policies
        self._holders: dict[UUID, set[UUID]] = {}
        self._groups: list[Group] = []
        self._view: View | None = None
        self.put(staff, (), now)

    def put(self, staff: StaffDay, technician_ids: Collection[UUID], now: datetime) -> None:
        """Take over what was read of these technicians; who was not found is no longer there."""
        self._view, self.policies = None, staff.policies
        for technician_id in technician_ids:
            self._forget(technician_id)
        for person in staff.people:
            key = person.technician.id
            stops, share = staff.stops.get(key, []), self._shares.get(key, Share())
            days = days_of(person, stops, staff.policies, share, now)
            self._remember(key, Calendar.of(days))

    def put_stops(
        self, stops: dict[UUID, list[PlannedStop]], technician_ids: Collection[UUID], now: datetime
    ) -> None:
        """Take over what occupies these technicians, who are the same people otherwise."""
        self._view = None
        for key in technician_ids & self._calendars.keys():
            calendar = self._calendars[key]
            self._forget(key)
            self._remember(key, calendar.with_stops(stops.get(key, []), now))

    def _remember(self, technician_id: UUID, calendar: Calendar) -> None:
        self._calendars[technician_id] = calendar
        for visit_id in calendar.visit_ids:
            self._holders.setdefault(visit_id, set()).add(technician_id)

    def _forget(self, technician_id: UUID) -> None:
        calendar = self._calendars.pop(technician_id, None)
        for visit_id in calendar.visit_ids if calendar else ():
            holders = self._holders.get(visit_id, set())
            holders.discard(technician_id)
            if not holders:
                self._holders.pop(visit_id, None)

    def __contains__(self, technician_id: UUID) -> bool:
        return technician_id in self._calendars

    @property
    def technician_ids(self) -> set[UUID]:
        return set(self._calendars)

    @property
    def visits(self) -> int:
        """How many visits are in it."""
        return len(self._holders)

    def stops_of(self, technician_ids: Collection[UUID]) -> list[PlannedStop]:
        """What occupies these technicians, as far as is known."""
        known = (self._calendars[key] for key in technician_ids & self._calendars.keys())
        return [stop for calendar in known for stop in calendar.stops]

    def holders_of(self, visit_id: UUID) -> frozenset[UUID]:
        return frozenset(self._holders.get(visit_id, ()))

    def at(self, now: datetime) -> View:
        """As things stand at that moment, as far as is known."""
        if self._view is None or not self._view.stands_at(now):
            self._calendars = {key: self._calendars[key].at(now) for key in sorted(self._calendars)}
            self._groups = grouped(list(self._calendars.values()), self._groups)
            self._view = View(self._groups, self.policies, now)
        return self._view
