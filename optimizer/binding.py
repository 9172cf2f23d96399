"""What binds which jobs, in the indices of the search, and what that leaves for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise

from optimizer.bond import Together
from optimizer.packed import Packed
from optimizer.time_price import NEVER

Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who does a job when: the shifts of the crew, and the end of the last to finish."""

    shifts: tuple[int, ...]
    start: int
    end: int


Seats = Mapping[int, Seat]


@dataclass(frozen=True, slots=True)
class Order:
    """A precedence by job index; without a longest delay it is `NEVER`."""

    before: int
    after: int
    min_delay: int
    max_delay: int


@dataclass(frozen=True, slots=True)
class Leeway:
    """What bonds leave for a job: starts from `low` to `high`, and these shifts."""

    low: int
    high: int
    shifts: tuple[int, ...]

    def cut(self, windows: Iterable[tuple[int, int]]) -> Windows:
        bounds = ((max(start, self.low), min(end, self.high)) for start, end in windows)
        return tuple((start, end) for start, end in bounds if start <= end)

    def within(self, other: Leeway) -> Leeway:
        shifts = tuple(s for s in self.shifts if s in other.shifts)
        return Leeway(max(self.low, other.low), min(self.high, other.high), shifts)


class Bonds:
    """Precedences and bundles of a packed problem, and the groups that they and crews make.

    `facts` are the seats of committed jobs.
    """

    def __init__(self, packed: Packed) -> None:
        problem, index = packed.problem, packed.job_index
        self.packed = packed
        self.befores: dict[int, list[Order]] = defaultdict(list)
        self.afters: dict[int, list[Order]] = defaultdict(list)
        for bond in problem.precedences:
            latest = NEVER if bond.max_delay is None else bond.max_delay
            order = Order(index[bond.before], index[bond.after], bond.min_delay, latest)
            self.befores[order.after].append(order)
            self.afters[order.before].append(order)
        self.bundle: dict[int, tuple[int, ...]] = {}
        self.together: dict[int, Together] = {}
        for bundle in problem.bundles:
            members = tuple(index[job_id] for job_id in bundle.job_ids)
            self.bundle |= dict.fromkeys(members, members)
            self.together |= dict.fromkeys(members, bundle.together)
        self.facts = _facts(packed)
        self.groups = self._groups()
        self.bound = [job for group in self.groups for job in group]
        self.hopes = {job: self._alone(job) for group in self.groups for job in group}
        self._spread_hopes()

    def _groups(self) -> list[tuple[int, ...]]:
        """Jobs bound to each other, those before ahead of those after; a crew alone is one, too."""
        linked: dict[int, set[int]] = {}
        edges = [(o.before, o.after) for orders in self.befores.values() for o in orders]
        edges += [pair for members in set(self.bundle.values()) for pair in pairwise(members)]
        edges += [(j, j) for j, job in enumerate(self.packed.jobs) if job.crew_size > 1]
        for one, other in edges:
            joined = linked.get(one, {one}) | linked.get(other, {other})
            for job in joined:
                linked[job] = joined
        found = {min(group): group for group in linked.values()}
        ranked = (self._in_order(found[first]) for first in sorted(found))
        return [group for group in ranked if group]

    def _in_order(self, group: set[int]) -> tuple[int, ...]:
        """Those that can be seated, each behind what it follows."""
        sorter: TopologicalSorter[int] = TopologicalSorter()
        for job in sorted(group):
            sorter.add(job, *sorted(order.before for order in self.befores.get(job, ())))
            if self.together.get(job) is Together.STAY:
                members = self.bundle[job]
                sorter.add(job, *members[: members.index(job)])
        return tuple(job for job in sorter.static_order() if self._is_seatable(job))

    def _is_seatable(self, job: int) -> bool:
        packed = self.packed
        return job not in self.facts and bool(packed.windows[job]) and bool(len(packed.able[job]))

    def _alone(self, job: int) -> Leeway:
        windows, able = self.packed.windows[job], tuple(self.packed.able[job].tolist())
        return Leeway(windows[0][0], windows[-1][1], able)

    def _spread_hopes(self) -> None:
        """Cuts each job's hope to what leaves the rest of its group a place; a rest that has none
        anyway does not count."""
        for group in self.groups:
            for job in (*group, *reversed(group)):
                mates = [mate for mate in group if mate != job]
                self.hopes[job] = self._hope(job, mates)

    def _hope(self, job: int, mates: list[int]) -> Leeway:
        hope = self.hopes[job]
        for mate in mates:
            leeway = self._beside(job, hope, mate, self.hopes[mate])
            if leeway is not None and leeway.low <= leeway.high and leeway.shifts:
                hope = leeway
        return hope

    def _beside(self, job: int, leeway: Leeway, mate: int, other: Leeway) -> Leeway | None:
        """The leeway left for the job when its mate is somewhere in that other leeway."""
        low, high, shifts = leeway.low, leeway.high, leeway.shifts
        least, most = self._work(job, shifts)
        for order in self.befores.get(job, ()):
            if order.before == mate:
                quickest, slowest = self._work(mate, other.shifts)
                low = max(low, other.low + quickest + order.min_delay)
                high = min(high, other.high + slowest + order.max_delay)
        for order in self.afters.get(job, ()):
            if order.after == mate:
                high = min(high, other.high - order.min_delay - least)
                low = max(low, other.low - order.max_delay - most)
        if mate in self.bundle.get(job, ()):
            own = self.shared(job, other.shifts)
            shifts = tuple(s for s in shifts if s in own)
        return Leeway(low, high, shifts)

    def _work(self, job: int, shifts: Iterable[int]) -> tuple[int, int]:
        work = [self.packed.work[job][s] for s in shifts]
        return min(work), max(work)

    def shared(self, job: int, shifts: Iterable[int]) -> set[int]:
        """The shifts that a bundle's job may have when another is in one of those."""
        if self.together[job] is not Together.TECHNICIAN:
            return set(shifts)
        names = self.packed.technicians
        who = {names[s] for s in shifts}
        return {s for s, name in enumerate(names) if name in who}

    def leeway(self, job: int, seats: Seats, shifts: Iterable[int] | None = None) -> Leeway | None:
        """What the others' seats leave for the job in these shifts, the able ones by default; None
        when a job it follows has no seat.

        Exact for a job that follows; for one that is followed safe, whoever does it.
        """
        leeway = Leeway(
            -NEVER, NEVER, tuple(self.packed.able[job].tolist() if shifts is None else shifts)
        )
        for order in self.befores.get(job, ()):
            seat = seats.get(order.before)
            if seat is None:
                return None
            leeway = leeway.within(
                Leeway(seat.end + order.min_delay, seat.end + order.max_delay, leeway.shifts)
            )
        leeway = self._beside_bundle(job, leeway, seats)
        for order in self.afters.get(job, ()):
            seat = seats.get(order.after)
            if seat is not None and order.after not in self.facts and leeway.shifts:
                least, most = self._work(job, leeway.shifts)
                low, high = (
                    seat.start - order.max_delay - least,
                    seat.start - order.min_delay - most,
                )
                leeway = leeway.within(Leeway(low, high, leeway.shifts))
        return leeway

    def _beside_bundle(self, job: int, leeway: Leeway, seats: Seats) -> Leeway:
        members = self.bundle.get(job, ())
        mates = [mate for mate in members if mate != job and mate in seats]
        facts = [mate for mate in mates if mate in self.facts]
        if mates:
            taken = {s for mate in facts or mates for s in seats[mate].shifts}
            own = self.shared(job, taken)
            leeway = Leeway(leeway.low, leeway.high, tuple(s for s in leeway.shifts if s in own))
        if mates and self.together[job] is Together.STAY and leeway.shifts:
            ahead = [mate for mate in mates if members.index(mate) < members.index(job)]
            behind = [mate for mate in mates if members.index(mate) > members.index(job)]
            if ahead:
                done = seats[ahead[-1]].end
                leeway = leeway.within(Leeway(done, done, leeway.shifts))
            if behind:
                start = seats[behind[0]].start - self._work(job, leeway.shifts)[1]
                leeway = leeway.within(Leeway(start, start, leeway.shifts))
        return leeway

    def is_kept(self, job: int, seats: Seats) -> bool:
        """Whether the job, seated, stands as it should to what it follows and is bundled with."""
        seat = seats[job]
        for order in self.befores.get(job, ()):
            before = seats.get(order.before)
            delay = seat.start - before.end if before else -1
            if not order.min_delay <= delay <= order.max_delay:
                return False
        leeway = self._beside_bundle(job, Leeway(-NEVER, NEVER, seat.shifts), seats)
        return bool(leeway.shifts) and leeway.low <= seat.start <= leeway.high

    def unkept(self, seats: Seats) -> list[int]:
        """Jobs that have to go so that what remains keeps every bond."""
        left, gone = {**self.facts, **seats}, list[int]()
        while broken := [j for j in left if j not in self.facts and not self.is_kept(j, left)]:
            gone.append(broken[-1])
            del left[broken[-1]]
        return gone


def _facts(packed: Packed) -> dict[int, Seat]:
    found: dict[int, Seat] = {}
    for s, shift in enumerate(packed.problem.shifts):
        for stop in shift.committed:
            job = packed.job_index[stop.job_id]
            known = found.get(job, Seat((), stop.start, stop.end))
            ends = max(known.end, stop.end)
            found[job] = Seat((*known.shifts, s), min(known.start, stop.start), ends)
    return found
