"""Crews for a job that is left out: the cheapest ones, and the smallest change that allows one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from optimizer.explaining.facts import Relaxation, RelaxationCode
from optimizer.explaining.pieces import Cents, Pieces, minus, plan_of
from optimizer.insertions import insertions
from optimizer.job import Job, Requirement, Window
from optimizer.place import place
from optimizer.plan import Route
from optimizer.reasons import static_reason
from optimizer.shift import Shift
from optimizer.violation import Violation

MINUTE = 60
CREWS = 5
"""Crews told for a job that is left out."""
TRIED = 40
"""Crews looked at for the one that needs the smallest change."""
MOST_SECONDS = 4 * 3600
"""No start is told that is further outside the window, and no more overtime."""


@dataclass(frozen=True, slots=True)
class Place:
    """One crew at its first start (the last is `latest`), everybody else at their times."""

    shifts: tuple[Shift, ...]
    start: int
    latest: int
    routes: Mapping[str, Route]
    change: Cents
    broken: tuple[Violation, ...]

    @property
    def shift_ids(self) -> tuple[str, ...]:
        return tuple(shift.id for shift in self.shifts)


class Crews:
    """Where a crew for one job could be found, as it is or with other demands."""

    def __init__(self, pieces: Pieces, job: Job) -> None:
        self._pieces, self._job = pieces, job

    def places(
        self,
        job: Job | None = None,
        shifts: Collection[Shift] = (),
        *,
        most: int = CREWS,
        within: Window | None = None,
    ) -> Iterator[Place]:
        """Cheapest first; `job` and `shifts` replace those of the problem."""
        job = job or self._job
        other = {shift.id: shift for shift in shifts}
        problem = self._pieces.problem
        able = [
            shift
            for shift in (other.get(own.id, own) for own in problem.shifts)
            if static_reason(problem, job, shift) is None
        ]
        now = self._pieces.present(shift.id for shift in able)
        piece = self._pieces.piece(now, [job], able)
        small = replace(piece, weights=problem.weights)
        plan, asked = plan_of(small, now), small.job_by_id[job.id]
        for offer in insertions(small, plan, asked, keep_times=True, most=most, within=within):
            keys = [seat.shift_id for seat in offer.seats]
            placed = place(small, plan, asked, offer.start, keys)
            crew = tuple(shift for shift in able if shift.id in keys)
            routes = {key: placed.route_by_shift[key] for key in keys}
            yield self._place(job, crew, routes, offer.latest_start)

    def _place(
        self, job: Job, crew: tuple[Shift, ...], routes: Mapping[str, Route], latest: int
    ) -> Place:
        before = self._pieces.money(self._pieces.present(routes), (), crew)
        starts = [s.start for route in routes.values() for s in route.stops if s.job_id == job.id]
        return Place(
            crew,
            starts[0],
            latest,
            routes,
            minus(self._pieces.money(routes, [job], crew), before),
            tuple(self._pieces.broken(routes, [job], crew)),
        )


class CrewRelaxations:
    """Relaxations for a job of several seats; each is one rule less for the whole crew.

    Nobody else is moved for it: that a crew waits for one other job is not looked for.
    """

    def __init__(self, pieces: Pieces, job: Job) -> None:
        self._pieces, self._job = pieces, job
        self._crews = Crews(pieces, job)
        self._without = pieces.without(job)

    def found(self) -> tuple[Relaxation, ...]:
        if self._job.crew_size > len(self._pieces.problem.shifts):
            return ()
        outside = [self._outside(code) for code in (_LATER, _EARLIER)]
        alone = [one for one in (*outside, self._overtime()) if one is not None]
        return (*alone, *self._levels(), *self._credentials())

    def _outside(self, code: RelaxationCode) -> Relaxation | None:
        """The fewest whole minutes by which a window opens earlier or closes later."""
        best: Relaxation | None = None
        for window in self._job.windows:
            within = (
                Window(window.end + 1, window.end + MOST_SECONDS)
                if code is _LATER
                else Window(max(0, window.start - MOST_SECONDS), window.start - 1)
            )
            opened = replace(self._job, windows=(within,))
            for found in self._crews.places(opened, most=TRIED):
                late = code is _LATER
                off = found.start - window.end if late else window.start - found.latest
                seconds = -(-off // MINUTE) * MINUTE
                if best is None or seconds < best.amount:
                    best = self._moved_window(code, window, seconds) or best
        return best

    def _moved_window(
        self, code: RelaxationCode, window: Window, seconds: int
    ) -> Relaxation | None:
        wide = (
            Window(window.start, window.end + seconds)
            if code is _LATER
            else Window(window.start - seconds, window.end)
        )
        others = tuple(own for own in self._job.windows if own != window)
        relaxed = replace(self._job, windows=tuple(sorted((*others, wide), key=_opening)))
        later = "later" if code is _LATER else "earlier"
        words = f"a start {seconds // MINUTE} minutes {later}"
        return self._proven(code, seconds, words, relaxed)

    def _overtime(self) -> Relaxation | None:
        """The fewest whole minutes of overtime that each of a crew would need at the most."""
        longer = [self._longer(shift, MOST_SECONDS) for shift in self._pieces.problem.shifts]
        best: tuple[int, int, Place] | None = None
        for found in self._crews.places(shifts=longer, most=TRIED):
            needed = max(self._over(shift_id, route) for shift_id, route in found.routes.items())
            seconds = -(-needed // MINUTE) * MINUTE
            if 0 < seconds <= MOST_SECONDS and not found.broken:
                size = seconds, sum(found.change.values())
                if best is None or size < best[:2]:
                    best = (*size, found)
        if best is None:
            return None
        seconds, _, found = best
        known = self._pieces.problem.shift_by_id
        late = [key for key in found.shift_ids if self._over(key, found.routes[key]) > 0]
        shifts = tuple(self._longer(known[key], seconds) for key in late)
        who = " and ".join(sorted(shift.technician_id for shift in shifts))
        words = f"{seconds // MINUTE} minutes of overtime for {who}"
        if self._pieces.broken(found.routes, [self._job], shifts):
            return None
        return self._told(RelaxationCode.OVERTIME, seconds, words, found, shifts=shifts)

    def _longer(self, shift: Shift, seconds: int) -> Shift:
        behind = [
            other.start - shift.latest_end
            for other in self._pieces.problem.shifts
            if other.technician_id == shift.technician_id and other.start >= shift.latest_end
        ]
        more = min([seconds, *behind])
        return replace(shift, overtime_seconds=shift.overtime_seconds + more)

    def _over(self, shift_id: str, route: Route) -> int:
        return route.end - self._pieces.problem.shift_by_id[shift_id].latest_end

    def _levels(self) -> Iterator[Relaxation]:
        """Per skill, the smallest step down with which there is a crew."""
        for need in self._job.requirements:
            for level in range(need.level - 1, 0, -1):
                lower = tuple(
                    Requirement(one.skill, level) if one is need else one
                    for one in self._job.requirements
                )
                relaxed = replace(self._job, requirements=lower)
                words = f"{need.skill} at level {level} instead of {need.level}"
                code, amount = RelaxationCode.LEVEL_LOWER, need.level - level
                if found := self._proven(code, amount, words, relaxed, need.skill):
                    yield found
                    break

    def _credentials(self) -> Iterator[Relaxation]:
        for kind in self._job.credentials:
            rest = tuple(other for other in self._job.credentials if other != kind)
            free = replace(self._job, credentials=rest)
            words = f"the credential {kind}"
            code = RelaxationCode.CREDENTIAL_MISSING
            if found := self._proven(code, 0, words, free, kind):
                yield found

    def _proven(
        self, code: RelaxationCode, amount: int, words: str, relaxed: Job, name: str | None = None
    ) -> Relaxation | None:
        """The cheapest crew under the relaxed demands."""
        found = next((one for one in self._crews.places(relaxed) if not one.broken), None)
        if found is None:
            return None
        return self._told(code, amount, words, found, name=name, jobs=(relaxed,))

    def _told(
        self,
        code: RelaxationCode,
        amount: int,
        words: str,
        found: Place,
        *,
        name: str | None = None,
        jobs: tuple[Job, ...] = (),
        shifts: tuple[Shift, ...] = (),
    ) -> Relaxation:
        terms = self._pieces.change(found.change, base=self._without)
        people = tuple(shift.technician_id for shift in found.shifts)
        price = sum(terms.values()) / 100
        return Relaxation(
            code,
            f"With {words}, {' and '.join(people)} could take it for {price:.2f}.",
            amount,
            terms,
            found.shift_ids,
            people,
            found.start,
            name,
            (),
            jobs,
            shifts,
            tuple(found.routes.values()),
        )


_LATER, _EARLIER = RelaxationCode.START_LATER, RelaxationCode.START_EARLIER


def _opening(window: Window) -> int:
    return window.start
