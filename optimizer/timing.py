"""When a route's stops can happen: earliest starts forward, latest starts backward, with breaks.

A label is a time per number of breaks taken so far. A break within a trip makes the arrival
`max(arrival, earliest_start) + duration`, whether it is taken before, on or after the way.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, replace

from optimizer.packed import Packed, PackedShift
from optimizer.time_price import NEVER

Labels = list[int]


def ride(
    labels: Labels, trip: int, breaks: tuple[tuple[int, int, int], ...]
) -> list[tuple[int, int]]:
    """Earliest arrival per number of breaks taken, each with the number taken before the trip."""
    arrivals = [(NEVER, 0)] * len(labels)
    for before, free in enumerate(labels):
        if free >= NEVER:
            continue
        arrival = free + trip
        if arrival < arrivals[before][0]:
            arrivals[before] = (arrival, before)
        for b in range(before, len(breaks)):
            earliest, latest, duration = breaks[b]
            start = free if free > earliest else earliest
            if start > latest:
                break
            free = start + duration
            arrival = (arrival if arrival > earliest else earliest) + duration
            if arrival < arrivals[b + 1][0]:
                arrivals[b + 1] = (arrival, before)
    return arrivals


def latest_leave(latest: Labels, trip: int, breaks: tuple[tuple[int, int, int], ...]) -> Labels:
    """Latest leaving time per number of breaks taken, given the latest arrivals behind the trip."""
    leave = [-NEVER] * len(latest)
    for after, arrival in enumerate(latest):
        if arrival <= -NEVER:
            continue
        bound = arrival - trip
        leave[after] = max(leave[after], bound)
        for b in range(after - 1, -1, -1):
            earliest, latest_start, duration = breaks[b]
            arrival -= duration
            if earliest > arrival:
                break
            bound = min(bound - duration, latest_start)
            leave[b] = max(leave[b], bound)
    return leave


def next_start(windows: tuple[tuple[int, int], ...], time: int) -> int:
    """The first admissible start at or after `time`; NEVER when there is none."""
    for start, end in windows:
        if time <= end:
            return time if time > start else start
    return NEVER


def last_start(windows: tuple[tuple[int, int], ...], time: int) -> int:
    """The last admissible start at or before `time`; -NEVER when there is none."""
    position = bisect_right(windows, (time, NEVER)) - 1
    return -NEVER if position < 0 else min(time, windows[position][1])


@dataclass(frozen=True, slots=True)
class Timing:
    """Earliest starts of a route's stops, breaks taken before each and before the end, the end."""

    starts: list[int]
    breaks_before: list[int]
    end: int
    breaks_at_end: int
    travel_seconds: int


def first_labels(shift: PackedShift) -> Labels:
    labels = [NEVER] * (len(shift.breaks) + 1)
    labels[shift.breaks_past] = shift.ready
    return labels


def last_labels(shift: PackedShift) -> Labels:
    """Latest arrivals at the end: by then, or within the shift after it, all breaks are taken."""
    return [-NEVER] * len(shift.breaks) + [shift.latest_end]


def windows_of(packed: Packed, job: int, fixed: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """The job's windows, or the one start that its crew has agreed on."""
    start = fixed.get(job)
    return packed.windows[job] if start is None else ((start, start),)


def time_route(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> Timing | None:
    """Times of the stops in this order, the earliest unless the shift departs late.

    None when a hard rule of time is broken.
    """
    shift = packed.shifts[s]
    labels = first_labels(shift)
    history: list[list[tuple[int, int]]] = []
    place, travel, worked = shift.origin, shift.fixed_travel_seconds, 0
    for job in route:
        trip = packed.trip[place, packed.place[job]]
        travel += trip
        windows = windows_of(packed, job, fixed) if fixed else packed.windows[job]
        reached = [
            (next_start(windows, time), before) for time, before in ride(labels, trip, shift.breaks)
        ]
        history.append(reached)
        work = packed.work[job][s]
        worked += work
        labels = [NEVER if start >= NEVER else start + work for start, _ in reached]
        if min(labels) >= NEVER:
            return None
        place = packed.place[job]
    trip = packed.trip[place, shift.end_place] if shift.end_place >= 0 else 0
    end, taken, before = _end_of(shift, labels, trip)
    if end > shift.latest_end or travel + trip > shift.max_travel:
        return None
    if travel + trip + worked > shift.max_work:
        return None
    starts, counts = _trace(history, before)
    timing = Timing(starts, counts, end, taken, travel + trip)
    if shift.departs_late and all(packed.price[job].is_flat for job in route):
        return _departing_late(packed, s, route, fixed, timing)
    return timing


def _departing_late(
    packed: Packed, s: int, route: list[int], fixed: dict[int, int], timing: Timing
) -> Timing:
    """The same end and breaks with the latest departure that allows them, then no waiting that
    can be avoided."""
    shift = packed.shifts[s]
    places = [shift.origin, *(packed.place[job] for job in route), shift.end_place]
    trips = [packed.trip[a, b] if b >= 0 else 0 for a, b in itertools.pairwise(places)]
    taken = [shift.breaks_past, *timing.breaks_before, timing.breaks_at_end]
    pauses = [shift.breaks[a:b] for a, b in itertools.pairwise(taken)]
    windows = [windows_of(packed, job, fixed) for job in route]
    work = [packed.work[job][s] for job in route]
    by = timing.end
    for k in range(len(route) - 1, -1, -1):
        by = last_start(windows[k], _leave_by(by, trips[k + 1], pauses[k + 1]) - work[k])
    free = _leave_by(by, trips[0], pauses[0])
    starts: list[int] = []
    for k in range(len(route)):
        starts.append(next_start(windows[k], _arrive(free, trips[k], pauses[k])))
        free = starts[k] + work[k]
    return replace(timing, starts=starts)


def _leave_by(arrival: int, trip: int, pauses: tuple[tuple[int, int, int], ...]) -> int:
    """The latest leaving with these breaks on the way."""
    bound = arrival - trip
    for _, latest_start, duration in reversed(pauses):
        bound = min(bound - duration, latest_start)
    return bound


def _arrive(free: int, trip: int, pauses: tuple[tuple[int, int, int], ...]) -> int:
    arrival = free + trip
    for earliest, _, duration in pauses:
        arrival = max(arrival, earliest) + duration
    return arrival


def _end_of(shift: PackedShift, labels: Labels, trip: int) -> tuple[int, int, int]:
    """(end, breaks taken by then, breaks taken at the last stop), the earliest end possible.

    Breaks not taken by the end follow within the shift.
    """
    best = (NEVER, 0, 0)
    for taken, (time, before) in enumerate(ride(labels, trip, shift.breaks)):
        if time < best[0] and _can_follow(shift, time, taken):
            best = (time, taken, before)
    return best


def _can_follow(shift: PackedShift, free: int, taken: int) -> bool:
    for earliest, latest, duration in shift.breaks[taken:]:
        start = max(free, earliest)
        free = start + duration
        if start > latest or free > shift.latest_end:
            return False
    return True


def _trace(history: list[list[tuple[int, int]]], taken: int) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    counts: list[int] = []
    for reached in reversed(history):
        start, before = reached[taken]
        starts.append(start)
        counts.append(taken)
        taken = before
    return starts[::-1], counts[::-1]


def latest_arrivals(
    packed: Packed, s: int, route: list[int], fixed: dict[int, int], *, facts: bool = False
) -> list[Labels]:
    """Latest arrival at each stop and at the end that leaves the rest feasible, by breaks taken.

    With `facts` a stop that cannot be reached in time counts as done at its fixed start.
    """
    shift = packed.shifts[s]
    labels = last_labels(shift)
    found = [labels]
    after = shift.end_place
    for job in reversed(route):
        trip = packed.trip[packed.place[job], after] if after >= 0 else 0
        windows = windows_of(packed, job, fixed)
        work = packed.work[job][s]
        labels = [
            -NEVER if leave <= -NEVER else last_start(windows, leave - work)
            for leave in latest_leave(labels, trip, shift.breaks)
        ]
        if facts and max(labels) <= -NEVER:
            labels = [fixed[job]] * len(labels)
        found.append(labels)
        after = packed.place[job]
    return found[::-1]


def earliest_departures(
    packed: Packed, s: int, route: list[int], fixed: dict[int, int], *, facts: bool = False
) -> list[Labels]:
    """Earliest leaving time from the origin and from each stop, by breaks taken.

    With `facts` a stop that cannot be reached in time counts as done at its fixed start.
    """
    shift = packed.shifts[s]
    labels = first_labels(shift)
    found = [labels]
    place = shift.origin
    for job in route:
        trip = packed.trip[place, packed.place[job]]
        windows = windows_of(packed, job, fixed)
        work = packed.work[job][s]
        labels = [
            NEVER if (start := next_start(windows, time)) >= NEVER else start + work
            for time, _ in ride(labels, trip, shift.breaks)
        ]
        if facts and min(labels) >= NEVER:
            labels = [fixed[job] + work] * len(labels)
        found.append(labels)
        place = packed.place[job]
    return found
