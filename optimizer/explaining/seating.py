"""Putting a job into one shift's route: the best feasible place, others pushed no earlier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace

from optimizer.binding import Windows
from optimizer.explaining.pieces import (
    Cents,
    Pieces,
    minus,
    pushed,
    standing,
)
from optimizer.explaining.space import Space
from optimizer.fetching import supplied
from optimizer.itinerary import route_of
from optimizer.job import Job
from optimizer.packed import Packed
from optimizer.place import at_its_times
from optimizer.plan import Route, Stop
from optimizer.shift import Shift
from optimizer.state import State

POSITIONS_TRIED = 3
"""Places of one shift that are priced exactly, those that look cheapest first."""

Place = tuple[int, int, int]
"""Position behind the facts, earliest and latest start."""


@dataclass(frozen=True, slots=True)
class Seating:
    """One shift's route with the job in it, and what the job changes there."""

    route: Route
    stop: Stop
    change: Cents
    moved: tuple[tuple[str, str, int, int], ...]


class Room:
    """One shift with its route, asked where a job fits, as it is or with other demands.

    The job does not stand in the route; `present` is its start today, if it has one.
    """

    def __init__(self, pieces: Pieces, space: Space, present: int | None) -> None:
        self._pieces, self._space, self._present = pieces, space, present
        self._shift, self._packed, self._state = space.shift, space.packed, space.state
        self._there: tuple[Job, int] | None = None

    @contextmanager
    def _with(self, job: Job, *, bound: bool = True) -> Iterator[int]:
        """The job among the others for a moment, or while it is there already; its number."""
        there = self._there
        if there is not None and there[0] is job and bound:
            yield there[1]
            return
        number = self._packed.add(job)
        if bound:
            self._packed.windows[number] = self._bound_windows(number, job)
            self._there = job, number
        try:
            yield number
        finally:
            self._there = there
            self._packed.drop_last()

    def _throughout(self, job: Job) -> AbstractContextManager[object]:
        """The job stays among the others while several things are asked about it."""
        return self._with(job) if self._space.is_sound else nullcontext()

    def _bound_windows(self, number: int, job: Job) -> Windows:
        leeway = self._pieces.leeway(job.id)
        if leeway is None or self._pieces.number_of(self._shift.id) not in leeway.shifts:
            return ()
        return leeway.cut(self._packed.windows[number])

    def is_timely(self, job: Job, *, bound: bool = False) -> bool:
        """Whether the job would fit if the shift had nothing else to do; with what it is bound to
        where it is, if asked so."""
        with self._with(job, bound=bound) as number:
            return len(State(self._packed).places(number)) > 0

    def places(self, job: Job) -> list[Place]:
        """Feasible places, what looks cheapest first."""
        with self._with(job) as number:
            found = self._state.places(number)
            spots = zip(found.position, found.earliest, found.latest, strict=True)
            return [(int(a), int(b), int(c)) for a, b, c in spots]

    def route(self, job: Job, position: int, start: int) -> Route | None:
        """The route with the job there, started then; None when that does not go."""
        if not self._space.is_sound:
            return self.asked(job, start)
        route = self._state.routes[0]
        with self._with(job) as number:
            fixed = {**self._state.fixed, number: start}
            wanted = [*route[:position], number, *route[position:]]
            try:
                return route_of(self._packed, 0, supplied(self._packed, 0, wanted, fixed), fixed)
            except ValueError:
                return None

    def seated(self, job: Job, route: Route) -> Seating:
        """That route with its price."""
        after = {self._shift.id: route}
        change = minus(
            self._pieces.money(after, [job], [self._shift]), self._space.money(self._pieces)
        )
        [stop] = (stop for stop in route.stops if stop.job_id == job.id)
        return Seating(route, stop, change, tuple(pushed(self._space.before, after, {job.id})))

    def best(self, job: Job, before: int | None = None) -> Seating | None:
        """The cheapest of the places tried whose route breaks nothing new; started `before`."""
        with self._throughout(job):
            found = self._priced(job, before)
        found.sort(key=lambda one: (one[0], one[1], one[2].stop.start))
        for _, _, seating in found:
            if not self._pieces.broken({self._shift.id: seating.route}, [job], [self._shift]):
                return seating
        return None

    def _priced(self, job: Job, before: int | None) -> list[tuple[int, int, Seating]]:
        """The places tried, with their price and how far each start is from the one wanted."""
        found: list[tuple[int, int, Seating]] = []
        tried: set[int] = set()
        for position, earliest, latest in self.places(job):
            last = latest if before is None else min(latest, before - 1)
            if position in tried or earliest > last:
                continue
            if len(tried) == POSITIONS_TRIED:
                break
            tried.add(position)
            for start in self._starts(job, earliest, last):
                route = self.route(job, position, start)
                if route is not None:
                    seating = self.seated(job, route)
                    price = sum(self._pieces.change(seating.change).values())
                    off = abs(start - (earliest if self._present is None else self._present))
                    found.append((price, off, seating))
        return found

    def first(self, job: Job) -> Route | None:
        """A route with the job at the place that looks cheapest, at today's start if it can be."""
        with self._throughout(job):
            for position, earliest, latest in self.places(job)[:POSITIONS_TRIED]:
                start = earliest if self._present is None else max(earliest, self._present)
                route = self.route(job, position, min(start, latest))
                if route is not None:
                    return route
        return None

    def _starts(self, job: Job, earliest: int, latest: int) -> list[int]:
        """Starts worth pricing: the first, today's, and those that wishes and promises draw to."""
        drawn = [earliest]
        if self._present is not None:
            drawn.append(self._present)
        if job.soft_window is not None:
            drawn.append(job.soft_window.start)
        if job.promise is not None and job.promise.window is not None:
            drawn.append(job.promise.window.start)
        return sorted({start for start in drawn if earliest <= start <= latest})

    def asked(self, job: Job, start: int) -> Route:
        """The job started then whatever stands in its way; everything else at its time."""
        work = self._shift.work_seconds(job.duration_seconds, job.pace_skill)
        facts = len(self._shift.committed)
        stop = Stop(job.id, start, start, start + work, 0)
        others, old = self._space.stops, self._space.before[self._shift.id]
        behind = sorted([*others[facts:], stop], key=lambda one: one.start)
        with self._with(standing(job, None), bound=False):
            return at_its_times(self._packed, 0, [*others[:facts], *behind], old)


def without(pieces: Pieces, shift: Shift, job: Job) -> Route | None:
    """The shift's route without the job, all else at its time; None when nothing is left."""
    route = pieces.route(shift.id)
    assert route is not None
    stops = [stop for stop in route.stops if stop.job_id != job.id]
    if not stops:
        return None
    packed = Packed(pieces.piece({shift.id: replace(route, stops=tuple(stops))}))
    return at_its_times(packed, 0, stops, route)
