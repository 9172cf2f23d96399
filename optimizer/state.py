"""A plan under construction: routes by shift, what they cost, and where one more job fits."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.packed import NEVER, Packed
from optimizer.plan import Plan
from optimizer.pricing import price_route
from optimizer.timing import (
    earliest_departures,
    first_labels,
    last_labels,
    latest_arrivals,
)

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """Feasible places for a job side by side, cheapest first by `cents` (an estimate that leaves
    out what later stops of the route pay for being moved)."""

    shift: Times
    position: Times
    earliest: Times
    latest: Times
    cents: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.shift)


@dataclass(frozen=True, slots=True)
class Choice:
    """One priced place: the exact change of cost."""

    shift: int
    position: int
    earliest: int
    latest: int
    cents: float


class State:
    """Routes (job indices behind the committed stops), starts that are fixed, and gap arrays.

    Gap g of a shift lies before its stop g; the last before its end. Per gap and number of
    breaks taken: the earliest time of leaving the place before, the latest arrival behind.
    """

    def __init__(self, packed: Packed, *, keep_times: bool = False) -> None:
        shifts, states = len(packed.shifts), packed.breaks_most + 1
        self.packed = packed
        self.keep_times = keep_times
        self.routes: list[list[int]] = [[] for _ in range(shifts)]
        self.cents: list[float | None] = [0.0] * shifts
        self.fixed: dict[int, int] = {}
        self.seats: dict[int, list[int]] = {}
        self._wide = 8
        self._ready: Times = np.full((shifts, self._wide, states), NEVER)
        self._latest: Times = np.full((shifts, self._wide, states), -NEVER)
        self._before = np.zeros((shifts, self._wide), dtype=np.int64)
        self._after = np.zeros((shifts, self._wide), dtype=np.int64)
        self._trip = np.zeros((shifts, self._wide), dtype=np.int64)
        self._travel = np.zeros(shifts, dtype=np.int64)
        self._room = np.zeros(shifts, dtype=np.int64)
        self._pack_shifts()
        for s in range(shifts):
            self.set_route(s, [])

    def _pack_shifts(self) -> None:
        shifts, most = self.packed.shifts, self.packed.breaks_most
        absent = (NEVER, -NEVER, 0)
        padded = [list(s.breaks) + [absent] * (most - len(s.breaks)) for s in shifts]
        self._breaks = np.array(padded, dtype=np.int64).reshape(len(shifts), most, 3)
        self._rate = np.array([shift.travel_rate for shift in shifts])
        self._fixed_cents = np.array([shift.fixed_cents for shift in shifts])
        self._most_travel = np.array([shift.max_travel for shift in shifts], dtype=np.int64)
        self._unused = np.array([not shift.committed for shift in shifts])

    @classmethod
    def of_plan(cls, packed: Packed, plan: Plan, *, keep_times: bool = False) -> State:
        """The plan's routes. With `keep_times` each start stays as it is, feasible or not;
        otherwise jobs that no longer fit their route are left out."""
        state = cls(packed, keep_times=keep_times)
        index = {shift.id: s for s, shift in enumerate(packed.problem.shifts)}
        for route in plan.routes:
            s = index.get(route.shift_id)
            if s is None:
                continue
            committed = set(packed.shifts[s].committed)
            wanted = []
            for stop in route.stops:
                job = packed.job_index.get(stop.job_id)
                if job is None or job in committed:
                    continue
                if keep_times or packed.jobs[job].crew_size > 1:
                    state.fixed[job] = stop.start
                wanted.append(job)
            state._take_over(s, wanted)
        if not keep_times:
            state._drop_broken_crews()
        return state

    def _take_over(self, s: int, wanted: list[int]) -> None:
        able = self.packed.able
        if self.keep_times or (
            all(s in able[job] and not self.seats.get(job) for job in wanted)
            and price_route(self.packed, s, wanted, self.fixed) is not None
        ):
            self.set_route(s, wanted)
            return
        kept: list[int] = []
        for job in wanted:
            taken = len(self.seats.get(job, [])) >= self.packed.jobs[job].crew_size
            if s not in able[job] or taken or job in kept:
                continue
            if price_route(self.packed, s, [*kept, job], self.fixed) is not None:
                kept.append(job)
        self.set_route(s, kept)

    def _drop_broken_crews(self) -> None:
        for job in list(self.fixed):
            crew = self.seats.get(job, [])
            names = {self.packed.technicians[s] for s in crew}
            pin = self.packed.jobs[job].pin
            pinned = pin is None or pin.technician_id is None or pin.technician_id in names
            admitted = self.packed.jobs[job].admits_start(self.fixed[job])
            if len(names) != self.packed.jobs[job].crew_size or not pinned or not admitted:
                self.remove(job)

    @property
    def total_cents(self) -> float:
        """Cost of all routes that are feasible; jobs left out are not in it."""
        return sum(cents for cents in self.cents if cents is not None)

    def set_route(self, s: int, route: list[int]) -> None:
        """Puts the route in place of the shift's present one."""
        for job in self.routes[s]:
            if job not in route:
                self.seats[job].remove(s)
        for job in route:
            seats = self.seats.setdefault(job, [])
            if s not in seats:
                seats.append(s)
        self.routes[s] = route
        self.cents[s] = price_route(self.packed, s, route, self.fixed)
        self._set_gaps(s, route)

    def insert(self, job: int, s: int, position: int) -> None:
        route = self.routes[s]
        self.set_route(s, [*route[:position], job, *route[position:]])

    def remove(self, job: int) -> None:
        """Takes the job out of every route it is in."""
        for s in list(self.seats.get(job, [])):
            self.set_route(s, [other for other in self.routes[s] if other != job])
        self.fixed.pop(job, None)

    def _set_gaps(self, s: int, route: list[int]) -> None:
        packed, shift, stops = self.packed, self.packed.shifts[s], len(route)
        if stops + 1 > self._wide:
            self._widen()
        if stops == 0:
            ready, latest = [first_labels(shift)], [last_labels(shift)]
        else:
            facts = self.keep_times
            ready = earliest_departures(packed, s, route, self.fixed, facts=facts)
            latest = latest_arrivals(packed, s, route, self.fixed, facts=facts)
        states = len(shift.breaks) + 1
        self._latest[s] = -NEVER
        self._ready[s, : stops + 1, :states] = ready
        self._latest[s, : stops + 1, :states] = latest
        places = [shift.origin, *(packed.place[job] for job in route), shift.end_place]
        trips = [packed.trip[a][b] if b >= 0 else 0 for a, b in itertools.pairwise(places)]
        self._unused[s] = not route and not shift.committed
        if self._unused[s]:
            trips = [0]
        self._before[s, : stops + 1] = places[:-1]
        self._after[s, : stops + 1] = places[1:]
        self._trip[s, : stops + 1] = trips
        self._travel[s] = sum(trips) + shift.fixed_travel_seconds
        self._room[s] = shift.max_jobs - stops - len(shift.committed)

    def _widen(self) -> None:
        def wider(array: Times, fill: int) -> Times:
            more = np.full_like(array, fill)
            return np.concatenate([array, more], axis=1)

        self._ready = wider(self._ready, NEVER)
        self._latest = wider(self._latest, -NEVER)
        self._before = wider(self._before, 0)
        self._after = wider(self._after, 0)
        self._trip = wider(self._trip, 0)
        self._wide *= 2

    def places(self, job: int, shifts: Times | None = None) -> Places:
        """Every feasible place for the job among these shifts (all able ones by default)."""
        packed = self.packed
        rows = packed.able[job] if shifts is None else shifts
        rows = rows[self._room[rows] > 0]
        gaps = max(map(len, self.routes), default=0) + 1
        before, after = self._before[rows, :gaps], self._after[rows, :gaps]
        place = packed.place[job]
        to = packed.matrix[before, place].astype(np.int64)
        onward = np.where(after >= 0, packed.matrix[place, after], 0).astype(np.int64)
        detour = to + onward - self._trip[rows, :gaps]
        allowed = self._travel[rows, None] + detour <= self._most_travel[rows, None]
        arrive = self._arrivals(rows, gaps, to)
        leave = self._leaves(rows, gaps, onward)
        work = np.array(packed.work[job], dtype=np.int64)[rows, None, None]
        by_last = leave - work
        found = []
        for start, end in packed.windows[job]:
            earliest, latest = np.maximum(arrive, start), np.minimum(by_last, end)
            feasible = np.nonzero((earliest <= latest) & allowed[:, :, None])
            row, gap, _ = feasible
            found.append((row, gap, earliest[feasible], latest[feasible]))
        if not found:
            empty = np.empty(0, dtype=np.int64)
            return Places(empty, empty, empty, empty, empty.astype(np.float64))
        row, gap, first, last = (np.concatenate(parts) for parts in zip(*found, strict=True))
        shift = rows[row]
        cents = detour[row, gap] * self._rate[shift] + packed.price[job].at_all(first)
        cents += np.array(packed.seat_cents[job])[shift]
        cents += np.where(self._unused[shift], self._fixed_cents[shift], 0.0)
        order = np.argsort(cents, kind="stable")
        return Places(shift[order], gap[order], first[order], last[order], cents[order])

    def _arrivals(self, rows: Times, gaps: int, to: Times) -> Times:
        """Earliest arrival at the new stop by breaks taken (`timing.ride` for all gaps)."""
        ready = self._ready[rows, :gaps]
        arrive = ready + to[:, :, None]
        for taken in range(self.packed.breaks_most):
            free, time = ready[:, :, taken], ready[:, :, taken] + to
            for b in range(taken, self.packed.breaks_most):
                earliest, latest, duration = (
                    self._breaks[rows, b, part, None] for part in range(3)
                )
                start = np.maximum(free, earliest)
                free = np.where(start <= latest, start + duration, NEVER)
                time = np.where(start <= latest, np.maximum(time, earliest) + duration, NEVER)
                np.minimum(arrive[:, :, b + 1], time, out=arrive[:, :, b + 1])
        return arrive

    def _leaves(self, rows: Times, gaps: int, onward: Times) -> Times:
        """Latest leaving of the new stop by breaks taken (`timing.latest_leave` for all gaps)."""
        latest = self._latest[rows, :gaps]
        leave = latest - onward[:, :, None]
        for after in range(1, self.packed.breaks_most + 1):
            arrival, bound = latest[:, :, after], latest[:, :, after] - onward
            for b in range(after - 1, -1, -1):
                earliest, last, duration = (self._breaks[rows, b, part, None] for part in range(3))
                arrival = arrival - duration
                bound = np.where(earliest <= arrival, np.minimum(bound - duration, last), -NEVER)
                np.maximum(leave[:, :, b], bound, out=leave[:, :, b])
        return leave

    def price(self, job: int, s: int, position: int) -> float | None:
        """The exact change of cost when the job goes there; None when it does not fit."""
        route, now = self.routes[s], self.cents[s]
        then = price_route(self.packed, s, [*route[:position], job, *route[position:]], self.fixed)
        return None if then is None or now is None else then - now

    def best(self, job: int, most: int = 4, shifts: Times | None = None) -> Choice | None:
        """The cheapest of the `most` places that look cheapest, exactly priced."""
        found = self.places(job, shifts)
        chosen: Choice | None = None
        tried: set[tuple[int, int]] = set()
        for k in range(len(found)):
            place = (int(found.shift[k]), int(found.position[k]))
            if place in tried:
                continue
            if len(tried) >= most:
                break
            tried.add(place)
            cents = self.price(job, *place)
            if cents is not None and (chosen is None or cents < chosen.cents):
                chosen = Choice(*place, int(found.earliest[k]), int(found.latest[k]), cents)
        return chosen
