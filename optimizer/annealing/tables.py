"""The search's memory: a few packed arrays that the compiled functions share.

Columns have names here and nowhere else. `S` is the number of break states: the most breaks of
any shift, and one. A route of shift v fills rows 0 (origin), 1..n (stops) and n + 1 (end) of
`stops[v]`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.packed import Packed, PackedShift
from optimizer.state import State
from optimizer.stock import Item, depot_has
from optimizer.time_price import NEVER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK = 256
"""Rows and columns of the trips turned at once."""
FORBIDDEN = 1e17
"""Cents of a seat that a technician may not take."""

# Jobs: `jobs[j]`, the window bounds apart when there are several.
(PLACE, FIRST_WINDOW, WINDOWS, OPENS, CLOSES, HELD, TIMED, LOAD, FIRST_NEED,
 NEEDS, IS_PASS) = range(11)  # fmt: skip
JOB_COLUMNS = 11

# What a start costs: `prices[j]`, as in `time_price.TimePrice`, and the job left out; then time and
# cents of each step, and last, by shift from the end backwards, the last start without risk.
(DUE, LATE_RATE, BREACH, CAP, DELAY_FROM, DELAY_RATE, SOFT_START, SOFT_END, SOFT_RATE,
 PROMISE_START, PROMISE_END, PROMISE, UNSERVED, RISK_RATE, STEPS,
 FIRST_STEP) = range(16)  # fmt: skip

# Shifts: `shifts[v]` in whole numbers and `rates[v]` in cents.
(ORIGIN, END_PLACE, READY, REGULAR_END, LATEST_END, FIRST_BREAK, BREAKS, BREAKS_PAST, MOST_TRAVEL,
 ROOM, IS_USED, FIXED_TRAVEL, FIXED_IDLE, TWIN, CAPACITY, MOST_WORK,
 DEPARTS_LATE) = range(17)  # fmt: skip
SHIFT_COLUMNS = 17
TRAVEL_RATE, FIXED, OVERTIME_RATE, WAITING_RATE, LEAST_PAY, FIXED_PAY, JOB_PAY, SECOND_PAY = range(
    8
)
RATE_COLUMNS = 8

# Rows of a route: `stops[v, k]`; then S earliest leaving times and S latest arrivals.
# `WAITS` is the slack of the stops from there on, `YIELDS` how much of a later bound the stops up
# to there take up, `TAKEN` the breaks taken on arrival.
(JOB, AT, EDGE, SOONEST, LATEST, START, SLACK, WAITS, YIELDS, TAKEN, FORESEEN,
 LABELS) = range(12)  # fmt: skip

# Routes: `routes[v]` and `cents[v]`.
(LENGTH, SECONDS, CARRIED, IS_TIMED, SAVED, WORKED, PASS, DEPOT, IS_LATE, IDLE,
 IS_NEW) = range(11)  # fmt: skip
ROUTE_COLUMNS = 11
COST, PAY, TOP_UP, OLD_COST, ENDS, SPARE = range(6)
CENTS_COLUMNS = 6
"""`PASS` is the row of the pass of a depot (0: none), `DEPOT` that depot's row of the store;
`SPARE` is what a further stop may save (top-up, waiting), `IS_NEW` whether the route is another in
the best plan."""


# The tuples that the compiled functions take: `facts`, `plan` and `memory`.
(TRIPS, BACK, JOBS, PRICES, SEATS, WORK, WINDOW_BOUNDS, SHIFTS, RATES, BREAK_BOUNDS,
 NEED_LIST) = range(11)  # fmt: skip
STOPS, ROUTES, CENTS, WHERE, STORE = range(5)
(LEFT_JOBS, OLD_LEFT, SAVED_ROUTES, TOUCHED_ROUTES, TRIED, QUEUE, RANKS, KEYS, EVERYONE, COUNTS,
 SUMS, SEED) = range(12)  # fmt: skip

# Counters of a search: `counts`; sums in cents: `sums`; settings: `settings`.
LEFT, LEFT_BEFORE, TOUCHED, MARK, USED, SERVED = range(6)
COUNTERS = 6
NOW, BEST = range(2)
STRING_MEAN, STRING_LONGEST, BLINK, EJECT, CENTRE_ON_LEFT, OLD_TRIED, CROSS = range(7)

MOST_EJECTED = 6
"""Per recreate; each may push out another."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not change during a search; `back[b, a]` is `trips[a, b]`, for rows by job.

    The last `passes` jobs are the passes of the depots; `needs` are (column of the store, pieces).
    """

    trips: NDArray[np.int32]
    back: NDArray[np.int32]
    jobs: Ints
    prices: Floats
    seats: Floats
    work: NDArray[np.int32]
    windows: Ints
    shifts: Ints
    rates: Floats
    breaks: Ints
    needs: Ints
    stock: Ints
    passes: int

    @property
    def without_passes(self) -> Ints:
        return self.jobs[: len(self.jobs) - self.passes]

    @property
    def all(self) -> tuple[NDArray[np.generic], ...]:
        """In the order in which the compiled functions take them."""
        return (self.trips, self.back, self.jobs, self.prices, self.seats, self.work, self.windows,
                self.shifts, self.rates, self.breaks, self.needs)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Routes:
    """What does: stops, sums by route, and where each job is (shift and row, -1 when nowhere)."""

    stops: Ints
    routes: Ints
    cents: Floats
    where: Ints
    store: Ints
    """By item: what each shift has left, then what it has, then whether each depot has it."""

    @property
    def all(self) -> tuple[NDArray[np.generic], ...]:
        return (self.stops, self.routes, self.cents, self.where, self.store)


def facts_of(state: State) -> Facts:
    """Crews keep the start they have: for this search it is their only window."""
    packed = state.packed
    windows: list[tuple[int, int]] = []
    jobs = np.zeros((len(packed.jobs), JOB_COLUMNS), dtype=np.int64)
    items = {
        item: n for n, item in enumerate(dict.fromkeys(i for own in packed.needs for i, _ in own))
    }
    needs: list[tuple[int, int]] = []
    for j, job in enumerate(packed.jobs):
        fixed = state.fixed.get(j)
        spans = packed.windows[j] if fixed is None else ((fixed, fixed),)
        held = job.crew_size > 1 or not spans or j in packed.passes
        spans = spans or ((NEVER, NEVER),)
        jobs[j] = (
            job.place,
            len(windows),
            len(spans),
            spans[0][0],
            spans[-1][1],
            held,
            False,
            job.load,
            len(needs),
            len(packed.needs[j]),
            j in packed.passes,
        )
        windows += spans
        needs += [(items[item], pieces) for item, pieces in packed.needs[j]]
        jobs[j, TIMED] = not packed.price[j].is_flat
    seats = _seats(packed)
    work = np.array(packed.work_by_shift, dtype=np.int32).reshape(len(packed.jobs), -1)
    return Facts(
        passes=len(packed.passes),
        stock=_stock(packed, items),
        trips=packed.matrix,
        back=_transposed(packed.matrix),
        jobs=jobs,
        prices=_prices(packed),
        seats=seats,
        work=work,
        windows=np.array(windows, dtype=np.int64).reshape(-1, 2),
        shifts=_shifts(packed, seats, work),
        rates=np.array([_rates_of(packed, s) for s in range(len(packed.shifts))]),
        breaks=np.array(
            [pause for shift in packed.shifts for pause in shift.breaks] or [(0, 0, 0)],
            dtype=np.int64,
        ),
        needs=np.array(needs, dtype=np.int64).reshape(-1, 2),
    )


def _transposed(trips: NDArray[np.int32]) -> NDArray[np.int32]:
    """In blocks that fit into the cache: at 11,000 places ten times as fast as all at once."""
    back = np.empty(trips.shape, dtype=trips.dtype)
    for top in range(0, len(trips), BLOCK):
        rows = slice(top, top + BLOCK)
        for left in range(0, len(trips), BLOCK):
            columns = slice(left, left + BLOCK)
            back[columns, rows] = trips[rows, columns].T
    return back


def _stock(packed: Packed, items: dict[Item, int]) -> Ints:
    stock = np.zeros((2 * len(packed.shifts) + len(packed.passes), len(items)), dtype=np.int64)
    for row, own in enumerate(packed.stock, start=len(packed.shifts)):
        for item in items.keys() & own.keys():
            stock[row, items[item]] = own[item]
    for row, depot in enumerate(packed.problem.depots, start=2 * len(packed.shifts)):
        stock[row] = [depot_has(depot, item) for item in items]
    return stock


def routes_of_size(facts: Facts, longest: int) -> Routes:
    """Room for routes of up to `longest` stops, all of them empty."""
    shifts, states = len(facts.shifts), int(facts.shifts[:, BREAKS].max(initial=0)) + 1
    return Routes(
        stops=np.zeros((shifts, longest + 4, LABELS + 2 * states), dtype=np.int64),
        routes=np.zeros((shifts, ROUTE_COLUMNS), dtype=np.int64),
        cents=np.zeros((shifts, CENTS_COLUMNS)),
        where=np.full((len(facts.jobs), 2), -1, dtype=np.int64),
        store=facts.stock.copy(),
    )


def _prices(packed: Packed) -> Floats:
    steps = max((len(price.steps) for price in packed.price), default=0)
    risks = len(packed.shifts) if any(price.risk_rate for price in packed.price) else 0
    prices = np.zeros((len(packed.jobs), FIRST_STEP + 2 * steps + risks))
    for j, price in enumerate(packed.price):
        prices[j, :FIRST_STEP] = (
            price.due, price.late_rate, price.breach, price.cap, price.delay_from,
            price.delay_rate, price.soft_start, price.soft_end, price.soft_rate,
            price.promise_start, price.promise_end, price.promise, packed.unserved[j],
            price.risk_rate, len(price.steps),
        )  # fmt: skip
        prices[j, FIRST_STEP : FIRST_STEP + 2 * len(price.steps)] = np.ravel(price.steps)
        if price.risk_rate:
            prices[j, -risks:] = price.risk_from[::-1]
    return prices


def _seats(packed: Packed) -> Floats:
    seats = np.full((len(packed.jobs), len(packed.shifts)), FORBIDDEN)
    for j, able in enumerate(packed.able):
        seats[j, able] = packed.cents_by_shift[j][able]
    return seats


def _shifts(packed: Packed, seats: Floats, work: NDArray[np.int32]) -> Ints:
    table = np.zeros((len(packed.shifts), SHIFT_COLUMNS), dtype=np.int64)
    first = 0
    for s, shift in enumerate(packed.shifts):
        table[s] = (
            shift.origin, shift.end_place, shift.ready, shift.end, shift.latest_end, first,
            len(shift.breaks), shift.breaks_past, shift.max_travel,
            max(0, shift.max_jobs - len(shift.committed)), bool(shift.committed),
            shift.fixed_travel_seconds, shift.fixed_idle, 0, shift.capacity,
            shift.max_work, shift.departs_late,
        )  # fmt: skip
        first += len(shift.breaks)
    table[:, TWIN] = _twins(packed, seats, work)
    return table


def _twins(packed: Packed, seats: Floats, work: NDArray[np.int32]) -> Ints:
    """Shifts that differ in nothing share a number: of those unused only one need be tried."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for s, shift in enumerate(packed.shifts):
        key = (shift.start, shift.end, shift.latest_end, shift.origin, shift.end_place,
               shift.ready, shift.breaks, shift.committed, shift.max_travel, shift.max_jobs,
               shift.capacity, shift.max_work, shift.departs_late,
               tuple(sorted(packed.stock[s].items())), _rates_of(packed, s))  # fmt: skip
        alike.setdefault(key, []).append(s)
    twins = np.arange(len(packed.shifts), dtype=np.int64)
    for members in alike.values():
        known: dict[tuple[bytes, bytes], int] = {}
        for s in members if len(members) > 1 else ():
            twins[s] = known.setdefault((seats[:, s].tobytes(), work[:, s].tobytes()), s)
    return twins


def _rates_of(packed: Packed, s: int) -> tuple[float, ...]:
    shift: PackedShift = packed.shifts[s]
    source = packed.problem.shifts[s]
    return (
        shift.travel_rate,
        shift.fixed_cents,
        shift.overtime_rate,
        shift.waiting_rate,
        shift.minimum_pay * shift.pay_weight,
        shift.fixed_pay * shift.pay_weight,
        source.pay_cents_per_job * shift.pay_weight,
        source.pay_cents_per_hour / 3600 * shift.pay_weight,
    )
