"""Making room for a job that is left out by moving one other job somewhere else, at a price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimizer.explaining.facts import Moved, Relaxation, RelaxationCode
from optimizer.explaining.pieces import Pieces, minus, plus
from optimizer.explaining.seating import Room, Seating, without
from optimizer.explaining.space import Space
from optimizer.job import Job
from optimizer.packed import start_windows
from optimizer.plan import Route, Stop
from optimizer.reasons import static_reason
from optimizer.shift import Shift

MOVES_TRIED = 16
"""Moves that look cheapest and are tried for real."""
MOVES_PROVEN = 4
"""Enough of them to choose the cheapest from."""
PLACES_EACH = 2
"""Places looked at for each job that would give way."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Time between two places of a route for a job; `seconds` is the detour it means."""

    shift: Shift
    seconds: int

    @property
    def cents(self) -> float:
        return self.seconds * self.shift.travel_cents_per_hour / 3600


@dataclass(frozen=True, slots=True)
class _Place:
    """What would be free in a shift without one of its stops."""

    gap: _Gap
    out: Job


def moving_others(pieces: Pieces, job: Job, able: Sequence[Shift]) -> tuple[Relaxation, ...]:
    """The cheapest way found to fit the job in where another one gives way; or nothing."""
    places = sorted(_places(pieces, job, able), key=lambda place: (place.gap.cents, place.out.id))
    pairs = []
    for place in places[:MOVES_TRIED]:
        gaps = sorted(_elsewhere(pieces, place), key=lambda gap: (gap.cents, gap.shift.id))
        chosen = dict.fromkeys(gap.shift.id for gap in gaps)
        cheapest = {gap.shift.id: gap for gap in reversed(gaps)}
        for shift_id in list(chosen)[:PLACES_EACH]:
            gap = cheapest[shift_id]
            pairs.append((place.gap.cents + gap.cents, place.out.id, place, gap.shift))
    pairs.sort(key=lambda pair: (*pair[:2], pair[3].id))
    found: list[Relaxation] = []
    for _, _, place, target in pairs[:MOVES_TRIED]:
        if (proven := _proven(pieces, job, place, target)) is not None:
            found.append(proven)
        if len(found) == MOVES_PROVEN:
            break
    return tuple(sorted(found, key=lambda one: one.cost_cents)[:1])


def _places(pieces: Pieces, job: Job, able: Sequence[Shift]) -> Iterator[_Place]:
    windows = start_windows(job)
    for shift in able:
        route = pieces.route(shift.id)
        stops = route.stops if route else ()
        facts, work = len(shift.committed), _work_seconds(shift, job)
        for at in range(facts, len(stops)):
            out = pieces.problem.job_by_id.get(stops[at].job_id)
            if out is None or out.crew_size > 1 or out.id in pieces.problem.bound_ids:
                continue
            before = stops[at - 1] if at else None
            after = stops[at + 1] if at + 1 < len(stops) else None
            gap = _gap(pieces, shift, job, before, after, windows, work)
            if gap is not None:
                yield _Place(gap, out)


def _elsewhere(pieces: Pieces, place: _Place) -> Iterator[_Gap]:
    """Where the job that gives way could go."""
    windows = start_windows(place.out)
    for shift in pieces.problem.shifts:
        if shift.id == place.gap.shift.id:
            continue
        if static_reason(pieces.problem, place.out, shift) is not None:
            continue
        route = pieces.route(shift.id)
        stops: list[Stop | None] = [*(route.stops[len(shift.committed) :] if route else ())]
        first = route.stops[len(shift.committed) - 1] if route and shift.committed else None
        work = _work_seconds(shift, place.out)
        for before, after in pairwise([first, *stops, None]):
            gap = _gap(pieces, shift, place.out, before, after, windows, work)
            if gap is not None:
                yield gap


def _work_seconds(shift: Shift, job: Job) -> int:
    return shift.work_seconds(job.duration_seconds, job.pace_skill)


def _gap(
    pieces: Pieces,
    shift: Shift,
    job: Job,
    before: Stop | None,
    after: Stop | None,
    windows: Sequence[tuple[int, int]],
    work: int,
) -> _Gap | None:
    """The detour when there is time for the job between these stops, breaks left aside."""
    trip, known = pieces.problem.travel.between, pieces.problem.job_by_id
    origin = known[before.job_id].place if before else shift.start_place
    free = before.end if before else shift.start
    to = trip(origin, job.place)
    target = known[after.job_id].place if after else shift.end_place
    back = 0 if target is None else trip(job.place, target)
    direct = 0 if target is None else trip(origin, target)
    until = after.start if after else shift.latest_end
    last = until - back - work
    fits = free + to <= last and any(max(a, free + to) <= min(b, last) for a, b in windows)
    return _Gap(shift, to + back - direct) if fits else None


def _proven(pieces: Pieces, job: Job, place: _Place, target: Shift) -> Relaxation | None:
    shift, out = place.gap.shift, place.out
    left = without(pieces, shift, out)
    seating = Room(pieces, Space(pieces, shift, left), None).best(job)
    if seating is None:
        return None
    old = _stop(pieces.route(shift.id), out.id)
    beside = Space(pieces, target, pieces.route(target.id))
    moved = Room(pieces, beside, old.start).best(out)
    if moved is None:
        return None
    now = pieces.money({shift.id: pieces.route(shift.id)})
    gone = minus(pieces.money({shift.id: left}), now)
    change = plus(gone, seating.change, moved.change)
    terms = pieces.change(change, base=pieces.without(job))
    return _told(job, shift, target, out, old, seating, moved, terms)


def _told(
    job: Job,
    shift: Shift,
    target: Shift,
    out: Job,
    old: Stop,
    seating: Seating,
    moved: Seating,
    terms: dict[str, int],
) -> Relaxation:
    cents = sum(terms.values())
    pushed = (*seating.moved, *moved.moved)
    others = [Moved(key, at, at, before, after) for key, at, before, after in pushed]
    words = f"With job {out.id} moved to {target.technician_id}, {shift.technician_id} could"
    return Relaxation(
        RelaxationCode.MOVE,
        f"{words} take job {job.id} for {cents / 100:.2f}.",
        0,
        terms,
        (shift.id,),
        (shift.technician_id,),
        seating.stop.start,
        moved=(Moved(out.id, shift.id, target.id, old.start, moved.stop.start), *others),
        routes=(seating.route, moved.route),
    )


def _stop(route: Route | None, job_id: str) -> Stop:
    assert route is not None
    return next(stop for stop in route.stops if stop.job_id == job_id)
