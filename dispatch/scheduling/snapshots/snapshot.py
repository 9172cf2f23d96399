"""The staff of a territory as it is planned, ready to be asked where one more visit fits."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.scheduling.problems.queries import StaffDay
from dispatch.scheduling.snapshots.days import Day, Span, days_of
from dispatch.travel.times import travel_times
from kernel.geo import DETOUR, Point, distances_m
from optimizer.job import Job, Window
from optimizer.openings import Fit, Openings

CO2_GRAMS_PER_KILOMETRE = 180
"""About what a new van emits (EEA, monitoring of vans registered in 2022 and 2023)."""


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

    def __init__(self, days: Sequence[Day]) -> None:
        self._days = days
        offsets = np.cumsum([0, *(len(day.points) for day in days)])
        self._points = [point for day in days for point in day.points]
        degrees = [(point.latitude, point.longitude) for point in self._points]
        self._degrees = np.array(degrees, dtype=np.float64).reshape(-1, 2)
        self._openings = Openings(
            [opening for day in days for opening in day.openings],
            [
                int(offset)
                for day, offset in zip(days, offsets[:-1], strict=True)
                for _ in day.openings
            ],
        )

    def without(self, visit_id: UUID) -> "View":
        """As if nobody had this visit: its own place is free for itself."""
        if not any(visit_id in day.visit_ids for day in self._days):
            return self
        return View([day.without(visit_id) for day in self._days])

    def places(
        self, job: Job, epoch: int, at: Point, spans: Sequence[Window], most: int
    ) -> list[list[Place]]:
        """For each span of UTC timestamp seconds up to `most` crews, the cheapest first.

        The job's own times count from `epoch`; the visit is `at` that point.
        """
        to, onward = travel_times().around(self._points, self._degrees, at)
        found = self._openings.fits(job, epoch, spans, to, onward, most=most)
        return [[self._place(fit, at) for fit in fits] for fits in found]

    def _place(self, fit: Fit, at: Point) -> Place:
        return Place(
            technician_ids=tuple(UUID(key) for key in fit.technician_ids),
            start=fit.start,
            travel_seconds=fit.travel_seconds,
            cost_cents=fit.cents,
            co2_grams=round(sum(self._co2_grams(gap, at) for gap in fit.gaps)),
        )

    def _co2_grams(self, gap: int, at: Point) -> float:
        before, behind = self._openings.ends_of(gap)
        here = np.array([[at.latitude, at.longitude]])
        ends = self._degrees[[before] if behind < 0 else [before, behind]]
        return _emitted(np.concatenate([ends[:1], here, ends[1:]])) - _emitted(ends)

    def capacity(self, start: datetime, end: datetime) -> float:
        """Seconds of working time in `[start, end)`."""
        return _common(self._working, start, end)

    def used(self, start: datetime, end: datetime) -> float:
        """Seconds of `[start, end)` in which somebody is on the way or at work."""
        return _common(self._busy, start, end)

    @cached_property
    def _working(self) -> NDArray[np.float64]:
        return _seconds(span for day in self._days for span in day.working())

    @cached_property
    def _busy(self) -> NDArray[np.float64]:
        return _seconds(span for day in self._days for span in day.busy())


def _emitted(degrees: NDArray[np.float64]) -> float:
    """Grams of CO2 for driving along these rows of latitude and longitude."""
    metres = np.diagonal(distances_m(degrees[:-1], degrees[1:])).sum() * DETOUR
    return float(metres) / 1000 * CO2_GRAMS_PER_KILOMETRE


def _seconds(spans: Iterable[Span]) -> NDArray[np.float64]:
    return np.array([(a.timestamp(), b.timestamp()) for a, b in spans]).reshape(-1, 2)


def _common(spans: NDArray[np.float64], start: datetime, end: datetime) -> float:
    """How much of these spans lies in `[start, end)`."""
    first = np.maximum(spans[:, 0], start.timestamp())
    last = np.minimum(spans[:, 1], end.timestamp())
    return float(np.maximum(last - first, 0).sum())


class Snapshot:
    """Technicians with their days; parts are exchanged when they are read anew."""

    def __init__(self, staff: StaffDay, now: datetime) -> None:
        self._days: dict[UUID, list[Day]] = {}
        self._holders: dict[UUID, set[UUID]] = {}
        self._view: View | None = None
        self._made_at = self._until = now
        self.put(staff, (), now)

    def put(self, staff: StaffDay, technician_ids: Collection[UUID], now: datetime) -> None:
        """Take over what was read of these technicians; who was not found is no longer there."""
        self._view = None
        for technician_id in technician_ids:
            self._forget(technician_id)
        for person in staff.people:
            key = person.technician.id
            stops = staff.stops.get(key, [])
            self._days[key] = days_of(person, stops, staff.policies, now)
            for stop in stops:
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
            self._view, self._made_at = View(days), now
            self._until = min((day.until for day in days), default=now)
        return self._view
