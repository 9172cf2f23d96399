"""All gaps of all routes side by side, to find where one more job fits in one go.

Gap g of a shift lies before its stop g; the last before its end. Per gap and number of breaks
taken it knows the earliest time of leaving the place before and the latest arrival behind.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.packed import Packed
from optimizer.supply import jobs_of
from optimizer.time_price import NEVER
from optimizer.timing import earliest_departures, first_labels, last_labels, latest_arrivals

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


NONE: Times = np.empty(0, dtype=np.int64)
NOWHERE = Places(NONE, NONE, NONE, NONE, NONE.astype(np.float64))


@dataclass(frozen=True, slots=True)
class GapsOfRoute:
    """The gaps of one route; `after` is -1 where the shift has no end place."""

    ready: Times
    latest: Times
    before: Times
    after: Times
    trip: Times
    travel_seconds: int
    work_seconds: int
    room: int
    space: int
    is_unused: bool

    @classmethod
    def of(
        cls, packed: Packed, s: int, route: list[int], fixed: dict[int, int], *, facts: bool
    ) -> GapsOfRoute:
        shift = packed.shifts[s]
        if route:
            ready = earliest_departures(packed, s, route, fixed, facts=facts)
            latest = latest_arrivals(packed, s, route, fixed, facts=facts)
        else:
            ready, latest = [first_labels(shift)], [last_labels(shift)]
        places = [shift.origin, *(packed.place[job] for job in route), shift.end_place]
        trips = [packed.trip[a, b] if b >= 0 else 0 for a, b in itertools.pairwise(places)]
        is_unused = not route and not shift.committed
        if is_unused:
            trips = [0]
        absent = packed.breaks_most - len(shift.breaks)
        return cls(
            ready=np.array([[*labels, *[NEVER] * absent] for labels in ready]),
            latest=np.array([[*labels, *[-NEVER] * absent] for labels in latest]),
            before=np.array(places[:-1]),
            after=np.array(places[1:]),
            trip=np.array(trips),
            travel_seconds=sum(trips) + shift.fixed_travel_seconds,
            work_seconds=sum(packed.work[job][s] for job in route),
            room=shift.max_jobs - len(jobs_of(packed, route)) - len(shift.committed),
            space=shift.capacity - sum(packed.jobs[job].load for job in route),
            is_unused=is_unused,
        )


class Gaps:
    """Tables of shift by gap."""

    def __init__(self, packed: Packed) -> None:
        shifts, states = len(packed.shifts), packed.breaks_most + 1
        self._packed = packed
        self._wide = 8
        self._ready: Times = np.full((shifts, self._wide, states), NEVER)
        self._latest: Times = np.full((shifts, self._wide, states), -NEVER)
        self._soonest: Times = np.full((shifts, self._wide), NEVER)
        self._furthest: Times = np.full((shifts, self._wide), -NEVER)
        self._before: Times = np.zeros((shifts, self._wide), dtype=np.int64)
        self._after: Times = np.zeros((shifts, self._wide), dtype=np.int64)
        self._trip: Times = np.zeros((shifts, self._wide), dtype=np.int64)
        self._travel: Times = np.zeros(shifts, dtype=np.int64)
        self._work: Times = np.zeros(shifts, dtype=np.int64)
        self._room: Times = np.zeros(shifts, dtype=np.int64)
        self._space: Times = np.zeros(shifts, dtype=np.int64)
        self._unused = np.zeros(shifts, dtype=bool)
        self._rate = np.array([shift.travel_rate for shift in packed.shifts])
        self._fixed_cents = np.array([shift.fixed_cents for shift in packed.shifts])
        self._most_travel = np.array([s.max_travel for s in packed.shifts], dtype=np.int64)
        self._most_work = np.array([s.max_work for s in packed.shifts], dtype=np.int64)
        absent = (NEVER, -NEVER, 0)
        padded = [
            [*shift.breaks, *[absent] * (packed.breaks_most - len(shift.breaks))]
            for shift in packed.shifts
        ]
        self._breaks = np.array(padded, dtype=np.int64).reshape(shifts, packed.breaks_most, 3)

    def put(self, s: int, gaps: GapsOfRoute) -> None:
        count = len(gaps.before)
        while count > self._wide:
            self._widen()
        self._ready[s, :count] = gaps.ready
        self._latest[s, :count] = gaps.latest
        self._soonest[s] = NEVER
        self._soonest[s, :count] = gaps.ready.min(axis=1)
        self._furthest[s] = -NEVER
        self._furthest[s, :count] = gaps.latest.max(axis=1)
        self._before[s, :count] = gaps.before
        self._after[s, :count] = gaps.after
        self._trip[s, :count] = gaps.trip
        self._travel[s] = gaps.travel_seconds
        self._work[s] = gaps.work_seconds
        self._room[s] = gaps.room
        self._space[s] = gaps.space
        self._unused[s] = gaps.is_unused

    def _widen(self) -> None:
        def wider(table: Times) -> Times:
            return np.concatenate([table, np.zeros_like(table)], axis=1)

        self._ready, self._latest = wider(self._ready), wider(self._latest)
        self._soonest, self._furthest = wider(self._soonest), wider(self._furthest)
        self._before, self._after = wider(self._before), wider(self._after)
        self._trip = wider(self._trip)
        self._wide *= 2

    def places(self, job: int, shifts: Times) -> Places:
        """Every feasible place for the job in the gaps of these shifts."""
        packed, place = self._packed, self._packed.place[job]
        s, gap = self._in_time(job, shifts)
        if not len(s):
            return NOWHERE
        after = self._after[s, gap]
        to = packed.matrix[self._before[s, gap], place].astype(np.int64)
        onward = np.where(after >= 0, packed.matrix[place, after], 0).astype(np.int64)
        detour = to + onward - self._trip[s, gap]
        travel = self._travel[s] + detour
        needed = packed.work_by_shift[job][s]
        worked = travel + self._work[s] + needed
        allowed = (travel <= self._most_travel[s]) & (worked <= self._most_work[s])
        breaks = self._breaks[s]
        arrive = arrivals(self._ready[s, gap], to, breaks)
        leave = departures(self._latest[s, gap], onward, breaks)
        by_last = leave - needed[:, None]
        found = []
        for start, end in packed.windows[job]:
            earliest, latest = np.maximum(arrive, start), np.minimum(by_last, end)
            feasible = np.nonzero((earliest <= latest) & allowed[:, None])
            found.append((feasible[0], earliest[feasible], latest[feasible]))
        at, first, last = (np.concatenate(parts) for parts in zip(*found, strict=True))
        if not len(at):
            return NOWHERE
        s, gap = s[at], gap[at]
        cents = detour[at] * self._rate[s] + packed.cents_by_shift[job][s]
        cents += packed.price[job].at_all(first, s)
        cents += np.where(self._unused[s], self._fixed_cents[s], 0.0)
        order = np.argsort(cents, kind="stable")
        return Places(s[order], gap[order], first[order], last[order], cents[order])

    def _in_time(self, job: int, shifts: Times) -> tuple[Times, Times]:
        """Shift and gap where there is room and, were it not for breaks, time for the job: of a
        full day few, so that all else is asked of these alone."""
        packed, place, windows = self._packed, self._packed.place[job], self._packed.windows[job]
        fits = (self._room[shifts] > 0) & (self._space[shifts] >= packed.jobs[job].load)
        chosen = shifts[fits]
        onward = np.append(packed.matrix[place], 0)  # behind the last gap of no end place
        arrive = packed.matrix[:, place].take(self._before[chosen]) + self._soonest[chosen]
        by_last = self._furthest[chosen] - onward.take(self._after[chosen])
        by_last -= packed.work_by_shift[job][chosen, None]
        in_time = arrive <= np.minimum(by_last, max((end for _, end in windows), default=-NEVER))
        in_time &= by_last >= min((start for start, _ in windows), default=NEVER)
        row, gap = np.nonzero(in_time)
        return chosen[row], gap


def arrivals(ready: Times, to: Times, breaks: Times) -> Times:
    """Earliest arrival behind a trip by breaks taken: `timing.ride` for many gaps at once.

    `ready` is gap by breaks taken before, `to` the trip of each gap, `breaks` gap by break by
    (earliest start, latest start, duration).
    """
    arrive: Times = ready + to[:, None]
    most = breaks.shape[1]
    for taken in range(most):
        free, time = ready[:, taken], ready[:, taken] + to
        for b in range(taken, most):
            earliest, latest, duration = breaks[:, b].T
            start = np.maximum(free, earliest)
            in_time = start <= latest
            free = np.where(in_time, start + duration, NEVER)
            time = np.where(in_time, np.maximum(time, earliest) + duration, NEVER)
            np.minimum(arrive[:, b + 1], time, out=arrive[:, b + 1])
    return arrive


def departures(latest: Times, onward: Times, breaks: Times) -> Times:
    """Latest leaving before a trip by breaks taken: `timing.latest_leave` for many gaps at once.

    `latest` is gap by breaks taken behind the trip; the others as in `arrivals`.
    """
    leave: Times = latest - onward[:, None]
    for after in range(1, breaks.shape[1] + 1):
        arrival, bound = latest[:, after], latest[:, after] - onward
        for b in range(after - 1, -1, -1):
            earliest, last, duration = breaks[:, b].T
            arrival = arrival - duration
            bound = np.where(earliest <= arrival, np.minimum(bound - duration, last), -NEVER)
            np.maximum(leave[:, b], bound, out=leave[:, b])
    return leave
