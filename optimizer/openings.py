"""Many shifts side by side, asked at once in which spans of time one more job could be started.

The shifts may come from several problems, so times here are UTC timestamp seconds and places are
numbered by the caller. What is asked does not change the table, so that threads can share it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.gaps import Times, arrivals, departures
from optimizer.job import Job, Window
from optimizer.opening import Opening
from optimizer.packed import has_credentials, has_skills, start_windows
from optimizer.rates import Rates
from optimizer.time_price import NEVER

MINUTE = 60
STARTS_TRIED = 24
"""Common starts that are tried for a crew in each span."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fit:
    """A crew that could start the job at `start`, for so much more than the plan costs now.

    `travel_seconds` is the way there, `gaps` are the gaps taken (see `Openings.ends_of`).
    """

    technician_ids: tuple[str, ...]
    start: int
    travel_seconds: int
    cents: int
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Feasible places in one span, the cheapest first."""

    gap: Times
    start: Times
    latest: Times
    cents: NDArray[np.float64]


class Openings:
    """The gaps of all shifts in one table. `place_offsets` says by how much the places of each
    opening are shifted in the caller's numbers."""

    def __init__(self, openings: Sequence[Opening], place_offsets: Sequence[int]) -> None:
        self._openings = list(openings)
        shifts = [opening.shift for opening in openings]
        epochs = np.array([opening.epoch for opening in openings], dtype=np.int64)
        packed = [opening.packed for opening in openings]
        self._rates = Rates.of(tuple(shifts))
        self._names = self._rates.technician
        self._start = epochs + np.array([s.start for s in shifts], dtype=np.int64)
        self._end = epochs + np.array([s.end for s in shifts], dtype=np.int64)
        self._latest_end = epochs + np.array([s.latest_end for s in shifts], dtype=np.int64)
        self._ends_at = epochs + np.array([o.ends_at for o in openings], dtype=np.int64)
        self._home = np.array([s.start_place for s in shifts], dtype=np.int64)
        self._home += np.array(place_offsets, dtype=np.int64)
        self._travel_rate = np.array([p.travel_rate for p in packed])
        self._overtime_rate = np.array([p.overtime_rate for p in packed])
        self._fixed = np.array(
            [p.fixed_cents * o.gaps.is_unused for p, o in zip(packed, openings, strict=True)]
        )
        self._room = np.array([o.gaps.room for o in openings], dtype=np.int64)
        self._space = np.array([o.gaps.space for o in openings], dtype=np.int64)
        travelled = np.array([o.gaps.travel_seconds for o in openings], dtype=np.int64)
        worked = np.array([o.gaps.work_seconds for o in openings], dtype=np.int64)
        self._travel_left = np.array([p.max_travel for p in packed], dtype=np.int64) - travelled
        most_work = np.array([p.max_work for p in packed], dtype=np.int64)
        self._work_left = most_work - travelled - worked
        self._qualified_for: dict[object, Flags] = {}
        self._lay_out_gaps(epochs, place_offsets)

    def _lay_out_gaps(self, epochs: Times, place_offsets: Sequence[int]) -> None:
        counts = [len(opening.gaps.before) for opening in self._openings]
        total = sum(counts)
        most = max((len(opening.packed.breaks) for opening in self._openings), default=0)
        self._row = np.repeat(np.arange(len(counts)), counts)
        self._ready: Times = np.full((total, most + 1), NEVER, dtype=np.int64)
        self._latest: Times = np.full((total, most + 1), -NEVER, dtype=np.int64)
        self._before: Times = np.zeros(total, dtype=np.int64)
        self._after: Times = np.full(total, -1, dtype=np.int64)
        self._trip: Times = np.zeros(total, dtype=np.int64)
        self._is_last = np.diff(self._row, append=-1) != 0
        self._breaks: Times = np.empty((len(counts), most, 3), dtype=np.int64)
        self._breaks[:] = (NEVER, -NEVER, 0)
        at = 0
        for row, (opening, offset) in enumerate(zip(self._openings, place_offsets, strict=True)):
            gaps, until, epoch = opening.gaps, at + counts[row], int(epochs[row])
            states = gaps.ready.shape[1]
            self._ready[at:until, :states] = gaps.ready + epoch
            self._latest[at:until, :states] = gaps.latest + epoch
            self._before[at:until] = gaps.before + offset
            self._after[at:until] = np.where(gaps.after >= 0, gaps.after + offset, -1)
            self._trip[at:until] = gaps.trip
            for b, (earliest, latest, duration) in enumerate(opening.packed.breaks):
                self._breaks[row, b] = (earliest + epoch, latest + epoch, duration)
            at = until

    def ends_of(self, gap: int) -> tuple[int, int]:
        """The places before and behind a gap; -1 behind the last of a shift that ends anywhere."""
        return int(self._before[gap]), int(self._after[gap])

    def fits(
        self,
        job: Job,
        epoch: int,
        spans: Sequence[Window],
        to: Times,
        onward: Times,
        *,
        most: int = 1,
        but: Collection[str] = (),
    ) -> list[list[Fit]]:
        """For each span up to `most` crews, all different, that can start within it; the cheapest
        first.

        The job's own times count from `epoch`; its place is given by the seconds `to` it from
        every place and `onward` from it. Spans (UTC timestamp seconds) stand in order of time,
        apart. Work starts at whole minutes. Technicians in `but` are left out. All weights count
        as 100 %, and of what the start itself may cost only overtime is priced.
        """
        if not len(self._row) or not spans:
            return [[] for _ in spans]
        found = self._find(job, epoch, spans, to, onward, but)
        choose = self._crews if job.crew_size > 1 else self._singles
        return [choose(job, one, to, most) for one in found]

    def _find(
        self,
        job: Job,
        epoch: int,
        spans: Sequence[Window],
        to: Times,
        onward: Times,
        but: Collection[str],
    ) -> list[_Found]:
        able = self._able(job, to, but)
        able &= (self._start <= spans[-1].end) & (self._latest_end >= spans[0].start)
        gap = np.flatnonzero(able[self._row])
        row, after = self._row[gap], self._after[gap]
        there = to[self._before[gap]]
        back = np.where(after >= 0, onward[after], 0)
        detour = there + back - self._trip[gap]
        work = self._rates.work(job.duration_seconds, job.pace_skill)
        kept = detour <= self._travel_left[row]
        kept &= detour + work[row] <= self._work_left[row]
        gap, row, there, back, detour = (x[kept] for x in (gap, row, there, back, detour))
        breaks = self._breaks[row]
        arrive = arrivals(self._ready[gap], there, breaks)
        by_last = departures(self._latest[gap], back, breaks) - work[row, None]
        at, state = np.nonzero(arrive <= by_last)
        first, last = arrive[at, state], by_last[at, state]
        which, of, start, latest = _within(first, last, _cut(job, epoch, spans))
        place = at[of]
        cents = detour[place] * self._travel_rate[row[place]]
        cents += self._seat_cents(job, work)[row[place]]
        cents += self._overtime(gap[place], start + work[row[place]] + back[place])
        order = np.lexsort((start, cents, which))
        which, place = which[order], place[order]
        gap, start, latest, cents = gap[place], start[order], latest[order], cents[order]
        ends = np.searchsorted(which, np.arange(len(spans) + 1)).tolist()
        return [
            _Found(gap[a:b], start[a:b], latest[a:b], cents[a:b])
            for a, b in itertools.pairwise(ends)
        ]

    def _able(self, job: Job, to: Times, but: Collection[str]) -> Flags:
        """Shifts that may do the job as far as no timing is needed."""
        able = self._qualified(job) & (to[self._home] <= self._rates.reach)
        able &= (self._room > 0) & (self._space >= job.load)
        if job.excluded_technicians or but:
            able &= ~np.isin(self._names, [*job.excluded_technicians, *but])
        if job.required_technicians:
            able &= np.isin(self._names, job.required_technicians)
        if job.pin and job.pin.technician_id is not None and job.crew_size == 1:
            able &= self._names == job.pin.technician_id
        return able

    def _qualified(self, job: Job) -> Flags:
        needs = (job.requirements, job.credentials)
        known = self._qualified_for.get(needs)
        if known is None:
            shifts = (opening.shift for opening in self._openings)
            held = [has_skills(job, shift) and has_credentials(job, shift) for shift in shifts]
            known = self._qualified_for[needs] = np.array(held, dtype=bool)
        return known

    def _seat_cents(self, job: Job, work: Times) -> NDArray[np.float64]:
        rates = self._rates
        cents: NDArray[np.float64] = work * (rates.work_rate + rates.fair) + self._fixed
        for need in job.requirements:
            cents += np.maximum(rates.level(need.skill) - need.level, 0) * rates.spare_level
        if job.is_unpleasant:
            cents += rates.unpleasant
        if job.preference_cents:
            cents[~np.isin(self._names, job.preferred_technicians)] += job.preference_cents
        return cents

    def _overtime(self, gap: Times, ends: Times) -> NDArray[np.float64]:
        """Only behind the last stop can a job make the day longer."""
        row = self._row[gap]
        regular, now = self._end[row], self._ends_at[row] + self._trip[gap]
        longer = np.maximum(ends - regular, 0) - np.maximum(now - regular, 0)
        cents: NDArray[np.float64] = longer * self._overtime_rate[row]
        return np.where(self._is_last[gap], cents, 0.0)

    def _singles(self, job: Job, found: _Found, to: Times, most: int) -> list[Fit]:
        fits: dict[str, Fit] = {}
        for k in range(len(found.gap)):
            name = str(self._names[self._row[found.gap[k]]])
            if name not in fits:
                fits[name] = self._fit([k], found, int(found.start[k]), to)
                if len(fits) == most:
                    break
        return list(fits.values())

    def _crews(self, job: Job, found: _Found, to: Times, most: int) -> list[Fit]:
        fits: dict[frozenset[str], Fit] = {}
        starts = list(dict.fromkeys(found.start.tolist()))
        for start in [*starts[:STARTS_TRIED], *starts[-STARTS_TRIED:]]:
            crew = self._crew_at(job, found, start)
            if crew is not None:
                fit = self._fit(crew, found, start, to)
                known = fits.setdefault(frozenset(fit.technician_ids), fit)
                if fit.cents < known.cents:
                    fits[frozenset(fit.technician_ids)] = fit
        return sorted(fits.values(), key=lambda fit: (fit.cents, fit.start))[:most]

    def _crew_at(self, job: Job, found: _Found, start: int) -> list[int] | None:
        """The cheapest distinct technicians who can all begin then, the pinned one among them."""
        pinned = job.pin.technician_id if job.pin else None
        free = np.flatnonzero((found.start <= start) & (start <= found.latest))
        chosen: dict[str, int] = {}
        for k in free.tolist():
            chosen.setdefault(str(self._names[self._row[found.gap[k]]]), k)
        if len(chosen) < job.crew_size or (pinned is not None and pinned not in chosen):
            return None
        names = sorted(chosen, key=lambda name: name != pinned)
        return [chosen[name] for name in names[: job.crew_size]]

    def _fit(self, seats: Sequence[int], found: _Found, start: int, to: Times) -> Fit:
        gaps = tuple(int(found.gap[k]) for k in seats)
        return Fit(
            technician_ids=tuple(str(self._names[self._row[gap]]) for gap in gaps),
            start=start,
            travel_seconds=sum(int(to[self._before[gap]]) for gap in gaps),
            cents=round(sum(float(found.cents[k]) for k in seats)),
            gaps=gaps,
        )


def _cut(job: Job, epoch: int, spans: Sequence[Window]) -> tuple[Times, Times, Times]:
    """Number, start and end of what the job's own windows leave of each span, in order of time."""
    left = sorted(
        (max(span.start, a + epoch), min(span.end, b + epoch), number)
        for a, b in start_windows(job)
        for number, span in enumerate(spans)
        if max(span.start, a + epoch) <= min(span.end, b + epoch)
    )
    start, end, number = np.array(left, dtype=np.int64).reshape(-1, 3).T
    return number, start, end


def _within(
    first: Times, last: Times, cut: tuple[Times, Times, Times]
) -> tuple[Times, Times, Times, Times]:
    """Every start in [first, last] that some span allows: number of the span, index of the pair,
    earliest whole minute and latest."""
    number, start, end = cut
    of = np.arange(len(first))
    k = np.searchsorted(end, first)
    found: list[tuple[Times, ...]] = []
    while True:
        met = k < len(end)
        of, k = of[met], k[met]
        met = start[k] <= last[of]
        of, k = of[met], k[met]
        if not len(of):
            break
        begin = -(-np.maximum(first[of], start[k]) // MINUTE) * MINUTE
        until = np.minimum(last[of], end[k])
        fits = begin <= until
        found.append((number[k][fits], of[fits], begin[fits], until[fits]))
        k = k + 1
    if not found:
        none = np.empty(0, dtype=np.int64)
        return none, none, none, none
    which, pair, begin, until = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return which, pair, begin, until
