"""The staff of a territory as it is planned, ready to be asked where one more visit fits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.scheduling.policies.queries import Policies
from dispatch.scheduling.problems.queries import PlannedStop, StaffDay
from dispatch.scheduling.problems.shares import Share
from dispatch.scheduling.snapshots.days import Day, days_of, with_stops
from dispatch.travel.times import travel_times
from kernel.geo import Point
from optimizer.job import Job, Window
from optimizer.openings import Fit, Openings
from optimizer.problem import Weights

NOWHERE = np.empty((0, 2))


@dataclass(frozen=True)
class Place:
    """A crew that could start at `starts_at`, and what it would cost and emit more than now."""

    technician_ids: tuple[UUID, ...]
    start: int
    travel_seconds: int
    cost_cents: int
    co2_grams: int


class View:
    """How things stand at one moment. It never changes, so threads can share it."""

    def __init__(self, days: Sequence[Day], policies: Policies) -> None:
        self.policies = policies
        self._days = days
        self._points = [point for day in days for point in day.points]
        self._degrees = np.concatenate([NOWHERE, *(day.degrees for day in days)])
        offsets = np.cumsum([0, *(len(day.points) for day in days)])
        self._openings = Openings(
            [opening for day in days for opening in day.openings],
            np.repeat(offsets[:-1], [len(day.openings) for day in days]).tolist(),
        )
        self._working = np.concatenate([NOWHERE, *(day.working for day in days)])
        self._busy = np.concatenate([NOWHERE, *(day.busy for day in days)])

    def without(self, visit_id: UUID) -> "View":
        """As if nobody had this visit: its own place is free for itself."""
        if not any(visit_id in day.visit_ids for day in self._days):
            return self
        return View([day.without(visit_id) for day in self._days], self.policies)

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
        to, onward = travel_times().around(self._points, self._degrees, at)
        found = self._openings.fits(job, epoch, spans, to, onward, most=most, weights=weights)
        return [[_place(fit) for fit in fits] for fits in found]

    def capacity(self, start: datetime, end: datetime) -> float:
        """Seconds of working time in `[start, end)`."""
        return _common(self._working, start, end)

    def used(self, start: datetime, end: datetime) -> float:
        """Seconds of `[start, end)` in which somebody is on the way or at work."""
        return _common(self._busy, start, end)


def _place(fit: Fit) -> Place:
    return Place(
        technician_ids=tuple(UUID(key) for key in fit.technician_ids),
        start=fit.start,
        travel_seconds=fit.travel_seconds,
        cost_cents=fit.cents,
        co2_grams=fit.co2_grams,
    )


def _common(spans: NDArray[np.float64], start: datetime, end: datetime) -> float:
    """How much of these spans lies in `[start, end)`."""
    first = np.maximum(spans[:, 0], start.timestamp())
    last = np.minimum(spans[:, 1], end.timestamp())
    return float(np.maximum(last - first, 0).sum())


class Snapshot:
    """Technicians with their days; parts are exchanged when they are read anew."""

    def __init__(self, staff: StaffDay, now: datetime) -> None:
        self._days: dict[UUID, list[Day]] = {}
        self._shares = staff.shares
        self._policies = staff.policies
        self._holders: dict[UUID, set[UUID]] = {}
        self._view: View | None = None
        self._made_at = self._until = now
        self.put(staff, (), now)

    def put(self, staff: StaffDay, technician_ids: Collection[UUID], now: datetime) -> None:
        """Take over what was read of these technicians; who was not found is no longer there."""
        self._view, self._policies = None, staff.policies
        for technician_id in technician_ids:
            self._forget(technician_id)
        for person in staff.people:
            key = person.technician.id
            stops, share = staff.stops.get(key, []), self._shares.get(key, Share())
            self._days[key] = days_of(person, stops, staff.policies, share, now)
            for stop in stops:
                self._holders.setdefault(stop.visit.id, set()).add(key)

    def put_stops(
        self, stops: dict[UUID, list[PlannedStop]], technician_ids: Collection[UUID], now: datetime
    ) -> None:
        """Take over what occupies these technicians, who are the same people otherwise."""
        self._view = None
        for key in technician_ids & self._days.keys():
            days, own = self._days[key], stops.get(key, [])
            self._forget(key)
            self._days[key] = with_stops(days, own, now)
            for stop in own:
                self._holders.setdefault(stop.visit.id, set()).add(key)

    def _forget(self, technician_id: UUID) -> None:
        for day in self._days.pop(technician_id, []):
            for stop in day.stops:
                holders = self._holders.get(stop.visit.id, set())
                holders.discard(technician_id)
                if not holders:
                    self._holders.pop(stop.visit.id, None)

    def __contains__(self, technician_id: UUID) -> bool:
        return technician_id in self._days

    @property
    def technician_ids(self) -> set[UUID]:
        return set(self._days)

    @property
    def visits(self) -> int:
        """How many visits are in it."""
        return len(self._holders)

    def holders_of(self, visit_id: UUID) -> frozenset[UUID]:
        return frozenset(self._holders.get(visit_id, ()))

    def at(self, now: datetime) -> View:
        """As things stand at that moment, as far as is known."""
        if self._view is None or not self._made_at <= now < self._until:
            self._days = {
                key: [day.at(now) for day in self._days[key]] for key in sorted(self._days)
            }
            days = [day for own in self._days.values() for day in own]
            self._view, self._made_at = View(days, self._policies), now
            self._until = min((day.until for day in days), default=now)
        return self._view
