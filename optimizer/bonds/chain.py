"""A chain of the compiled search that keeps bonds, and seats bound jobs anew between segments.

The compiled search sees each bound job within its box (`boxes`) and may move it there, but not
leave it out. Between segments a group is taken out and seated where its jobs together are
cheapest, with neighbours loosened and put back, and kept by the rule of the annealing.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

import optimizer.annealing.tables as t
from optimizer.annealing import iterate, undoing
from optimizer.annealing.chain import Chain, Guide, settings_of
from optimizer.annealing.cutting import Part
from optimizer.annealing.passes import settle_pass
from optimizer.annealing.tables import COST, OLD_COST, START, UNSERVED, Facts
from optimizer.annealing.times import refresh
from optimizer.binding import Bonds, Leeway, Seat
from optimizer.bonds.boxes import boxes_of, is_rigid
from optimizer.bonds.frames import Frames
from optimizer.bonds.gaps import take_out, time_stops
from optimizer.bonds.seating import Seating
from optimizer.limits import Segment
from optimizer.state import State

ITERATIONS_PER_RESEAT = 100
"""Of the compiled search."""
LOOSENED = 0.5
"""How often neighbours are taken out with a group."""
LEFT_FIRST = 0.3
"""How often a group with a job left out is chosen, if there is one."""


class BoundChain(Chain):
    """As `Chain`, with the jobs of `bonds.groups` besides those that are free."""

    def __init__(
        self,
        state: State,
        facts: Facts,
        guide: Guide,
        movable: list[int],
        seed: int,
        bonds: Bonds,
        stop: Callable[[], bool],
    ) -> None:
        own = replace(
            facts,
            jobs=facts.jobs.copy(),
            prices=facts.prices.copy(),
            seats=facts.seats.copy(),
            windows=facts.windows.copy(),
        )
        self._bonds, self._dice, self._stop, self._due = bonds, random.Random(seed), stop, 0
        self._out_cents = {job: bonds.packed.unserved[job] for job in bonds.bound}
        self._groups = bonds.groups
        self._seats: dict[int, Seat] = dict(bonds.facts)
        self.boxes: dict[int, Leeway] = {}
        self._best_boxes: dict[int, Leeway] = {}
        self._best_noted = math.inf
        super().__init__(state, own, guide, movable, seed)
        self._frames = Frames(bonds.packed, self.facts)
        self._frames.keep(bonds.bound)
        self._seating = Seating(bonds, self._frames, self.facts, self.plan, self._touch)

    def hold(self, boxes: Mapping[int, Leeway]) -> None:
        """Lets every bound job with a box be done in it only; the next restart goes by that."""
        self.boxes = dict(boxes)
        for job, box in boxes.items():
            self._frames.narrow(job, box)

    def restart(self, routes: list[list[int]], part: Part | None = None) -> None:
        super().restart(routes, part)
        self._groups = [group for group in self._bonds.groups if self._is_own(group, part)]
        self._seats = dict(self._bonds.facts)
        for job in self._own():
            if job in self.boxes:
                box = self.boxes[job]
                ends = max(box.low + self._bonds.packed.work[job][v] for v in box.shifts)
                self._seats[job] = Seat(box.shifts, box.low, ends)
        self._read_seats(self._own())
        self._sums[:] += sum(self._out_cents[job] for job in self._own() if job not in self._seats)
        self._note_best(always=True)

    def go_back(self) -> None:
        self.hold(self._best_boxes)
        super().go_back()

    def _is_own(self, group: tuple[int, ...], part: Part | None) -> bool:
        """Whether the whole group sits in the part; of those without a seat, each is in one."""
        if part is None:
            return True
        seated = [job for job in group if job in self.boxes]
        shifts = set(part.shifts.tolist())
        if not seated:
            return int(self._bonds.packed.able[group[0]][0]) in shifts
        return all(
            shifts.issuperset(self.boxes[job].shifts)
            if is_rigid(self._bonds, job)
            else self.plan.where[job, 0] >= 0
            for job in seated
        )

    def _own(self) -> list[int]:
        return [job for group in self._groups for job in group]

    def own_boxes(self, boxes: Mapping[int, Leeway]) -> dict[int, Leeway]:
        """Those boxes, with the chain's own for the groups that it may seat anew."""
        own = set(self._own())
        kept = {job: box for job, box in boxes.items() if job not in own}
        return kept | {job: self.boxes[job] for job in own if job in self.boxes}

    def seat_bound(self) -> None:
        """Seats the groups one by one, dear ones first."""
        dear = sorted(self._groups, key=lambda group: -sum(self._out_cents[job] for job in group))
        for group in dear:
            if self._stop():
                break
            if any(job not in self._seats for job in group):
                self._try(group, 0.0, None)

    def run(self, segment: Segment) -> None:
        """The iterations of the segment, then a share of groups seated anew."""
        super().run(segment)
        self._note_best()
        self._due += segment.iterations
        if self._due < ITERATIONS_PER_RESEAT or not self._groups:
            return
        heat = segment.heat * segment.cooling**segment.iterations
        while self._due >= ITERATIONS_PER_RESEAT:
            self._due -= ITERATIONS_PER_RESEAT
            self._try(self._chosen(), heat, segment)
            self._note_best()
        self._read_seats(self._own())
        for group in self._groups:
            self._box(group)
        self._refresh_bound()
        self._note_best()

    def _note_best(self, *, always: bool = False) -> None:
        if always or self._sums[t.BEST] < self._best_noted - 1e-9:
            self._best_noted = float(self._sums[t.BEST])
            self._best_boxes = dict(self.boxes)

    def _chosen(self) -> tuple[int, ...]:
        groups = self._groups
        left = [group for group in groups if any(job not in self._seats for job in group)]
        if left and self._dice.random() < LEFT_FIRST:
            return self._dice.choice(left)
        return self._dice.choice(groups)

    def _touch(self, v: int) -> None:
        undoing.remember(
            self.plan.all,
            self._memory[t.SAVED_ROUTES],
            self._memory[t.TOUCHED_ROUTES],
            self._counts,
            v,
        )

    def _touched(self) -> list[int]:
        count = int(self._counts[t.TOUCHED])
        return [int(v) for v in self._memory[t.TOUCHED_ROUTES][:count]]

    def _try(self, group: tuple[int, ...], heat: float, segment: Segment | None) -> None:
        """Takes the group out and seats it anew; without a segment, nothing else is moved."""
        counts = self._counts
        counts[t.LEFT_BEFORE], counts[t.TOUCHED] = counts[t.LEFT], 0
        self._memory[t.OLD_LEFT][: counts[t.LEFT]] = self._left[: counts[t.LEFT]]
        self._read_seats(group)
        before = self._open_cents(group)
        seats, boxes = dict(self._seats), dict(self.boxes)
        self._take_out(group)
        if segment is not None and self._dice.random() < LOOSENED:
            iterate.ruin(
                self.facts.all, self.plan.all, self._memory, self.guide.adjacent,
                np.array(group, dtype=np.int64), settings_of(self.facts, segment.strings),
            )  # fmt: skip
        self._seating.seat(group, self._seats, self._dice if segment else None)
        self._box(group)
        for v in self._touched():
            refresh(*self.facts.all, *self.plan.all, v)
        if segment is not None:
            order = self._dice.randrange(len(self.guide.orders))
            iterate.recreate(
                self.facts.all, self.plan.all, self._memory, self.guide.orders, order,
                self.guide.near_jobs, self.guide.near_shifts,
                settings_of(self.facts, segment.strings), False,
            )  # fmt: skip
        touched, cents = self._touched(), self.plan.cents
        change = self._open_cents(group) - before
        change += float((cents[touched, COST] - cents[touched, OLD_COST]).sum())
        if change < -heat * math.log(self._dice.random() + 1e-300):
            self._sums[t.NOW] += change
            iterate.accept(
                self.facts.all, self.plan.all, self._memory, self._best_routes, self._best_lengths
            )
            return
        self._seats = seats
        self._put_boxes(group, boxes)
        self.plan.where[list(group), 0] = -1
        undoing.undo(self.facts.all, self.plan.all, self._memory)

    def _open_cents(self, group: tuple[int, ...]) -> float:
        """What leaving out costs at this moment: the free jobs, and those of the group."""
        left = self._left[: self._counts[t.LEFT]]
        own = sum(self._out_cents[job] for job in group if job not in self._seats)
        return float(self.facts.prices[left, UNSERVED].sum()) + own

    def _take_out(self, group: tuple[int, ...]) -> None:
        for job in group:
            seat = self._seats.pop(job, None)
            for v in seat.shifts if seat else ():
                self._touch(v)
                take_out(*self.facts.all, *self.plan.all, v, job)
                refresh(*self.facts.all, *self.plan.all, v)
                settle_pass(self.facts.all, self.plan.all, v)

    def _box(self, group: tuple[int, ...]) -> None:
        """Boxes around the seats of the group, the time to spare shared out by the dice."""
        self._put_boxes(group, boxes_of(self._bonds, group, self._seats, self._dice))

    def _put_boxes(self, group: tuple[int, ...], boxes: Mapping[int, Leeway]) -> None:
        for job in group:
            self.boxes.pop(job, None)
            if job in boxes:
                self.boxes[job] = boxes[job]
                self._frames.narrow(job, boxes[job])

    def _read_seats(self, jobs: Iterable[int]) -> None:
        """Where and when the compiled search has put those of the jobs that may move."""
        stops, where, packed = self.plan.stops, self.plan.where, self._bonds.packed
        moving = [j for j in jobs if j in self._seats and not is_rigid(self._bonds, j)]
        for v in {int(where[job, 0]) for job in moving}:
            time_stops(*self.facts.all, *self.plan.all, v)
        for job in moving:
            v, k = (int(value) for value in where[job])
            start = int(stops[v, k, START])
            self._seats[job] = Seat((v,), start, start + packed.work[job][v])

    def _refresh_bound(self) -> None:
        """The routes that new boxes concern; no start has to move, but some may."""
        cents = self.plan.cents
        used = {v for job in self._own() if job in self._seats for v in self._seats[job].shifts}
        for v in sorted(used):
            before = float(cents[v, COST])
            refresh(*self.facts.all, *self.plan.all, v)
            self._sums[t.NOW] += float(cents[v, COST]) - before
        self._counts[t.TOUCHED] = 0
        iterate.accept(
            self.facts.all, self.plan.all, self._memory, self._best_routes, self._best_lengths
        )
