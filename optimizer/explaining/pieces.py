"""A problem and its plan cut into pieces of one shift or a few, so that each is asked at once.

Money and rules are those of `score` and `check`: every term is a sum over routes and jobs, and
every rule looks at one route or at the seats of one job, but for those that bind jobs to each
other: these are judged on the whole plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from optimizer.binding import Bonds, Leeway, Seat
from optimizer.check import check
from optimizer.check_bonds import BOND_RULES
from optimizer.job import Job, Window
from optimizer.packed import Packed
from optimizer.plan import Plan, Route, Score, Stop, Unassigned
from optimizer.problem import Problem, Weights
from optimizer.score import score
from optimizer.shift import Shift
from optimizer.time_price import NEVER
from optimizer.violation import Violation

Cents: TypeAlias = "Counter[str]"
"""By term, before weights; amounts may be negative."""
Routes: TypeAlias = "Mapping[str, Route | None]"
"""By shift; None for one without stops."""

UNWEIGHTED = Weights()


class Pieces:
    """The problem and plan of one explanation."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.base: Cents = Counter(score(replace(problem, weights=UNWEIGHTED), plan).terms())
        self._known = Counter(_mark(one) for one in check(problem, plan))
        last = max(problem.shifts, key=lambda shift: shift.latest_end, default=None)
        self._leeways: dict[str, Leeway | None] = {}
        self._horizon = None if last is None else replace(last, committed=())

    def route(self, shift_id: str) -> Route | None:
        return self.plan.route_by_shift.get(shift_id)

    def present(self, shift_ids: Iterable[str]) -> Routes:
        return {shift_id: self.route(shift_id) for shift_id in shift_ids}

    def piece(
        self, routes: Routes, jobs: Collection[Job] = (), shifts: Collection[Shift] = ()
    ) -> Problem:
        """These shifts with the jobs of their routes; `jobs` and `shifts` are added or replace."""
        given = {job.id: job for job in jobs}
        other = {shift.id: shift for shift in shifts}
        own = [other.get(key) or self.problem.shift_by_id[key] for key in routes]
        seats = Counter(stop.job_id for route in routes.values() for stop in _of(route))
        facts = (stop.job_id for shift in own for stop in shift.committed)
        wanted = dict.fromkeys([*facts, *seats])
        found = [self._job(job_id, seats) for job_id in wanted if job_id not in given]
        return Problem(
            self.problem.epoch,
            tuple(own),
            (*(job for job in found if job), *given.values()),
            self.problem.travel,
            UNWEIGHTED,
            depots=self.problem.depots,
        )

    def _job(self, job_id: str, seats: Mapping[str, int]) -> Job | None:
        """None for a stop of a job that is not in the problem. Of a crew only who is here counts:
        the others sit elsewhere."""
        job = self.problem.job_by_id.get(job_id)
        if job is None or job.crew_size == seats.get(job_id, 0) or job.crew_size == 1:
            return job
        return replace(job, crew_size=seats.get(job_id, 1), pin=None)

    def money(
        self, routes: Routes, jobs: Collection[Job] = (), shifts: Collection[Shift] = ()
    ) -> Cents:
        """What these routes cost, with the jobs in them."""
        problem = self.piece(routes, jobs, shifts)
        return Counter(score(problem, plan_of(problem, routes)).terms())

    def left_out(self, job: Job) -> Cents:
        """What leaving the job out costs, or to the freelancers whom the plan asks."""
        problem = self.piece({}, [job])
        if self._horizon is not None:
            problem = replace(problem, shifts=(self._horizon,))
        left = tuple(item for item in self.plan.unassigned if item.job_id == job.id)
        plan = plan_of(problem, {})
        plan = replace(plan, unassigned=left) if left else plan
        return Counter(score(problem, plan).terms())

    def without(self, job: Job) -> Cents:
        """What the plan costs as if a job that it leaves out did not exist."""
        return minus(self.base, self.left_out(job))

    def left_out_cents(self, job: Job, *, is_assigned: bool) -> int:
        """What leaving the job out costs after weights."""
        base = self.base if is_assigned else self.without(job)
        return sum(self.change(self.left_out(job), base=base).values())

    def change(self, *changes: Cents, base: Cents | None = None) -> dict[str, int]:
        """The sum of the changes after weights, exactly as `score` of the whole plan tells it."""
        before = self.base if base is None else base
        found: dict[str, int] = {}
        for name, cents in before.items():
            weight = getattr(self.problem.weights, name)
            after = cents + sum(change[name] for change in changes)
            if amount := _weighted(after, weight) - _weighted(cents, weight):
                found[name] = amount
        return found

    def broken(
        self, routes: Routes, jobs: Collection[Job] = (), shifts: Collection[Shift] = ()
    ) -> list[Violation]:
        """The rules that these routes break and the plan as it stands does not."""
        problem = self.piece(routes, jobs, shifts)
        found = check(problem, plan_of(problem, routes))
        found += self._unbound(routes, {job.id for job in jobs})
        if not found:
            return []
        known = Counter(self._known)
        new: list[Violation] = []
        for violation in found:
            mark = _mark(violation)
            known[mark] -= 1
            if known[mark] < 0:
                new.append(violation)
        return new

    def _unbound(self, routes: Routes, elsewhere: set[str]) -> list[Violation]:
        """Bonds broken when these routes stand in the plan; those jobs leave their other routes.

        None while a job is only taken away: it is judged where it is put."""
        if not self.problem.bound_ids or not elsewhere:
            return []
        kept = {key: _without(route, elsewhere) for key, route in self.plan.route_by_shift.items()}
        whole = {key: route for key, route in {**kept, **routes}.items() if route}
        plan = replace(self.plan, routes=tuple(whole.values()))
        return [one for rule in BOND_RULES for one in rule(self.problem, plan)]

    def leeway(self, job_id: str) -> Leeway | None:
        """The starts and shifts that the job's bonds leave it beside the plan; None when a job it
        follows is left out."""
        if job_id not in self._leeways:
            self._leeways[job_id] = self._leeway(job_id)
        return self._leeways[job_id]

    def _leeway(self, job_id: str) -> Leeway | None:
        shifts = range(len(self.problem.shifts))
        if job_id not in self.problem.bound_ids:
            return Leeway(-NEVER, NEVER, tuple(shifts))
        packed = Packed(self.problem)
        bonds, known = Bonds(packed), packed.job_index[job_id]
        seats = dict(bonds.facts)
        for route in self.plan.routes:
            for stop in route.stops:
                other = packed.job_index.get(stop.job_id, known)
                if other != known and other not in bonds.facts:
                    seat = seats.get(other, Seat((), stop.start, stop.end))
                    at = self.number_of(route.shift_id)
                    seats[other] = Seat((*seat.shifts, at), seat.start, max(seat.end, stop.end))
        return bonds.leeway(known, seats, shifts)

    def number_of(self, shift_id: str) -> int:
        """The shift's position in the problem."""
        return self._numbers[shift_id]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {shift.id: number for number, shift in enumerate(self.problem.shifts)}


def _without(route: Route, job_ids: set[str]) -> Route | None:
    stops = tuple(stop for stop in route.stops if stop.job_id not in job_ids)
    if len(stops) == len(route.stops):
        return route
    return replace(route, stops=stops) if stops else None


def minus(one: Cents, other: Cents) -> Cents:
    return Counter({name: one[name] - other[name] for name in [*one, *other]})


def plus(*several: Cents) -> Cents:
    names = {name for one in several for name in one}
    return Counter({name: sum(one[name] for one in several) for name in names})


def plan_of(problem: Problem, routes: Routes) -> Plan:
    """The routes as a plan of that piece; every job without a stop is left out."""
    there = {stop.job_id for route in routes.values() for stop in _of(route)}
    left = tuple(Unassigned(job.id) for job in problem.jobs if job.id not in there)
    return Plan(tuple(route for route in routes.values() if route), left, Score())


def standing(job: Job, start: int | None, *, is_bound: bool = False) -> Job:
    """The job as something that takes time at its place and may be pushed later within its windows.

    Crews, other bound jobs, and what breaks its own rules already, stay exactly at `start`.
    """
    windows: tuple[Window, ...] = ()
    if start is not None:
        pin = job.pin is not None and (job.pin.start is not None or job.pin.window is not None)
        if job.crew_size > 1 or is_bound or pin or not job.admits_start(start):
            windows = (Window(start, start),)
        else:
            own = (Window(max(w.start, start), w.end) for w in job.windows if w.end >= start)
            windows = tuple(own) or (Window(start, LATEST),)
    return Job(
        job.id,
        job.place,
        job.duration_seconds,
        0,
        windows,
        pace_skill=job.pace_skill,
        load=job.load,
        parts=job.parts,
        tools=job.tools,
    )


LATEST = 10**9
"""Seconds from the epoch that no plan reaches."""


def pushed(before: Routes, after: Routes, but: Collection[str]) -> list[tuple[str, str, int, int]]:
    """(job, shift, start before, start after) of the jobs that start at another time."""
    found = []
    for shift_id, route in after.items():
        starts = {stop.job_id: stop.start for stop in _of(before.get(shift_id))}
        for stop in _of(route):
            old = starts.get(stop.job_id)
            if stop.job_id not in but and old is not None and old != stop.start:
                found.append((stop.job_id, shift_id, old, stop.start))
    return found


def _of(route: Route | None) -> tuple[Stop, ...]:
    return route.stops if route else ()


def _mark(violation: Violation) -> tuple[str, str | None, str | None, int]:
    return violation.code, violation.job_id, violation.shift_id, violation.amount


def _weighted(cents: int, weight: int) -> int:
    return (2 * cents * weight + 100) // 200
