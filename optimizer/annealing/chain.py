"""One chain of the compiled search: what it knows about its jobs, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimizer.annealing.tables as t
from optimizer.annealing import iterate
from optimizer.annealing.cutting import Part
from optimizer.annealing.tables import (
    CLOSES,
    COST,
    END_PLACE,
    FORBIDDEN,
    JOB,
    LENGTH,
    OPENS,
    ORIGIN,
    PLACE,
    ROOM,
    SECONDS,
    TRAVEL_RATE,
    TWIN,
    UNSERVED,
    Facts,
    Floats,
    Ints,
    Routes,
    routes_of_size,
)
from optimizer.annealing.times import refresh
from optimizer.limits import Segment
from optimizer.state import State

NEAR_JOBS = 60
NEAR_SHIFTS = 12
ADJACENT = 400
LONGEST_ROUTE = 250
"""Stops of one shift, beyond which nothing is inserted."""
WAITING_WEIGHT, LATENESS_WEIGHT = 0.2, 1.0
"""How far time apart makes jobs less near, against the trip between them."""


CLOSE_BY = 1200
"""By the trip alone; nearer in time as well are looked for among these."""
ROWS_AT_ONCE = 256
"""Of the tables of distances, which are as large as the square of the jobs."""


ORDERS_TRIED_ON = 2_000_000
"""Jobs by shifts above which the greedy start tries two orders instead of all."""


BLINK = 0.01
"""Share of places overlooked, which keeps the search from being greedy."""
EJECT = 0.3
"""How often a job without a place pushes out a cheaper one."""
CENTRE_ON_LEFT = 0.15
"""How often the ruin is around a job that is left out."""
OLD_TRIED = 3.0
"""How many of those left out for longer are tried again in an iteration, on average: trying all
took most of the time, and few with many more iterations is 15 % better at equal time."""


CROSS, CROSS_WHERE_TIME_IS_PAID = 0.1, 0.3
"""How often two routes exchange their tails or everything, instead of ruin and recreate: more
where technicians are paid from home to home, so that who goes out at all decides."""


def settings_of(facts: Facts, strings: float) -> Floats:
    """What the compiled iterations go by."""
    is_time_paid = (facts.rates[:, t.WAITING_RATE] > 0).any()
    cross = CROSS_WHERE_TIME_IS_PAID if is_time_paid else CROSS
    return np.array([strings, strings, BLINK, EJECT, CENTRE_ON_LEFT, OLD_TRIED, cross])


class Guide:
    """What is near what, and the orders in which jobs are put back; shared by all chains. What is
    near is looked for later: a greedy plan needs none of it."""

    def __init__(self, facts: Facts) -> None:
        self.orders = _orders(facts)
        nothing = np.zeros((1, 1), dtype=np.int64)
        self.adjacent, self.near_jobs, self.near_shifts = nothing, nothing, nothing

    def look_for_jobs(self, facts: Facts, threads: int = 1) -> None:
        self.adjacent, self.near_jobs = _neighbours(facts, threads)

    def look_for_shifts(self, facts: Facts) -> None:
        self.near_shifts = _near_shifts(facts)


def _neighbours(facts: Facts, threads: int) -> tuple[Ints, Ints]:
    """Per job the nearest, nearest first: by the trip, itself among them, and by trip and time."""
    place = facts.without_passes[:, PLACE]

    def look(first: int) -> tuple[Ints, Ints]:
        rows = np.arange(first, min(first + ROWS_AT_ONCE, len(place)))
        trips = facts.trips[np.ix_(place[rows], place)]
        columns = _first(trips, CLOSE_BY)
        some = _first(_time_aware(facts, rows, columns), NEAR_JOBS)
        return columns[:, :ADJACENT], np.take_along_axis(columns, some, axis=1)

    with ThreadPoolExecutor(max_workers=threads) as pool:
        adjacent, near = zip(*pool.map(look, range(0, len(place), ROWS_AT_ONCE)), strict=True)
    return np.concatenate(adjacent), np.concatenate(near)


def _first(distance: NDArray[Any], count: int) -> Ints:
    """Per row the columns of the `count` smallest, smallest first."""
    count = min(count, distance.shape[1])
    some = np.argpartition(distance, count - 1, axis=1)[:, :count]
    order = np.argsort(np.take_along_axis(distance, some, axis=1), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(some, order, axis=1), dtype=np.int64)


def _time_aware(facts: Facts, rows: Ints, others: Ints) -> Floats:
    """How far apart each of `rows` is from its `others` on one route, in the better order: the
    trip, and the waiting or lateness between."""
    place = facts.jobs[:, PLACE]
    opens = np.maximum(facts.jobs[:, OPENS], 0).astype(np.float64)
    closes = np.minimum(facts.jobs[:, CLOSES], 1 << 31).astype(np.float64)
    lasts = facts.work.min(axis=1, initial=1 << 30).astype(np.float64)
    here = rows[:, None]

    def one_way(first: Ints, then: Ints) -> Floats:
        trip = facts.trips[place[first], place[then]].astype(np.float64)
        waiting = np.maximum(0.0, opens[then] - (closes + lasts)[first] - trip)
        late = np.maximum(0.0, (opens + lasts)[first] + trip - closes[then])
        return np.asarray(trip + WAITING_WEIGHT * waiting + LATENESS_WEIGHT * late)

    apart = np.minimum(one_way(here, others), one_way(others, here))
    apart[others == here] = np.inf
    return np.asarray(apart)


def _near_shifts(facts: Facts) -> Ints:
    """Per job the able shifts whose home is nearest, -1 where there are no more."""
    place = facts.without_passes[:, PLACE]
    seats = facts.seats[: len(place)]
    out = facts.trips[facts.shifts[:, ORIGIN]][:, place]
    ends = np.maximum(facts.shifts[:, END_PLACE], 0)
    home = facts.trips[place][:, ends].T
    apart = np.minimum(out, np.where(facts.shifts[:, END_PLACE, None] >= 0, home, out)).T
    apart = np.where(seats < FORBIDDEN, apart, np.iinfo(apart.dtype).max)
    twins = len(np.unique(facts.shifts[:, TWIN]))
    count = len(facts.shifts) if twins == 1 else min(NEAR_SHIFTS, len(facts.shifts))
    chosen = np.argsort(apart, axis=1, kind="stable")[:, :count]
    able = np.take_along_axis(seats, chosen, axis=1) < FORBIDDEN
    return np.ascontiguousarray(np.where(able, chosen, -1), dtype=np.int64)


def _orders(facts: Facts) -> Floats:
    """Keys by which jobs are put back, one row an order; the first is random."""
    jobs = facts.without_passes
    from_home = facts.trips[np.unique(facts.shifts[:, ORIGIN])][:, jobs[:, PLACE]].mean(axis=0)
    lasts = facts.work[: len(jobs)].mean(axis=1) if facts.work.size else np.zeros(len(jobs))
    able = (facts.seats[: len(jobs)] < FORBIDDEN).sum(axis=1).astype(np.float64)
    opens = np.maximum(jobs[:, OPENS], -(1 << 40)).astype(np.float64)
    closes = np.minimum(jobs[:, CLOSES], 1 << 40).astype(np.float64)
    price = facts.prices[: len(jobs), UNSERVED]
    orders = [np.zeros(len(jobs)), -lasts, -from_home, from_home, closes - opens, opens, -closes]
    if able.size and able.min() < able.max():
        orders += [able, able]
    if price.size and price.min() < price.max():
        orders += [-price, -price, -price / np.maximum(1.0, lasts), -price / np.maximum(1.0, lasts)]
    return np.ascontiguousarray(np.array(orders))


class Chain:
    """One search of its own seed; starts from the routes of a state."""

    def __init__(
        self, state: State, facts: Facts, guide: Guide, movable: list[int], seed: int
    ) -> None:
        shifts, jobs = len(facts.shifts), len(facts.jobs)
        longest = min(jobs, LONGEST_ROUTE)
        self.facts, self.guide = replace(facts, shifts=facts.shifts.copy()), guide
        self._room = facts.shifts[:, ROOM].copy()
        self._every = self._movable = np.array(movable, dtype=np.int64)
        self.plan: Routes = routes_of_size(facts, longest)
        self._best_routes = np.zeros((shifts, longest + 4), dtype=np.int64)
        self._best_lengths = np.zeros(shifts, dtype=np.int64)
        self._counts = np.zeros(t.COUNTERS, dtype=np.int64)
        self._sums = np.zeros(2)
        self._left = np.zeros(jobs + 1, dtype=np.int64)
        self._memory: tuple[NDArray[Any], ...] = (
            self._left,
            np.zeros(jobs + 1, dtype=np.int64),
            np.zeros((shifts, longest + 4), dtype=np.int64),
            np.zeros(shifts + 1, dtype=np.int64),
            np.zeros(2 * shifts + 1, dtype=np.int64),
            np.zeros(jobs + t.MOST_EJECTED + 1, dtype=np.int64),
            np.zeros(jobs + t.MOST_EJECTED + 1, dtype=np.int64),
            np.zeros(jobs + 1),
            np.arange(shifts, dtype=np.int64),
            self._counts,
            self._sums,
            np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & (2**64 - 1) or 1],
                     dtype=np.uint64),
        )  # fmt: skip
        self.restart(state.routes)

    def restart(self, routes: list[list[int]], part: Part | None = None) -> None:
        """Goes on from these routes, of a part with its own shifts and jobs only: the others are
        closed, their routes empty. Raises ValueError when a route cannot be done."""
        self._part = part
        self._open(part)
        self.plan.where[:] = -1
        self.plan.routes[:] = 0
        present = range(len(routes)) if part is None else part.shifts.tolist()
        for v in present:
            self.plan.routes[v, LENGTH] = len(routes[v])
            self.plan.stops[v, 1 : len(routes[v]) + 1, JOB] = routes[v]
        for v in range(len(routes)):
            if not refresh(*self.facts.all, *self.plan.all, v):
                raise ValueError(f"Route {v} cannot be done.")
        served = [job for v in present for job in routes[v]]
        left = np.setdiff1d(self._movable, np.array(served, dtype=np.int64))
        self._left[: len(left)] = left
        self._counts[t.LEFT] = len(left)
        self._counts[t.USED] = sum(1 for v in present if routes[v])
        self._counts[t.SERVED] = len(served)
        self._sums[t.NOW] = self.plan.cents[:, COST].sum()
        self._sums[t.NOW] += self.facts.prices[left, UNSERVED].sum()
        self._sums[t.BEST] = self._sums[t.NOW]
        self._best_lengths[:] = self.plan.routes[:, LENGTH]
        for v in present:
            self._best_routes[v, : len(routes[v])] = routes[v]

    def go_back(self) -> None:
        """Goes on from the best routes."""
        self.restart(self.best_routes, self._part)

    def _open(self, part: Part | None) -> None:
        room = self.facts.shifts[:, ROOM]
        if part is None:
            self._movable, shifts = self._every, np.arange(len(room), dtype=np.int64)
        else:
            self._movable, shifts = np.intersect1d(self._every, part.jobs), part.shifts
        room[:] = 0
        room[shifts] = self._room[shifts]
        self._memory = (*self._memory[: t.EVERYONE], shifts, *self._memory[t.EVERYONE + 1 :])

    def run(self, segment: Segment) -> None:
        """So many iterations of ruin and recreate."""
        if not len(self._movable):
            return
        iterate.anneal(
            self.facts.all, self.plan.all, self._memory, self.guide.orders, self.guide.near_jobs,
            self.guide.near_shifts, self.guide.adjacent, self._movable,
            settings_of(self.facts, segment.strings),
            self._best_routes, self._best_lengths, segment.iterations, segment.heat,
            segment.cooling,
        )  # fmt: skip

    def seat_bound(self) -> None:
        """Jobs bound to each other have to be seated first; these chains know none."""

    def fill(self, told: Callable[[float], None]) -> None:
        """Greedy insertion in every order; goes on from the cheapest outcome, or as it was."""
        routes = self._routes()
        best, before = (0.0, routes), self.best_cents
        size = len(self._movable) * len(self._memory[t.EVERYONE])
        orders = len(self.guide.orders) if size <= ORDERS_TRIED_ON else 2
        for order in range(orders):
            self.restart(routes, self._part)
            saved = iterate.fill(
                self.facts.all, self.plan.all, self._memory, self.guide.orders, order,
                self.guide.near_jobs, self.guide.near_shifts, settings_of(self.facts, 1.0),
            )  # fmt: skip
            if saved < best[0]:
                best = saved, self._routes()
                told(before + saved)
        self.restart(best[1], self._part)

    def _routes(self) -> list[list[int]]:
        lengths = self.plan.routes[:, LENGTH].tolist()
        return [self.plan.stops[v, 1 : n + 1, JOB].tolist() for v, n in enumerate(lengths)]

    @property
    def left_count(self) -> int:
        return int(self._counts[t.LEFT])

    @property
    def cheapest_left_cents(self) -> float:
        """The least price of a job that is left out; infinite when there is none."""
        left = self._left[: self.left_count]
        return float(self.facts.prices[left, UNSERVED].min(initial=np.inf))

    @property
    def trip_cents(self) -> float:
        """What a mean trip of the present routes costs."""
        lengths = self.plan.routes[:, LENGTH]
        spent = (self.plan.routes[:, SECONDS] * self.facts.rates[:, TRAVEL_RATE])[lengths > 0]
        return float(spent.sum()) / max(1, int(lengths.sum())) or 1.0

    @property
    def present(self) -> tuple[list[list[int]], list[float]]:
        """The routes at this moment and what each costs, by shift."""
        return self._routes(), self.plan.cents[:, COST].tolist()

    @property
    def best_cents(self) -> float:
        return float(self._sums[t.BEST])

    @property
    def best_routes(self) -> list[list[int]]:
        return [
            self._best_routes[v, :n].tolist() for v, n in enumerate(self._best_lengths.tolist())
        ]
