"""Jobs for several technicians: a common start for distinct people, fixed once it is found.

The start found first stays the job's only admissible start until the whole crew is taken out
again, so later insertions cannot pull a crew apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.gaps import Places
from optimizer.state import State
from optimizer.time_price import NEVER

STARTS_TRIED = 24


@dataclass(frozen=True, slots=True)
class Crew:
    """(shift, position) per seat, the common start, and the change of cost (an estimate)."""

    seats: tuple[tuple[int, int], ...]
    start: int
    latest: int
    cents: float


def best_crew(state: State, job: int) -> Crew | None:
    """The cheapest crew found over the starts at which some technician could begin."""
    return min(crews_by_start(state, job), key=lambda crew: crew.cents, default=None)


def crews_by_start(state: State, job: int, shifts: NDArray[np.int64] | None = None) -> list[Crew]:
    """The cheapest crew for each start tried: the earliest of each place, and of each window."""
    found = state.places(job, shifts)
    if state.packed.needs[job]:
        found = _with_supplies(state, job, found)
    starts = list(dict.fromkeys(int(time) for time in found.earliest))
    opening = [start for start, _ in state.packed.windows[job] if start > -NEVER]
    tried = dict.fromkeys([*starts[:STARTS_TRIED], *sorted(starts)[-STARTS_TRIED:], *opening])
    crews = (_crew_at(state, job, found, start) for start in tried)
    return [crew for crew in crews if crew is not None]


def _with_supplies(state: State, job: int, found: Places) -> Places:
    """Those where parts and tools are on board or can be fetched."""
    spots = zip(found.shift.tolist(), found.position.tolist(), strict=True)
    kept = np.array([state.price(job, *spot) is not None for spot in spots], dtype=np.bool_)
    return Places(found.shift[kept], found.position[kept], found.earliest[kept],
                  found.latest[kept], found.cents[kept])  # fmt: skip


def _crew_at(state: State, job: int, found: Places, start: int) -> Crew | None:
    """The cheapest distinct technicians who can all begin at `start`."""
    packed = state.packed
    source = packed.jobs[job]
    pinned = source.pin.technician_id if source.pin else None
    fits = np.flatnonzero((found.earliest <= start) & (start <= found.latest))
    price = packed.price[job]
    then = np.full(len(fits), start, dtype=np.int64)
    shift = found.shift[fits]
    cents = found.cents[fits] - price.at_all(found.earliest[fits], shift)
    cents += price.at_all(then, shift)
    chosen: dict[str, int] = {}
    total = 0.0
    for pick in np.argsort(cents, kind="stable").tolist():
        name = packed.technicians[int(found.shift[fits[pick]])]
        last_seat = len(chosen) == source.crew_size - 1
        if name in chosen or (last_seat and pinned not in (None, name) and pinned not in chosen):
            continue
        chosen[name] = int(fits[pick])
        total += float(cents[pick])
        if len(chosen) == source.crew_size:
            seats = tuple((int(found.shift[k]), int(found.position[k])) for k in chosen.values())
            latest = min(int(found.latest[k]) for k in chosen.values())
            return Crew(seats, start, latest, total)
    return None


def seat_crew(state: State, job: int, crew: Crew) -> bool:
    """Puts the crew in place with its start fixed; undoes it all when a seat does not fit."""
    state.fixed[job] = crew.start
    for shift, position in crew.seats:
        if state.price(job, shift, position) is None:
            state.remove(job)
            state.fixed.pop(job, None)
            return False
        state.insert(job, shift, position)
    return True
