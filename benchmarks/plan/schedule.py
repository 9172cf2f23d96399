"""The earliest times of a route, breaks included: what a judge needs when a solver gives orders.

Between two stops any number of the next breaks may be taken; a state is how many have been.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.plan.instance import Instance, Pause, Technician


@dataclass(frozen=True, slots=True)
class Timed:
    """Start of each job in order, (start, end) of each break, and the arrival at the end place."""

    starts: tuple[int, ...]
    breaks: tuple[tuple[int, int], ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Reached:
    """The earliest time something ends with so many breaks behind, and how it came about."""

    time: int
    start: int
    pauses: tuple[tuple[int, int], ...]
    before: _Reached | None


def earliest(instance: Instance, technician: Technician, jobs: list[int]) -> Timed | None:
    """None when the order cannot be kept; `jobs` are positions in the instance."""
    reached: list[_Reached | None] = [None] * (len(technician.breaks) + 1)
    reached[0] = _Reached(technician.start, technician.start, (), None)
    at = technician.start_place
    for number in jobs:
        job = instance.jobs[number]
        trip = int(instance.travel[at, job.place])
        reached = _stop(reached, technician, trip, (job.earliest, job.latest), job.duration_seconds)
        at = job.place
    trip = int(instance.travel[at, technician.end_place])
    last = _stop(reached, technician, trip, (0, technician.end), 0)[-1]
    return None if last is None or last.time > technician.end else _read(last)


def _stop(
    reached: list[_Reached | None],
    technician: Technician,
    trip: int,
    bounds: tuple[int, int],
    duration: int,
) -> list[_Reached | None]:
    found: list[_Reached | None] = [None] * len(reached)
    for taken, before in enumerate(reached):
        if before is None:
            continue
        for more in range(len(technician.breaks) - taken + 1):
            pauses = technician.breaks[taken : taken + more]
            way = _with_pauses(before.time, trip, pauses)
            if way is None:
                break
            arrival, times = way
            start = max(arrival, bounds[0])
            best = found[taken + more]
            if start <= bounds[1] and (best is None or start + duration < best.time):
                found[taken + more] = _Reached(start + duration, start, times, before)
    return found


def _with_pauses(
    left: int, trip: int, pauses: tuple[Pause, ...]
) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """Arrival and breaks when one drives on until a break may start; None when one is too late."""
    now, to_go = left, trip
    times: list[tuple[int, int]] = []
    for pause in pauses:
        if now > pause.latest_start:
            return None
        driven = min(to_go, max(0, pause.earliest_start - now))
        start = max(now + driven, pause.earliest_start)
        now, to_go = start + pause.duration_seconds, to_go - driven
        times.append((start, now))
    return now + to_go, tuple(times)


def _read(last: _Reached) -> Timed:
    starts: list[int] = []
    pauses: list[tuple[int, int]] = []
    at: _Reached = last
    while at.before is not None:
        starts.insert(0, at.start)
        pauses[:0] = at.pauses
        at = at.before
    return Timed(tuple(starts[:-1]), tuple(pauses), starts[-1])
