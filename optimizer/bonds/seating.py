"""The cheapest joint places of a group: one job after the other, several places of each tried."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.annealing import iterate
from optimizer.annealing.tables import COST, Facts, Routes
from optimizer.annealing.times import refresh
from optimizer.binding import Bonds, Leeway, Seat
from optimizer.bonds.frames import Frames
from optimizer.bonds.gaps import ROW, SHIFT, START, list_gaps, take_out

WIDTHS = (5, 2)
"""Places tried of the first and the second job of a group; of those behind it the cheapest."""
WIDTHS_OF_MANY = (3,)
MANY = 4
STARTS_TRIED = 6
"""Starts tried for a crew, cheapest first, and as many again by chance."""
LATER = 0.5
"""How often a group may begin from some chance time only."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place for one job: (shift, row before) per seat, its start, the change of cost."""

    places: tuple[tuple[int, int], ...]
    start: int
    cents: float


Path = list[tuple[int, Choice]]


class Seating:
    """Puts groups into the routes of a chain, which must not have them; `touch` is told of a
    route before it is changed."""

    def __init__(
        self,
        bonds: Bonds,
        frames: Frames,
        facts: Facts,
        plan: Routes,
        touch: Callable[[int], None],
    ) -> None:
        self._bonds, self._frames, self._facts, self._plan = bonds, frames, facts, plan
        self._touch = touch
        packed = bonds.packed
        most = 2 * len(packed.jobs) + 2 * len(packed.shifts)
        self._places: NDArray[np.int64] = np.zeros((most, 3), dtype=np.int64)
        self._money: NDArray[np.float64] = np.zeros(most)
        last = packed.problem.horizon_end
        self._soonest = min((shift.start for shift in packed.shifts), default=0)
        self._latest = max(last, self._soonest)

    def seat(
        self, group: tuple[int, ...], seats: dict[int, Seat], dice: random.Random | None
    ) -> None:
        """Seats the group as cheaply as found, each job only if that pays; fills `seats`."""
        self._seats, self._group, self._dice = seats, group, dice
        self._from = self._soonest
        if dice is not None and dice.random() < LATER:
            self._from = dice.randint(self._soonest, self._latest)
        self._path: Path = []
        self._best: tuple[float, Path] | None = None
        self._widths = WIDTHS if len(group) < MANY else WIDTHS_OF_MANY
        self._used: dict[int, float] = {}
        self._explore(0)
        best: Path = self._best[1] if self._best else []
        for job, choice in best:
            self._put(job, choice)

    def _explore(self, depth: int) -> None:
        if depth == len(self._group):
            cents = self._cents()
            if self._best is None or cents < self._best[0] - 1e-6:
                self._best = cents, list(self._path)
            return
        job = self._group[depth]
        unserved = self._bonds.packed.unserved[job]
        width = self._widths[depth] if depth < len(self._widths) else 1
        seated, cheapest = False, unserved
        for choice in self._choices(job, width, is_first=depth == 0):
            cheapest = min(cheapest, choice.cents)
            if self._put(job, choice):
                seated = True
                self._path.append((job, choice))
                self._explore(depth + 1)
                self._path.pop()
                self._remove(job)
        if not seated or cheapest >= unserved:
            self._explore(depth + 1)

    def _cents(self) -> float:
        """The change of cost that the group makes as it now sits."""
        cents, packed = self._plan.cents, self._bonds.packed
        routes = sum(float(cents[v, COST]) - before for v, before in self._used.items())
        return routes + sum(packed.unserved[job] for job in self._group if job not in self._seats)

    def _choices(self, job: int, width: int, *, is_first: bool) -> list[Choice]:
        """The cheapest places that leave hope for the rest of the group, and one regardless."""
        leeway = self._bonds.leeway(job, self._seats)
        if leeway is None:
            return []
        hope = leeway.within(self._bonds.hopes[job])
        if is_first and self._from > self._soonest:
            hope = hope.within(Leeway(self._from, hope.high, hope.shifts))
        found = self._found(job, hope, width) if hope != leeway else []
        return found + self._found(job, leeway, 1 if found else width)

    def _found(self, job: int, leeway: Leeway, width: int) -> list[Choice]:
        if not self._frames.narrow(job, leeway):
            return []
        if self._bonds.packed.jobs[job].crew_size > 1:
            return sorted(self._crews(job, leeway), key=lambda crew: crew.cents)[:width]
        count = list_gaps(self._facts.all, self._plan.all, job, self._places, self._money)
        by_shift: dict[int, Choice] = {}
        for i in np.argsort(self._money[:count], kind="stable").tolist():
            v, k, start = (int(value) for value in self._places[i])
            by_shift.setdefault(v, Choice(((v, k),), start, float(self._money[i])))
        return self._some(list(by_shift.values()), width)

    def _some(self, ranked: list[Choice], width: int) -> list[Choice]:
        """The first of them; of several the last is any of the others."""
        chosen = ranked[:width]
        if self._dice is not None and 1 < width < len(ranked):
            chosen[-1] = self._dice.choice(ranked[width - 1 :])
        return chosen

    def _crews(self, job: int, leeway: Leeway) -> Iterator[Choice]:
        """The cheapest crew at each of some starts at which somebody could begin."""
        count = list_gaps(self._facts.all, self._plan.all, job, self._places, self._money)
        ranked = np.argsort(self._money[:count], kind="stable")
        starts = list(dict.fromkeys(self._places[ranked, START].tolist()))
        tried = starts[:STARTS_TRIED]
        rest = starts[STARTS_TRIED:]
        if self._dice is None:
            tried += sorted(rest)[:: max(1, len(rest) // STARTS_TRIED)]
        else:
            tried += self._dice.sample(rest, min(len(rest), STARTS_TRIED))
        for start in tried:
            self._frames.narrow(job, Leeway(start, start, leeway.shifts))
            count = list_gaps(self._facts.all, self._plan.all, job, self._places, self._money)
            crew = self._crew(job, start, np.argsort(self._money[:count], kind="stable").tolist())
            if crew is not None:
                yield crew

    def _crew(self, job: int, start: int, ranked: list[int]) -> Choice | None:
        """The cheapest distinct technicians, the pinned one among them."""
        packed = self._bonds.packed
        source = packed.jobs[job]
        pinned = source.pin.technician_id if source.pin else None
        chosen: dict[str, int] = {}
        for i in ranked:
            name = packed.technicians[int(self._places[i, SHIFT])]
            is_last = len(chosen) == source.crew_size - 1
            if name in chosen or (is_last and pinned not in (None, name, *chosen)):
                continue
            chosen[name] = i
            if len(chosen) == source.crew_size:
                rows = [
                    (int(self._places[k, SHIFT]), int(self._places[k, ROW]))
                    for k in chosen.values()
                ]
                return Choice(
                    tuple(rows), start, sum(float(self._money[k]) for k in chosen.values())
                )
        return None

    def _put(self, job: int, choice: Choice) -> bool:
        """Seats the job at exactly that start; whether it fits, else nothing is changed."""
        shifts = tuple(v for v, _ in choice.places)
        self._frames.narrow(job, Leeway(choice.start, choice.start, shifts))
        for v, k in choice.places:
            self._touch(v)
            self._used.setdefault(v, float(self._plan.cents[v, COST]))
            if not iterate.put(self._facts.all, self._plan.all, v, k, job):
                self._clear(job, shifts[: shifts.index(v)])
                return False
        work = self._bonds.packed.work[job]
        ends = max(choice.start + work[v] for v in shifts)
        self._seats[job] = Seat(shifts, choice.start, ends)
        return True

    def _remove(self, job: int) -> None:
        self._clear(job, self._seats.pop(job).shifts)

    def _clear(self, job: int, shifts: tuple[int, ...]) -> None:
        for v in shifts:
            take_out(*self._facts.all, *self._plan.all, v, job)
            refresh(*self._facts.all, *self._plan.all, v)
