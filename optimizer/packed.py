"""A problem as the search reads it: indices, plain lists and arrays, prices with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.crowd import Crowd
from optimizer.depot import Depot
from optimizer.job import Job, Requirement
from optimizer.offering import expected_cents, worth_asking
from optimizer.problem import Problem
from optimizer.rates import Rates
from optimizer.shift import Shift
from optimizer.stock import Needs, depots_of, lacking, needs_of, stock_of
from optimizer.time_price import NEVER, TimePrice

GRAMS_PER_TONNE = 1_000_000


@dataclass(frozen=True, slots=True)
class PackedShift:
    """What the timing of a route needs. The route starts at `origin` at `ready`: behind the
    committed stops when there are any, which also use up the first `breaks_past` breaks.
    `co2_rate` is a part of `travel_rate`; `max_work` bounds trips and the work behind them."""

    start: int
    end: int
    latest_end: int
    origin: int
    end_place: int
    ready: int
    breaks: tuple[tuple[int, int, int], ...]
    breaks_past: int
    committed: tuple[int, ...]
    fixed_travel_seconds: int
    fixed_cents: float
    fixed_pay: float
    fixed_idle: int
    travel_rate: float
    co2_rate: float
    waiting_rate: float
    overtime_rate: float
    pay_weight: float
    minimum_pay: float
    max_travel: int
    max_work: int
    max_jobs: int
    capacity: int
    departs_late: bool


def start_windows(job: Job) -> tuple[tuple[int, int], ...]:
    """When work may start: windows cut by the earliest useful time and the pin, in order."""
    low, high = -NEVER, NEVER
    if job.earliest_useful is not None:
        low = job.earliest_useful
    if job.pin is not None and job.pin.window is not None:
        low, high = max(low, job.pin.window.start), min(high, job.pin.window.end)
    if job.pin is not None and job.pin.start is not None:
        low, high = max(low, job.pin.start), min(high, job.pin.start)
    spans = [(window.start, window.end) for window in job.windows] or [(-NEVER, NEVER)]
    cut = ((max(start, low), min(end, high)) for start, end in spans)
    return tuple((start, end) for start, end in cut if start <= end)


def has_skills(job: Job, shift: Shift) -> bool:
    return all(_holds(shift, need) for need in job.requirements)


def _holds(shift: Shift, need: Requirement) -> bool:
    for skill in shift.skills:
        if skill.name == need.skill:
            return skill.level >= need.level and skill.is_valid(shift.start, shift.latest_end)
    return False


def has_credentials(job: Job, shift: Shift) -> bool:
    if not job.credentials:
        return True
    held = {
        credential.kind
        for credential in shift.credentials
        if credential.valid_until is None or credential.valid_until >= shift.latest_end
    }
    return held.issuperset(job.credentials)


def spare_levels(job: Job, shift: Shift) -> int:
    """By how many levels the shift's skills stand above what the job requires."""
    held = {skill.name: skill.level for skill in shift.skills}
    return sum(max(0, held.get(need.skill, 0) - need.level) for need in job.requirements)


class Packed:
    """Everything indexed: job j, shift s, place p.

    Behind the jobs of the problem stand the passes of its depots, stops of a route like jobs.
    Single numbers are read from views of the arrays, which answer with plain numbers and take no
    memory.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weights = problem.weights
        self.matrix = problem.travel.seconds
        self.trip: memoryview = self.matrix.data
        self.technicians = [shift.technician_id for shift in problem.shifts]
        self.job_index: dict[str, int] = {}
        self.jobs: list[Job] = []
        self.windows: list[tuple[tuple[int, int], ...]] = []
        self.place: list[int] = []
        self.price: list[TimePrice] = []
        self.work_by_shift: list[NDArray[np.int64]] = []
        self.work: list[memoryview] = []
        self.cents_by_shift: list[NDArray[np.float64]] = []
        self.seat_cents: list[memoryview] = []
        self.able: list[NDArray[np.int64]] = []
        self.unserved: list[float] = []
        self.needs: list[Needs] = []
        self.is_asked: list[bool] = []
        self.saved: list[float] = []
        self.asked_cents: list[float] = []
        self._rates = Rates.of(problem.shifts)
        self._groups = self._group_shifts()
        self._qualified_for: dict[object, NDArray[np.bool_]] = {}
        self.stock = [stock_of(problem, shift) for shift in problem.shifts]
        self._depots = [depots_of(problem, shift) for shift in problem.shifts]
        self._supplied_for: dict[Needs, NDArray[np.bool_]] = {}
        for job in problem.jobs:
            self.add(job)
        self._hold_shares()
        self.passes = range(len(self.jobs), len(self.jobs) + len(problem.depots))
        for depot in problem.depots:
            self._add_pass(depot)
        self._facts_until = self._find_facts()
        self.shifts = [self._pack_shift(s, shift) for s, shift in enumerate(problem.shifts)]
        self.breaks_most = max((len(shift.breaks) for shift in self.shifts), default=0)

    def add(self, job: Job) -> int:
        """Packs one more job, which need not be in the problem; its index."""
        index = len(self.jobs)
        self.job_index.setdefault(job.id, index)
        self.jobs.append(job)
        self.windows.append(start_windows(job))
        self.place.append(job.place)
        self.price.append(self._rates.time_price(job, self.weights))
        work = self._rates.work(job.duration_seconds, job.pace_skill)
        self.work_by_shift.append(work)
        self.work.append(work.data)
        self.able.append(self._able_shifts(job))
        self.cents_by_shift.append(self._rates.seat_cents(job, work, self.weights))
        self.seat_cents.append(self.cents_by_shift[index].data)
        left_out = expected = counted = self._left_out_cents(job)
        if job.crowd:
            expected, counted = self._asked_cents(job, job.crowd, self.price[index])
        is_asked = expected < left_out
        self.is_asked.append(is_asked)
        self.saved.append(left_out - expected)
        self.asked_cents.append(counted)
        self.unserved.append(counted if is_asked and not job.is_window_promised else left_out)
        self.needs.append(needs_of(job))
        return index

    def _add_pass(self, depot: Depot) -> None:
        """The pass of a depot as a job that is paid by the hour alone."""
        shifts, rates = self.problem.shifts, self._rates
        allowed = [s for s, shift in enumerate(shifts) if depot.id in shift.depots]
        index = self.add(Job(f"depot {depot.id}", depot.place, 1, 0, depot.windows))
        del self.job_index[self.jobs[index].id]
        work = np.full(len(shifts), depot.service_seconds, dtype=np.int64)
        cents = rates.seat_cents(self.jobs[index], work, self.weights)
        cents -= rates.pay_per_job * (self.weights.freelance / 100)
        self.work_by_shift[index], self.work[index] = work, work.data
        self.cents_by_shift[index], self.seat_cents[index] = cents, cents.data
        self.able[index] = np.array(allowed, dtype=np.int64)

    def depot(self, stop: int) -> Depot | None:
        """The depot of which that stop is a pass; None for a job."""
        return self.problem.depots[stop - self.passes.start] if stop in self.passes else None

    def drop_last(self) -> None:
        """Forgets the job added last."""
        job = self.jobs.pop()
        if self.job_index[job.id] == len(self.jobs):
            del self.job_index[job.id]
        for packed in (self.windows, self.place, self.price, self.work, self.seat_cents):
            packed.pop()
        for by_shift in (self.able, self.work_by_shift, self.cents_by_shift):
            by_shift.pop()
        self.unserved.pop()
        self.needs.pop()
        self.is_asked.pop()
        self.saved.pop()
        self.asked_cents.pop()

    def _group_shifts(self) -> list[tuple[Shift, NDArray[np.int64]]]:
        """Shifts with the same skills and credentials: one of them and the indices of all."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for s, shift in enumerate(self.problem.shifts):
            limited = any(
                skill.valid_from is not None or skill.valid_until is not None
                for skill in shift.skills
            ) or any(held.valid_until is not None for held in shift.credentials)
            key = (shift.skills, shift.credentials, shift.id if limited else None)
            groups.setdefault(key, []).append(s)
        shifts = self.problem.shifts
        return [(shifts[of[0]], np.array(of, dtype=np.int64)) for of in groups.values()]

    def _qualified(self, job: Job) -> NDArray[np.bool_]:
        """Which shifts have the skills and credentials; asked once per set of requirements."""
        needs = (job.requirements, job.credentials)
        found = self._qualified_for.get(needs)
        if found is None:
            found = self._qualified_for[needs] = np.zeros(len(self.technicians), dtype=bool)
            for first, members in self._groups:
                found[members] = has_skills(job, first) and has_credentials(job, first)
        return found

    def _supplied(self, needs: Needs) -> NDArray[np.bool_]:
        """Which shifts have or can fetch what is needed; asked once per set of needs."""
        found = self._supplied_for.get(needs)
        if found is None:
            sides = zip(self.stock, self._depots, strict=True)
            found = np.array([not lacking(needs, *side) for side in sides], dtype=np.bool_)
            self._supplied_for[needs] = found
        return found

    def _able_shifts(self, job: Job) -> NDArray[np.int64]:
        """Shifts that may serve the job as far as no timing is needed. A skill or credential
        that runs out within the shift does not count, which errs on the safe side."""
        able = self._qualified(job).copy()
        able &= self._rates.trips_to(self.matrix, job.place) <= self._rates.reach
        if job.excluded_technicians:
            able &= ~np.isin(self._rates.technician, job.excluded_technicians)
        if job.required_technicians:
            able &= np.isin(self._rates.technician, job.required_technicians)
        if job.pin and job.pin.technician_id is not None and job.crew_size == 1:
            able &= self._rates.technician == job.pin.technician_id
        able &= self._rates.overlaps(start_windows(job))
        if job.parts or job.tools:
            able &= self._supplied(needs_of(job))
        return np.flatnonzero(able)

    def _seat_cents_of(self, j: int, s: int, worked: int) -> float:
        work = np.full(len(self.technicians), worked, dtype=np.int64)
        return float(self._rates.seat_cents(self.jobs[j], work, self.weights)[s])

    def _pay(self, shift: Shift, work_seconds: int) -> float:
        return shift.pay_cents_per_job + work_seconds * shift.pay_cents_per_hour / 3600

    def _asked_cents(self, job: Job, crowd: Crowd, price: TimePrice) -> tuple[float, float]:
        """What leaving the job to the freelancers worth asking is expected to cost, and as how
        much it counts: more where one's own come first."""
        weights = self.weights
        cents = price.by_anybody(crowd.start)
        if job.promise:
            broken = len(job.promise.technician_ids) * job.promise.technician_cents
            cents += broken * weights.broken_promises / 100
        asking = expected_cents(worth_asking(crowd), crowd.fallback_cents)
        counted = crowd.fallback_cents if crowd.own_first else asking
        return cents + asking * weights.crowd / 100, cents + counted * weights.crowd / 100

    def _hold_shares(self) -> None:
        """What freelancers could do more of than a share allows is dear to leave out; for which
        of it they are asked is decided once the routes are there."""
        self.capped: frozenset[int] = frozenset()
        for cap in self.problem.share_caps:
            members = set(cap.job_ids) - self.problem.committed_ids
            wanted = {job for job in map(self.job_index.__getitem__, members) if self.is_asked[job]}
            if len(wanted) > cap.most:
                self.capped |= wanted
        for job in self.capped:
            self.unserved[job] = self._left_out_cents(self.jobs[job])

    def _left_out_cents(self, job: Job) -> float:
        weights = self.weights
        cents = job.unserved_cents * weights.unserved / 100
        if job.deadline:
            cents += job.deadline.cap_cents * weights.sla_lateness / 100
        delay = max(0, self.problem.horizon_end - (job.earliest_useful or 0))
        cents += delay / 86400 * job.delay_cents_per_day * weights.delay / 100
        if job.promise:
            broken = len(job.promise.technician_ids) * job.promise.technician_cents
            broken += job.promise.window_cents if job.promise.window else 0
            cents += broken * weights.broken_promises / 100
        return cents

    def _rested(self, shift: Shift) -> int:
        """The start, or later where the facts of a shift before have lasted too long."""
        ends = [
            end
            for start, end in self._facts_until.get(shift.technician_id, ())
            if start < shift.start
        ]
        return max([shift.start, *(end + shift.rest_seconds for end in ends)])

    def _find_facts(self) -> dict[str, list[tuple[int, int]]]:
        """By technician, the shifts that have begun: their start, and when their facts are over."""
        found: dict[str, list[tuple[int, int]]] = {}
        for shift in self.problem.shifts:
            if not shift.committed:
                continue
            last = self.place[self.job_index[shift.committed[-1].job_id]]
            home = 0 if shift.end_place is None else self.trip[last, shift.end_place]
            end = max(stop.end for stop in shift.committed) + home
            found.setdefault(shift.technician_id, []).append((shift.start, end))
        return found

    def _pack_shift(self, s: int, shift: Shift) -> PackedShift:
        weights, jobs = self.weights, self.job_index
        committed = tuple(jobs[stop.job_id] for stop in shift.committed)
        ready = max((stop.end for stop in shift.committed), default=self._rested(shift))
        past = sum(1 for b in shift.breaks if committed and b.latest_start < ready)
        travel = sum(stop.travel_seconds for stop in shift.committed)
        fixed = shift.fixed_cents * weights.work / 100
        emitted = shift.co2_grams_per_hour * shift.co2_cents_per_tonne / GRAMS_PER_TONNE
        co2_rate = emitted / 3600 * weights.co2 / 100
        pay, idle = 0.0, 0
        before: int | None = None
        for j, stop in zip(committed, shift.committed, strict=True):
            worked = stop.end - stop.start
            fixed += self.price[j].at(stop.start, s) + self._seat_cents_of(j, s, worked)
            pay += self._pay(shift, worked)
            if before is not None:
                idle += max(0, stop.start - stop.travel_seconds - before)
            before = stop.end
        return PackedShift(
            start=shift.start,
            end=shift.end,
            latest_end=shift.latest_end,
            origin=self.place[committed[-1]] if committed else shift.start_place,
            end_place=-1 if shift.end_place is None else shift.end_place,
            ready=ready,
            breaks=tuple(
                (b.earliest_start, b.latest_start, b.duration_seconds) for b in shift.breaks
            ),
            breaks_past=past,
            committed=committed,
            fixed_travel_seconds=travel,
            fixed_cents=fixed,
            fixed_pay=pay,
            fixed_idle=idle,
            travel_rate=shift.travel_cents_per_hour / 3600 * weights.travel / 100 + co2_rate,
            co2_rate=co2_rate,
            waiting_rate=shift.waiting_cents_per_hour / 3600 * weights.waiting / 100,
            overtime_rate=shift.overtime_cents_per_hour / 3600 * weights.overtime / 100,
            pay_weight=weights.freelance / 100,
            minimum_pay=float(shift.minimum_pay_cents),
            max_travel=NEVER if shift.max_travel_seconds is None else shift.max_travel_seconds,
            max_work=NEVER
            if shift.max_work_seconds is None
            else shift.max_work_seconds - sum(stop.end - stop.start for stop in shift.committed),
            max_jobs=NEVER if shift.max_jobs is None else shift.max_jobs,
            capacity=NEVER
            if shift.capacity is None
            else shift.capacity - sum(self.jobs[j].load for j in committed),
            departs_late=shift.departs_late and not committed,
        )
