"""Many shifts side by side, asked at once in which spans of time one more job could be started.

The shifts may come from several problems, so times here are UTC timestamp seconds and places are
numbered by the caller. What is asked does not change the table, so that threads can share it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.gaps import Times, arrivals, departures
from optimizer.job import Job, Window
from optimizer.opening_table import Flags, OpeningTable
from optimizer.packed import start_windows
from optimizer.problem import Weights
from optimizer.stock import lacking, needs_of

MINUTE = 60
STARTS_TRIED = 24
"""Common starts that are tried for a crew in each span."""
EVEN = Weights()


@dataclass(frozen=True, slots=True)
class Fit:
    """A crew that could start the job at `start`, for so much more than the plan costs now.

    `travel_seconds` is the way there, `co2_grams` what the ways emit more than now.
    """

    technician_ids: tuple[str, ...]
    start: int
    travel_seconds: int
    cents: int
    co2_grams: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Feasible places in one span, the cheapest first."""

    gap: Times
    detour: Times
    start: Times
    latest: Times
    cents: NDArray[np.float64]


class Openings:
    """The gaps of all shifts in one table."""

    def __init__(self, table: OpeningTable) -> None:
        self._table = table
        self._shift, self._rates = table.shift, table.rates
        self._names = table.rates.technician

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
        weights: Weights = EVEN,
    ) -> list[list[Fit]]:
        """For each span up to `most` crews, all different, that can start within it; the cheapest
        first.

        The job's own times count from `epoch`; its place is given by the seconds `to` it from
        every place and `onward` from it. Spans (UTC timestamp seconds) stand in order of time,
        apart. Work starts at whole minutes. Technicians in `but` are left out. `weights` are
        those of the problems the openings are from.

        Prices are those of a plan with the job at that start, except that waiting is left out.
        Parts and tools must be on board already: that somebody could pass a depot for them does
        not count here.
        """
        if not len(self._table.row) or not spans:
            return [[] for _ in spans]
        found = self._find(job, epoch, spans, to, onward, but, weights)
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
        weights: Weights,
    ) -> list[_Found]:
        shift, able = self._shift, self._able(job, to, but)
        able &= (shift["start"] <= spans[-1].end) & (shift["latest_end"] >= spans[0].start)
        gap = np.flatnonzero(able[self._table.row])
        row, after = self._table.row[gap], self._table.after[gap]
        there = to[self._table.before[gap]]
        back = np.where(after >= 0, onward[after], 0)
        detour = there + back - self._table.trip[gap]
        work = self._rates.work(job.duration_seconds, job.pace_skill)
        kept = detour <= shift["travel_left"][row]
        kept &= detour + work[row] <= shift["work_left"][row]
        gap, row, there, back, detour = (x[kept] for x in (gap, row, there, back, detour))
        breaks = self._table.breaks[row]
        arrive = arrivals(self._table.ready[gap], there, breaks)
        by_last = departures(self._table.latest[gap], back, breaks) - work[row, None]
        at, state = np.nonzero(arrive <= by_last)
        first, last = arrive[at, state], by_last[at, state]
        which, of, start, latest = _within(first, last, _cut(job, epoch, spans))
        place = at[of]
        cents = detour[place] * shift["travel_rate"][row[place]]
        cents += self._seat_cents(job, work, weights)[row[place]]
        price = self._rates.time_price(_moved(job, epoch), weights)
        cents += price.at_all(start, row[place])
        cents += self._overtime(gap[place], start + work[row[place]] + back[place])
        order = np.lexsort((start, cents, which))
        which, place = which[order], place[order]
        gap, detour, cents = gap[place], detour[place], cents[order]
        start, latest = start[order], latest[order]
        ends = np.searchsorted(which, np.arange(len(spans) + 1)).tolist()
        return [
            _Found(gap[a:b], detour[a:b], start[a:b], latest[a:b], cents[a:b])
            for a, b in itertools.pairwise(ends)
        ]

    def _able(self, job: Job, to: Times, but: Collection[str]) -> Flags:
        """Shifts that may do the job as far as no timing is needed."""
        able = self._table.qualified(job) & (to[self._table.home] <= self._rates.reach)
        able &= (self._shift["room"] > 0) & (self._shift["space"] >= job.load)
        if job.excluded_technicians or but:
            able &= ~np.isin(self._names, [*job.excluded_technicians, *but])
        if job.required_technicians:
            able &= np.isin(self._names, job.required_technicians)
        if job.pin and job.pin.technician_id is not None and job.crew_size == 1:
            able &= self._names == job.pin.technician_id
        if needs := needs_of(job):
            able &= np.array(
                [not lacking(needs, o.left, ()) for o in self._table.openings], dtype=bool
            )
        return able

    def _seat_cents(self, job: Job, work: Times, weights: Weights) -> NDArray[np.float64]:
        """With what using a shift at all costs, and without what its minimum pays already."""
        rates, shift = self._rates, self._shift
        cents = rates.seat_cents(job, work, weights) + shift["fixed"]
        if shift["minimum_pay"].any():
            earned = np.maximum(shift["pay"], 0.0)
            more = (rates.pay_per_job + work * rates.pay) * (weights.freelance / 100)
            cents += np.maximum(shift["minimum_pay"] - earned - more, 0.0)
            paid = np.maximum(shift["minimum_pay"] - earned, 0.0)
            cents -= np.where(shift["pay"] >= 0, paid, 0.0)
        return np.asarray(cents)

    def _overtime(self, gap: Times, ends: Times) -> NDArray[np.float64]:
        """Only behind the last stop can a job make the day longer."""
        row = self._table.row[gap]
        regular, now = self._shift["end"][row], self._shift["ends_at"][row] + self._table.trip[gap]
        longer = np.maximum(ends - regular, 0) - np.maximum(now - regular, 0)
        cents: NDArray[np.float64] = longer * self._shift["overtime_rate"][row]
        return np.where(self._table.is_last[gap], cents, 0.0)

    def _singles(self, job: Job, found: _Found, to: Times, most: int) -> list[Fit]:
        fits: dict[str, Fit] = {}
        for k in range(len(found.gap)):
            name = str(self._names[self._table.row[found.gap[k]]])
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
            chosen.setdefault(str(self._names[self._table.row[found.gap[k]]]), k)
        if len(chosen) < job.crew_size or (pinned is not None and pinned not in chosen):
            return None
        names = sorted(chosen, key=lambda name: name != pinned)
        return [chosen[name] for name in names[: job.crew_size]]

    def _fit(self, seats: Sequence[int], found: _Found, start: int, to: Times) -> Fit:
        gaps = tuple(int(found.gap[k]) for k in seats)
        return Fit(
            technician_ids=tuple(str(self._names[self._table.row[gap]]) for gap in gaps),
            start=start,
            travel_seconds=sum(int(to[self._table.before[gap]]) for gap in gaps),
            cents=round(sum(float(found.cents[k]) for k in seats)),
            co2_grams=round(sum(self._grams(found, k) for k in seats)),
        )

    def _grams(self, found: _Found, k: int) -> float:
        return float(found.detour[k] * self._shift["co2_grams"][self._table.row[found.gap[k]]])


def _moved(job: Job, epoch: int) -> Job:
    """The job with the times that have a price as UTC timestamps."""
    soft, due, promise, risk = job.soft_window, job.deadline, job.promise, job.risk
    if soft is not None:
        soft = replace(soft, start=soft.start + epoch, end=soft.end + epoch)
    if due is not None:
        steps = tuple(replace(step, at=step.at + epoch) for step in due.steps)
        due = replace(due, due=due.due + epoch, steps=steps)
    if promise is not None and promise.window is not None:
        told = Window(promise.window.start + epoch, promise.window.end + epoch)
        promise = replace(promise, window=told)
    if risk is not None and risk.done_by is not None:
        risk = replace(risk, done_by=risk.done_by + epoch)
    useful = epoch + (job.earliest_useful or 0)
    return replace(
        job,
        soft_window=soft,
        deadline=due,
        promise=promise,
        risk=risk,
        earliest_useful=useful,
        windows=(),
        pin=None,
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
