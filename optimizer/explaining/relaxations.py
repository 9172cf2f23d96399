"""The smallest change of one rule that would let a job in that is left out, each with its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from optimizer.explaining.candidates import Candidates
from optimizer.explaining.facts import Moved, Relaxation, RelaxationCode
from optimizer.explaining.pieces import Pieces
from optimizer.explaining.seating import Room, Seating
from optimizer.explaining.space import Space
from optimizer.job import Job, Requirement, Window
from optimizer.plan import Route
from optimizer.reasons import static_reason
from optimizer.shift import Shift

MINUTE = 60
MOST_OVERTIME_SECONDS = 4 * 3600
ROUTES_TRIED = 8
"""Places per shift whose end is looked at for overtime."""
PROVEN = 4
"""Shifts that are tried for a proof, those with the smallest change first."""


class Relaxations:
    """Relaxations for a job of one seat, looked for shift by shift."""

    def __init__(self, pieces: Pieces, job: Job, candidates: Candidates) -> None:
        self._pieces, self._job, self._room = pieces, job, candidates.room
        self._without = pieces.without(job)
        shifts = pieces.problem.shifts
        self.able = [s for s in shifts if static_reason(pieces.problem, job, s) is None]

    def found(self) -> tuple[Relaxation, ...]:
        kinds: tuple[Callable[[], Relaxation | None], ...] = (
            self._start_later,
            self._start_earlier,
            self._overtime,
        )
        alone = [one for kind in kinds if (one := kind()) is not None]
        return (*alone, *self._levels(), *self._credentials())

    # the window

    def _start_later(self) -> Relaxation | None:
        return self._opened(RelaxationCode.START_LATER)

    def _start_earlier(self) -> Relaxation | None:
        return self._opened(RelaxationCode.START_EARLIER)

    def _opened(self, code: RelaxationCode) -> Relaxation | None:
        """The smallest whole minutes by which a window opens earlier or closes later."""
        if not self._job.windows:
            return None
        asked = sorted(self._distances(code), key=lambda one: (one[0], one[1].id))
        best: tuple[int, int, str] | None = None
        chosen: Relaxation | None = None
        for seconds, shift in asked[: 3 * PROVEN]:
            if best is not None and seconds > best[0]:
                break
            relaxed = self._widened(code, seconds)
            seating = self._room(shift).best(relaxed)
            if seating is None:
                continue
            found = self._told(code, seconds, shift, seating, _words(code, seconds), jobs=[relaxed])
            if best is None or (found.cost_cents, shift.id) < best[1:]:
                best, chosen = (seconds, found.cost_cents, shift.id), found
        return chosen

    def _distances(self, code: RelaxationCode) -> Iterator[tuple[int, Shift]]:
        opened = replace(self._job, windows=())
        for shift in self.able_at_any_time(opened):
            offs = [
                off
                for _, earliest, latest in self._room(shift).places(opened)
                for window in self._job.windows
                if (
                    off := earliest - window.end
                    if code is RelaxationCode.START_LATER
                    else window.start - latest
                )
                > 0
            ]
            if offs:
                yield -(-min(offs) // MINUTE) * MINUTE, shift

    def able_at_any_time(self, job: Job) -> list[Shift]:
        problem = self._pieces.problem
        return [shift for shift in problem.shifts if static_reason(problem, job, shift) is None]

    def _widened(self, code: RelaxationCode, seconds: int) -> Job:
        """Every window that much wider; those that meet become one."""
        later = code is RelaxationCode.START_LATER
        wide: list[Window] = []
        for window in self._job.windows:
            start = window.start - (0 if later else seconds)
            end = window.end + (seconds if later else 0)
            if wide and start <= wide[-1].end:
                start, end = wide[-1].start, max(end, wide.pop().end)
            wide.append(Window(start, end))
        return replace(self._job, windows=tuple(wide))

    # the end of the shift

    def _overtime(self) -> Relaxation | None:
        """The fewest whole minutes of overtime beyond what a shift allows."""
        chosen: Relaxation | None = None
        for least, shift in sorted(self._lacking(), key=lambda one: (one[0], one[1].id)):
            if chosen is not None and least > chosen.amount:
                break
            for seconds in self._overtimes(shift):
                if chosen is not None and seconds > chosen.amount:
                    break
                found = self._longer(shift, seconds)
                if found is None:
                    continue
                if chosen is None or _size(found) < _size(chosen):
                    chosen = found
                break
        return chosen

    def _lacking(self) -> Iterator[tuple[int, Shift]]:
        """The seconds that are missing for sure, as work and trips add up."""
        for shift in self.able:
            route, trip = self._pieces.route(shift.id), self._pieces.problem.travel.between
            taken = shift.work_seconds(self._job.duration_seconds, self._job.pace_skill)
            taken += sum(pause.duration_seconds for pause in shift.breaks)
            if route is not None and not shift.committed:
                taken += route.travel_seconds
                taken += sum(stop.end - stop.start for stop in route.stops)
                if not self._pieces.problem.depots:
                    taken += self._least_detour(shift, route)
            elif route is None:
                taken += trip(shift.start_place, self._job.place)
            yield shift.start + taken - shift.latest_end, shift

    def _least_detour(self, shift: Shift, route: Route) -> int:
        """What the way becomes longer by at the place where that is least."""
        problem, own = self._pieces.problem, self._job.place
        trip, known = problem.travel.between, problem.job_by_id
        if any(stop.job_id not in known for stop in route.stops):
            return 0
        passed = [shift.start_place, *(known[stop.job_id].place for stop in route.stops)]
        detours = [trip(a, own) + trip(own, b) - trip(a, b) for a, b in pairwise(passed)]
        last, home = passed[-1], shift.end_place
        back = 0 if home is None else trip(own, home) - trip(last, home)
        return min(*detours, trip(last, own) + back)

    def _overtimes(self, shift: Shift) -> list[int]:
        """Whole minutes beyond its end at which the shift could be done with the job, in order."""
        most = self._room_behind(shift)
        longer = replace(shift, overtime_seconds=shift.overtime_seconds + most)
        room = self._longer_room(longer)
        needed: set[int] = set()
        for position, earliest, _ in room.places(self._job)[:ROUTES_TRIED]:
            route = room.route(self._job, position, earliest)
            over = 0 if route is None else route.end - shift.latest_end
            if over > 0 and (minutes := -(-over // MINUTE)) * MINUTE <= most:
                needed.add(minutes * MINUTE)
        return sorted(needed)

    def _longer(self, shift: Shift, seconds: int) -> Relaxation | None:
        longer = replace(shift, overtime_seconds=shift.overtime_seconds + seconds)
        room = self._longer_room(longer)
        seating = room.best(self._job)
        if seating is None:
            return None
        words = f"{seconds // MINUTE} minutes of overtime for {shift.technician_id}"
        return self._told(RelaxationCode.OVERTIME, seconds, shift, seating, words, shifts=[longer])

    def _longer_room(self, longer: Shift) -> Room:
        route = self._pieces.route(longer.id)
        return Room(self._pieces, Space(self._pieces, longer, route), None)

    def _room_behind(self, shift: Shift) -> int:
        """Until the technician's next shift, a few hours at the most."""
        after = [
            other.start - other.rest_seconds - shift.latest_end
            for other in self._pieces.problem.shifts
            if other.technician_id == shift.technician_id and other.start >= shift.latest_end
        ]
        return min([*after, MOST_OVERTIME_SECONDS]) // MINUTE * MINUTE

    # who may

    def _levels(self) -> list[Relaxation]:
        """Per skill, the smallest step down that lets somebody in who holds it at all."""
        found = []
        for need in self._job.requirements:
            for level in range(need.level - 1, 0, -1):
                lower = replace(self._job, requirements=_with(self._job, need, level))
                short = [
                    shift
                    for shift in self.able_at_any_time(lower)
                    if static_reason(self._pieces.problem, self._job, shift) is not None
                ]
                words = f"{need.skill} at level {level} instead of {need.level}"
                code, amount = RelaxationCode.LEVEL_LOWER, need.level - level
                if best := self._cheapest(code, amount, short, lower, words, need.skill):
                    found.append(best)
                    break
        return found

    def _credentials(self) -> list[Relaxation]:
        """Per credential, the cheapest of those who lack nothing else."""
        found = []
        for kind in self._job.credentials:
            rest = tuple(other for other in self._job.credentials if other != kind)
            free = replace(self._job, credentials=rest)
            short = [
                shift
                for shift in self.able_at_any_time(free)
                if static_reason(self._pieces.problem, self._job, shift) is not None
            ]
            code, words = RelaxationCode.CREDENTIAL_MISSING, f"the credential {kind}"
            if best := self._cheapest(code, 0, short, free, words, kind):
                found.append(best)
        return found

    def _cheapest(
        self,
        code: RelaxationCode,
        amount: int,
        shifts: list[Shift],
        relaxed: Job,
        words: str,
        name: str,
    ) -> Relaxation | None:
        found = [
            self._told(code, amount, shift, seating, words, jobs=[relaxed], name=name)
            for shift in shifts
            if (seating := self._room(shift).best(relaxed)) is not None
        ]
        return min(found, key=lambda one: (one.cost_cents, one.shift_ids), default=None)

    def _told(
        self,
        code: RelaxationCode,
        amount: int,
        shift: Shift,
        seating: Seating,
        words: str,
        *,
        jobs: list[Job] | None = None,
        shifts: list[Shift] | None = None,
        name: str | None = None,
    ) -> Relaxation:
        terms = self._pieces.change(seating.change, base=self._without)
        cents = sum(terms.values())
        who = shift.technician_id
        sentence = f"With {words}, {who} could take it for {cents / 100:.2f}."
        return Relaxation(
            code,
            sentence,
            amount,
            terms,
            (shift.id,),
            (who,),
            seating.stop.start,
            name,
            tuple(Moved(key, s, s, before, after) for key, s, before, after in seating.moved),
            tuple(jobs or ()),
            tuple(shifts or ()),
            (seating.route,),
        )


def _size(one: Relaxation) -> tuple[int, int, tuple[str, ...]]:
    return one.amount, one.cost_cents, one.shift_ids


def _words(code: RelaxationCode, seconds: int) -> str:
    later = code is RelaxationCode.START_LATER
    return f"a start {seconds // MINUTE} minutes {'later' if later else 'earlier'}"


def _with(job: Job, need: Requirement, level: int) -> tuple[Requirement, ...]:
    return tuple(Requirement(one.skill, level) if one is need else one for one in job.requirements)
