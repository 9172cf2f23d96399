"""The starts of finished routes: as early as every bond lets them be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from optimizer.binding import Bonds, Leeway, Seat, Seats, Windows
from optimizer.bond import Together
from optimizer.packed import Packed
from optimizer.state import State
from optimizer.time_price import NEVER
from optimizer.timing import time_route

ROUNDS = 100
"""Of pushing bound jobs later until nothing has to give way; nearly always a few are enough."""

Lows = dict[int, int]


def settled(bonds: Bonds, routes: list[list[int]], boxes: Mapping[int, Leeway]) -> State:
    """The routes with bound jobs within their boxes, in which they are known to fit, or at their
    earliest starts if that costs no more. Cuts the windows of the packed problem accordingly."""
    packed = bonds.packed
    wide = {job: packed.windows[job] for job in boxes}
    lows = _earliest(bonds, routes, wide)
    early = None if lows is None else _state(packed, routes)
    for job, box in boxes.items():
        packed.windows[job] = box.cut(wide[job])
    boxed = _state(packed, routes)
    if lows is None or early is None or early.total_cents > boxed.total_cents + 1e-6:
        return boxed
    for job, low in lows.items():
        packed.windows[job] = ((low, low),)
    return early


def _state(packed: Packed, routes: list[list[int]]) -> State:
    state = State(packed)
    for s, route in enumerate(routes):
        state.set_route(s, route)
    return state


def _cut(packed: Packed, wide: Mapping[int, Windows], lows: Lows) -> None:
    for job, windows in wide.items():
        packed.windows[job] = Leeway(lows.get(job, -NEVER), NEVER, ()).cut(windows)


def _earliest(bonds: Bonds, routes: list[list[int]], wide: dict[int, Windows]) -> Lows | None:
    """The least starts that keep every bond; None when they are not found. Leaves windows cut."""
    lows: Lows = {}
    for _ in range(ROUNDS):
        _cut(bonds.packed, wide, lows)
        seats = _seats(bonds, routes, wide.keys())
        if seats is None:
            return None
        higher = {job: max(seats[job].start, *_pushes(bonds, job, seats)) for job in wide}
        if higher == lows:
            return lows
        lows = higher
    return None


def seats_in(bonds: Bonds, routes: list[list[int]]) -> dict[int, Seat]:
    """Where and when the routes, which can be done, have the bound jobs; with the facts."""
    return _seats(bonds, routes, set(bonds.bound)) or dict(bonds.facts)


def _seats(bonds: Bonds, routes: list[list[int]], jobs: Set[int]) -> dict[int, Seat] | None:
    """The seats of these jobs with the windows as they are; of a crew the last to start."""
    packed, found = bonds.packed, dict(bonds.facts)
    for s, route in enumerate(routes):
        if jobs.isdisjoint(route):
            continue
        timing = time_route(packed, s, route, {})
        if timing is None:
            return None
        for job, start in zip(route, timing.starts, strict=True):
            if job in jobs:
                other = found.get(job, Seat((), start, start))
                begins = max(start, other.start)
                lasts = max(packed.work[job][s], other.end - other.start)
                found[job] = Seat((*other.shifts, s), begins, begins + lasts)
    return found


def _pushes(bonds: Bonds, job: int, seats: Seats) -> Iterator[int]:
    """The times before which its bonds do not let the job start."""
    yield -NEVER
    lasts = seats[job].end - seats[job].start
    for order in bonds.befores.get(job, ()):
        yield seats[order.before].end + order.min_delay
    for order in bonds.afters.get(job, ()):
        if order.after in seats and order.after not in bonds.facts:
            yield seats[order.after].start - order.max_delay - lasts
    if bonds.together.get(job) is Together.STAY:
        members = [mate for mate in bonds.bundle[job] if mate in seats]
        at = members.index(job)
        if at > 0:
            yield seats[members[at - 1]].end
        if at + 1 < len(members):
            yield seats[members[at + 1]].start - lasts
