"""Where one more job fits into a plan, and what it would cost: for windows, offers and by hand."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from optimizer.binding import Bonds
from optimizer.crews import Crew, crews_by_start
from optimizer.insertion import Insertion, Seat
from optimizer.job import Job, Window
from optimizer.packed import Packed
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.state import State
from optimizer.supply import jobs_of
from optimizer.terms import Terms, job_terms, route_terms, travel_terms
from optimizer.timing import time_route

REMEMBERED = 4
"""States kept for repeated questions about the same problem and plan."""

SPARE = 4
"""Places priced beyond those asked for, as the estimate that orders them is rough."""

_lock = threading.Lock()
_states: OrderedDict[tuple[int, int, bool], tuple[Problem, Plan, State]] = OrderedDict()


def insertions(
    problem: Problem,
    plan: Plan,
    job: Job,
    *,
    within: Window | None = None,
    most: int = 20,
    shift_ids: Collection[str] | None = None,
    keep_times: bool = False,
) -> list[Insertion]:
    """Feasible places, cheapest first, at most `most`; work starts `within` when that is given.

    The job may be new, with a place that the problem's travel knows; if the plan has it already
    it is taken out first. Only `shift_ids` are looked at when they are given. Other jobs stay in
    their order and may move in time within their hard rules, bound ones not at all; with
    `keep_times` all keep the plan's times exactly, even those that break a rule. The same problem
    and plan objects asked again answer faster, and from any thread.
    """
    if job.id in problem.committed_ids:
        return []
    with _lock:
        state = _state_of(problem, plan, keep_times)
        packed = state.packed
        taken_out = _take_out(state, job.id)
        index = packed.add(job)
        try:
            if within is not None:
                cut = ((max(a, within.start), min(b, within.end)) for a, b in packed.windows[index])
                packed.windows[index] = tuple((a, b) for a, b in cut if a <= b)
            rows = _bound_rows(state, index, _rows(packed, index, shift_ids))
            if job.crew_size > 1:
                return _crew_insertions(state, index, rows, most)
            return _single_insertions(state, index, rows, most)
        finally:
            packed.drop_last()
            _put_back(state, taken_out)


def _bound_rows(state: State, job: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the shifts that the added job's bonds leave; its windows are cut likewise."""
    packed = state.packed
    source = packed.jobs[job]
    if source.id not in packed.problem.bound_ids:
        return rows
    bonds, known = Bonds(packed), packed.job_index[source.id]
    seats = bonds.facts | state.seats_of(j for j in bonds.bound if j != known)
    leeway = bonds.leeway(known, seats, rows.tolist())
    if leeway is None:
        return rows[:0]
    packed.windows[job] = leeway.cut(packed.windows[job])
    return np.array(leeway.shifts, dtype=np.int64)


TakenOut = tuple[list[tuple[int, list[int]]], dict[int, int]]


def _state_of(problem: Problem, plan: Plan, keep_times: bool) -> State:
    key = (id(problem), id(plan), keep_times)
    known = _states.pop(key, None)
    if known is None:
        same = (state for (p, _, _), (_, _, state) in _states.items() if p == id(problem))
        other = next(same, None)
        packed = other.packed if other else Packed(problem)
        known = (problem, plan, State.of_plan(packed, plan, keep_times=keep_times))
    _states[key] = known
    while len(_states) > REMEMBERED:
        _states.popitem(last=False)
    return known[2]


def _take_out(state: State, job_id: str) -> TakenOut:
    job, fixed = state.packed.job_index.get(job_id), dict(state.fixed)
    if job is None:
        return [], fixed
    routes = [(s, state.routes[s]) for s in state.seats.get(job, ())]
    state.remove(job)
    return routes, fixed


def _put_back(state: State, taken_out: TakenOut) -> None:
    routes, fixed = taken_out
    state.fixed = fixed
    for s, route in routes:
        state.set_route(s, route)


def _rows(packed: Packed, job: int, shift_ids: Collection[str] | None) -> NDArray[np.int64]:
    able = packed.able[job]
    if shift_ids is None:
        return able
    shifts = packed.problem.shifts
    return np.array([s for s in able.tolist() if shifts[s].id in shift_ids], dtype=np.int64)


def _single_insertions(
    state: State, job: int, rows: NDArray[np.int64], most: int
) -> list[Insertion]:
    found = state.places(job, rows)
    offers: list[Insertion] = []
    seen: set[tuple[int, int, int]] = set()
    for k in range(len(found)):
        s, position, start = (int(x[k]) for x in (found.shift, found.position, found.earliest))
        if (s, position, start) in seen:
            continue
        seen.add((s, position, start))
        latest = int(found.latest[k])
        route = state.with_job(job, s, position)
        if (fetched := _start_with_pass(state, s, job, route)) is not None:
            start = latest = fetched
        terms = _change(state, job, s, position, start, route)
        if terms is not None:
            seats = (_seat(state, job, s, position),)
            offers.append(_insertion(state, job, seats, start, latest, terms))
        if len(offers) >= most + SPARE:
            break
    return sorted(offers, key=_rank)[:most]


def _crew_insertions(state: State, job: int, rows: NDArray[np.int64], most: int) -> list[Insertion]:
    offers: list[Insertion] = []
    for crew in sorted(crews_by_start(state, job, rows), key=lambda crew: crew.cents):
        terms = _crew_change(state, job, crew)
        if terms is not None:
            seats = tuple(_seat(state, job, s, position) for s, position in crew.seats)
            offers.append(_insertion(state, job, seats, crew.start, crew.latest, terms))
        if len(offers) >= most + SPARE:
            break
    return sorted(offers, key=_rank)[:most]


def _rank(offer: Insertion) -> tuple[int, int, str, int]:
    return offer.cost_cents, offer.earliest_start, offer.shift_id, offer.position


def _change(
    state: State,
    job: int,
    s: int,
    position: int,
    start: int,
    wanted: list[int],
) -> Terms | None:
    """The change of the shift's terms with the `wanted` route, in which the job starts then; None
    when it does not fit.

    In a route that breaks a rule already, only the job and its detour are priced.
    """
    packed, before = state.packed, state.terms(s)
    if before is None:
        terms = defaultdict(float, job_terms(packed, s, job, start))
        terms.update(travel_terms(packed, s, _detour(state, job, s, position)))
        return terms
    fixed = {**state.fixed, job: start}
    after = route_terms(packed, s, wanted, fixed)
    if after is None:
        return None
    for name, cents in before.items():
        after[name] -= cents
    return after


def _start_with_pass(state: State, s: int, job: int, route: list[int]) -> int | None:
    """When the job starts in a route to which a pass of a depot was added for it; else None."""
    if len(route) - len(state.routes[s]) < 2:
        return None
    timing = time_route(state.packed, s, route, state.fixed)
    return None if timing is None else timing.starts[route.index(job)]


def _crew_change(state: State, job: int, crew: Crew) -> Terms | None:
    total: Terms = defaultdict(float)
    for s, position in crew.seats:
        wanted = state.with_job(job, s, position)
        change = _change(state, job, s, position, crew.start, wanted)
        if change is None:
            return None
        for name, cents in change.items():
            total[name] += cents
    return total


def _ends_of_gap(state: State, s: int, position: int) -> tuple[int, int]:
    """The places before and behind a gap; -1 behind the last when the shift has no end place."""
    packed, route = state.packed, state.routes[s]
    shift = packed.shifts[s]
    before = packed.place[route[position - 1]] if position else shift.origin
    behind = packed.place[route[position]] if position < len(route) else shift.end_place
    return before, behind


def _detour(state: State, job: int, s: int, position: int) -> int:
    trip, place = state.packed.trip, state.packed.place[job]
    before, behind = _ends_of_gap(state, s, position)
    onward = trip[place, behind] - trip[before, behind] if behind >= 0 else 0
    return trip[before, place] + onward


def _seat(state: State, job: int, s: int, position: int) -> Seat:
    packed = state.packed
    shift = packed.problem.shifts[s]
    before, _ = _ends_of_gap(state, s, position)
    return Seat(
        shift_id=shift.id,
        technician_id=shift.technician_id,
        position=len(jobs_of(packed, state.routes[s][:position])) + len(packed.shifts[s].committed),
        travel_seconds=packed.trip[before, packed.place[job]],
        work_seconds=packed.work[job][s],
    )


def _insertion(
    state: State, job: int, seats: tuple[Seat, ...], start: int, latest: int, terms: Terms
) -> Insertion:
    cents = {name: round(amount) for name, amount in sorted(terms.items()) if round(amount)}
    return Insertion(
        job_id=state.packed.jobs[job].id,
        seats=seats,
        earliest_start=start,
        latest_start=latest,
        cost_cents=sum(cents.values()),
        terms=cents,
    )
