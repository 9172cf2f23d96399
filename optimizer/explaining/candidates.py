"""Who else could do a job: every technician-shift with its price against the plan as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from optimizer.explaining.crews import Crews
from optimizer.explaining.facts import Candidate, CandidateCode, Comparison, Moved
from optimizer.explaining.pieces import Cents, Pieces, minus, plus
from optimizer.explaining.seating import Room, Seating, without
from optimizer.explaining.space import Space, Spaces
from optimizer.job import Job, Pin
from optimizer.packed import start_windows
from optimizer.plan import Route
from optimizer.reasons import static_reason
from optimizer.shift import Shift
from optimizer.violation import Violation


class Candidates:
    """The candidates for one job of a problem and plan; crews are looked at beside."""

    def __init__(self, pieces: Pieces, job: Job, spaces: Spaces) -> None:
        self.pieces, self._job, self._spaces = pieces, job, spaces
        self._problem = pieces.problem
        self._seats = pieces.plan.seats(job.id)
        self._left_out = pieces.left_out(job)
        self._away: dict[str, Route | None] = {
            route.shift_id: without(pieces, self._problem.shift_by_id[route.shift_id], job)
            for route, _ in self._seats
            if job.id not in self._problem.committed_ids
        }
        self._leave = self._leaving()
        self._leave_breaks = pieces.broken(self._away) if self._away else []
        self._rooms: dict[str, Room] = {}
        self._taken: dict[str, Space] = {}

    def _leaving(self) -> Cents:
        """What taking the job away from where it is changes; leaving it out is over when it is."""
        if not self._seats:
            return minus(Counter(), self._left_out)
        now = self.pieces.present(self._away)
        return minus(self.pieces.money(self._away), self.pieces.money(now))

    @property
    def is_assigned(self) -> bool:
        return bool(self._seats)

    @property
    def present_start(self) -> int | None:
        return self._seats[0][1].start if self._seats else None

    def ranked(self) -> tuple[Candidate, ...]:
        found = [self._present()] if self._seats else []
        if self._job.id not in self._problem.committed_ids:
            others = [shift for shift in self._problem.shifts if shift.id not in self._away]
            if self._job.crew_size == 1:
                found += [self._candidate(shift) for shift in others]
            elif self._seats:
                found += [self._swap(shift) for shift in others]
            else:
                found += self._crews()
        return tuple(sorted(found, key=rank))

    def _present(self) -> Candidate:
        shifts = [self._problem.shift_by_id[route.shift_id] for route, _ in self._seats]
        stop = self._seats[0][1]
        return Candidate(
            CandidateCode.PRESENT,
            f"Job {self._job.id} is with {_names(shifts)}.",
            tuple(shift.id for shift in shifts),
            tuple(shift.technician_id for shift in shifts),
            stop.start,
            stop.end,
            {},
        )

    def room(self, shift: Shift) -> Room:
        """That shift with what it does, asked for the job; once per shift."""
        if shift.id not in self._rooms:
            route, space = self.pieces.route(shift.id), self._spaces.pop(shift.id, None)
            if space is None or not space.is_of(self.pieces, shift, route):
                space = Space(self.pieces, shift, route)
            self._taken[shift.id] = space
            self._rooms[shift.id] = Room(self.pieces, space, self.present_start)
        return self._rooms[shift.id]

    def put_back(self) -> None:
        """The spaces of this question are there for the next one."""
        self._spaces.update(self._taken)

    def _candidate(self, shift: Shift) -> Candidate:
        """The best place; for whom that is forbidden, the least that this breaks."""
        room, route = self.room(shift), None
        if static_reason(self._problem, self._job, shift) is None:
            seating = room.best(self._job)
            if seating is not None:
                return self._told(shift, seating, [])
        else:
            route = room.first(for_anybody(self._job))
        if route is None:
            start = nearest_start(self.pieces, shift, self._job, self.present_start)
            route = room.asked(self._job, start)
        broken = self.pieces.broken({shift.id: route}, [self._job])
        return self._told(shift, room.seated(self._job, route), broken)

    def _told(self, shift: Shift, seating: Seating, broken: list[Violation]) -> Candidate:
        terms = self.pieces.change(self._leave, seating.change)
        routes = {**self._away, shift.id: seating.route}
        code = CandidateCode.FORBIDDEN if broken or self._leave_breaks else _code(terms)
        return Candidate(
            code,
            _sentence(code, self._job, [shift], sum(terms.values()), broken),
            (shift.id,),
            (shift.technician_id,),
            seating.stop.start,
            seating.stop.end,
            terms,
            (*self._leave_breaks, *broken),
            tuple(Moved(key, s, s, before, after) for key, s, before, after in seating.moved),
            tuple(route for route in routes.values() if route),
            tuple(key for key, route in routes.items() if route is None),
        )

    def _swap(self, shift: Shift) -> Candidate:
        """The technician in place of one of the crew at the crew's start: the best such seat."""
        start = self._seats[0][1].start
        joining = self.room(shift).asked(self._job, start)
        now = self.pieces.present([*self._away, shift.id])
        before = self.pieces.money(now)
        found = []
        for leaver, left in self._away.items():
            routes = {**now, leaver: left, shift.id: joining}
            change = minus(self.pieces.money(routes, [self._job]), before)
            broken = self.pieces.broken(routes, [self._job])
            crew = [self._problem.shift_by_id[key] for key in self._away if key != leaver]
            touched = {leaver: left, shift.id: joining}
            found.append(self._crew(broken, change, [*crew, shift], touched, joining))
        return min(found, key=rank)

    def _crews(self) -> list[Candidate]:
        """Crews for a job that is left out, the cheapest few."""
        return [
            self._crew(
                list(place.broken),
                plus(self._leave, place.change),
                list(place.shifts),
                place.routes,
                next(iter(place.routes.values())),
            )
            for place in Crews(self.pieces, self._job).places()
        ]

    def _crew(
        self,
        broken: list[Violation],
        change: Cents,
        crew: list[Shift],
        routes: Mapping[str, Route | None],
        route: Route,
    ) -> Candidate:
        terms = self.pieces.change(change)
        code = CandidateCode.FORBIDDEN if broken else _code(terms)
        [stop] = (stop for stop in route.stops if stop.job_id == self._job.id)
        return Candidate(
            code,
            _sentence(code, self._job, crew, sum(terms.values()), broken),
            tuple(shift.id for shift in crew),
            tuple(shift.technician_id for shift in crew),
            stop.start,
            stop.end,
            terms,
            tuple(broken),
            (),
            tuple(route for route in routes.values() if route),
            tuple(key for key, route in routes.items() if route is None),
        )

    def earlier(self) -> Candidate | None:
        """The cheapest earlier start with the technician who has the job, others pushed back."""
        if self._job.crew_size > 1 or not self._seats or self._is_fact:
            return None
        route, stop = self._seats[0]
        shift = self._problem.shift_by_id[route.shift_id]
        room = Room(self.pieces, Space(self.pieces, shift, self._away[shift.id]), None)
        seating = room.best(self._job, stop.start)
        return None if seating is None else self._told(shift, seating, [])

    @property
    def _is_fact(self) -> bool:
        return self._job.id in self._problem.committed_ids


def for_anybody(job: Job) -> Job:
    """The job without any word on who may do it."""
    pin = job.pin
    if pin is not None and pin.technician_id is not None:
        bound = pin.window is not None or pin.start is not None
        pin = Pin(None, pin.window, pin.start) if bound else None
    return replace(
        job,
        requirements=(),
        credentials=(),
        parts=(),
        tools=(),
        required_technicians=(),
        excluded_technicians=(),
        pin=pin,
    )


def nearest_start(pieces: Pieces, shift: Shift, job: Job, present: int | None) -> int:
    """The start within the shift that is nearest to today's, or to the first one admitted."""
    trip = pieces.problem.travel.between
    work = shift.work_seconds(job.duration_seconds, job.pace_skill)
    home = 0 if shift.end_place is None else trip(job.place, shift.end_place)
    facts = max((stop.end for stop in shift.committed), default=shift.start)
    first = facts if shift.committed else shift.start + trip(shift.start_place, job.place)
    last = max(first, shift.latest_end - home - work)
    if present is None:
        admitted = [max(a, first) for a, b in start_windows(job) if b >= first and a <= last]
        present = min(admitted, default=first)
    return min(max(present, first), last)


def rank(candidate: Candidate) -> tuple[bool, int, int, bool, tuple[str, ...]]:
    return (
        not candidate.is_feasible,
        len(candidate.violations),
        candidate.cents,
        candidate.code is not CandidateCode.PRESENT,
        candidate.shift_ids,
    )


def compared(first: Candidate, second: Candidate) -> Comparison:
    names = dict.fromkeys([*first.terms, *second.terms])
    terms = {name: first.terms.get(name, 0) - second.terms.get(name, 0) for name in names}
    terms = {name: cents for name, cents in terms.items() if cents}
    cents = sum(terms.values())
    one, other = " and ".join(first.technician_ids), " and ".join(second.technician_ids)
    how = f"{_money(abs(cents))} {'more' if cents > 0 else 'less'} than" if cents else "as much as"
    return Comparison(first, second, terms, f"{one} costs {how} {other}.")


def _code(terms: Mapping[str, int]) -> CandidateCode:
    cents = sum(terms.values())
    if cents == 0:
        return CandidateCode.SAME_PRICE
    return CandidateCode.DEARER if cents > 0 else CandidateCode.CHEAPER


def _sentence(
    code: CandidateCode, job: Job, shifts: list[Shift], cents: int, broken: list[Violation]
) -> str:
    who = _names(shifts)
    who = who[0].upper() + who[1:]
    if broken:
        return f"{who} cannot take job {job.id}: {broken[0].sentence}"
    if code is CandidateCode.SAME_PRICE:
        return f"{who} would cost the same."
    return f"{who} would cost {_money(abs(cents))} {'more' if cents > 0 else 'less'}."


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _names(shifts: list[Shift]) -> str:
    people = " and ".join(shift.technician_id for shift in shifts)
    return f"{'technicians' if len(shifts) > 1 else 'technician'} {people}"
