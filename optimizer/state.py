"""A plan under construction: routes by shift, what they cost, and where one more job fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.binding import Bonds, Seat
from optimizer.fetching import supplied
from optimizer.gaps import Gaps, GapsOfRoute, Places, Times
from optimizer.packed import Packed
from optimizer.plan import Plan, Route
from optimizer.pricing import price_route
from optimizer.supply import jobs_of
from optimizer.terms import Terms, route_terms
from optimizer.time_price import NEVER

TRIED_FOR_NEEDS = 10
"""Times as many places are priced for a job with parts or tools, as they are not looked for."""
REMEMBERED = 20_000
"""Routes whose price and gaps are kept: most moves of a search are taken back."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One priced place: the exact change of cost."""

    shift: int
    position: int
    earliest: int
    latest: int
    cents: float


class State:
    """Routes (job indices behind the committed stops) and the starts that are fixed: those of
    crews and other bound jobs, or with `keep_times` all of them."""

    def __init__(self, packed: Packed, *, keep_times: bool = False) -> None:
        shifts = len(packed.shifts)
        self.packed = packed
        self.keep_times = keep_times
        self.routes: list[list[int]] = [[] for _ in range(shifts)]
        self.cents: list[float | None] = [0.0] * shifts
        self.fixed: dict[int, int] = {}
        self.seats: dict[int, list[int]] = {}
        self._gaps = Gaps(packed)
        self._known_prices: dict[tuple[int, ...], float | None] = {}
        self._known_gaps: dict[tuple[int, ...], GapsOfRoute] = {}
        self._known_terms: dict[tuple[int, ...], Terms | None] = {}
        for s in range(shifts):
            self.set_route(s, [])

    @classmethod
    def of_plan(cls, packed: Packed, plan: Plan, *, keep_times: bool = False) -> State:
        """The plan's routes. With `keep_times` each start stays as it is, feasible or not;
        otherwise jobs that no longer fit their route are left out."""
        state = cls(packed, keep_times=keep_times)
        index = {shift.id: s for s, shift in enumerate(packed.problem.shifts)}
        for route in plan.routes:
            s = index.get(route.shift_id)
            if s is None:
                continue
            committed = set(packed.shifts[s].committed)
            wanted = []
            for position, stop in enumerate(route.stops):
                wanted += _pass_before(packed, s, route, position)
                job = packed.job_index.get(stop.job_id)
                if job is None or job in committed:
                    continue
                crew_size = packed.jobs[job].crew_size
                if keep_times or crew_size > 1 or stop.job_id in packed.problem.bound_ids:
                    state.fixed[job] = stop.start
                wanted.append(job)
            state._take_over(s, wanted)
        if not keep_times:
            state._drop_broken_crews()
            state._drop_broken_bonds()
        return state

    def _take_over(self, s: int, wanted: list[int]) -> None:
        able = self.packed.able
        if self.keep_times or (
            all(s in able[job] and not self.seats.get(job) for job in wanted)
            and price_route(self.packed, s, wanted, self.fixed) is not None
        ):
            self.set_route(s, wanted)
            return
        kept: list[int] = []
        for job in wanted:
            taken = len(self.seats.get(job, [])) >= self.packed.jobs[job].crew_size
            if s not in able[job] or taken or job in kept:
                continue
            if price_route(self.packed, s, [*kept, job], self.fixed) is not None:
                kept.append(job)
        self.set_route(s, supplied(self.packed, s, kept, self.fixed))

    def _drop_broken_crews(self) -> None:
        for job in list(self.fixed):
            crew = self.seats.get(job, [])
            names = {self.packed.technicians[s] for s in crew}
            pin = self.packed.jobs[job].pin
            pinned = pin is None or pin.technician_id is None or pin.technician_id in names
            admitted = self.packed.jobs[job].admits_start(self.fixed[job])
            if len(names) != self.packed.jobs[job].crew_size or not pinned or not admitted:
                self.remove(job)

    def _drop_broken_bonds(self) -> None:
        bonds = Bonds(self.packed)
        for job in bonds.unkept(self.seats_of(bonds.bound)):
            self.remove(job)

    def seats_of(self, jobs: Iterable[int]) -> dict[int, Seat]:
        """Who does which of these jobs when, as far as their starts are fixed."""
        found: dict[int, Seat] = {}
        for job in jobs:
            if job in self.fixed and self.seats.get(job):
                start, shifts = self.fixed[job], tuple(self.seats[job])
                ends = max(start + self.packed.work[job][s] for s in shifts)
                found[job] = Seat(shifts, start, ends)
        return found

    @property
    def total_cents(self) -> float:
        """Cost of all routes that are feasible; jobs left out are not in it."""
        return sum(cents for cents in self.cents if cents is not None)

    def set_route(self, s: int, route: list[int]) -> None:
        """Puts the route in place of the shift's present one."""
        for job in self.routes[s]:
            if job not in route and job not in self.packed.passes:
                self.seats[job].remove(s)
        for job in jobs_of(self.packed, route):
            seats = self.seats.setdefault(job, [])
            if s not in seats:
                seats.append(s)
        self.routes[s] = route
        self.cents[s] = self._price_route(s, route)
        self._gaps.put(s, self._gaps_of(s, route))

    def insert(self, job: int, s: int, position: int) -> None:
        self.set_route(s, self.with_job(job, s, position))

    def with_job(self, job: int, s: int, position: int) -> list[int]:
        """The route with the job there, and with the pass of a depot that it then needs."""
        route = self.routes[s]
        wanted = [*route[:position], job, *route[position:]]
        return supplied(self.packed, s, wanted, self.fixed)

    def remove(self, job: int) -> None:
        """Takes the job out of every route it is in."""
        for s in list(self.seats.get(job, [])):
            kept = [other for other in self.routes[s] if other != job]
            self.set_route(s, supplied(self.packed, s, kept, self.fixed))
        self.fixed.pop(job, None)

    def relief(self, job: int) -> float:
        """What taking a job of one seat out of its route saves."""
        [s] = self.seats[job]
        kept = supplied(self.packed, s, [j for j in self.routes[s] if j != job], self.fixed)
        return (self.cents[s] or 0.0) - (self._price_route(s, kept) or 0.0)

    def _key(self, s: int, route: list[int]) -> tuple[int, ...]:
        if not self.fixed:
            return (s, *route)
        return (s, *route, *(self.fixed.get(job, -NEVER) for job in route))

    def _price_route(self, s: int, route: list[int]) -> float | None:
        """As `price_route`, from memory when it was asked before."""
        key, known = self._key(s, route), self._known_prices
        if key not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = price_route(self.packed, s, route, self.fixed)
        return known[key]

    def _gaps_of(self, s: int, route: list[int]) -> GapsOfRoute:
        key, known = self._key(s, route), self._known_gaps
        found = known.get(key)
        if found is None:
            if len(known) >= REMEMBERED:
                known.clear()
            facts = self.keep_times
            found = known[key] = GapsOfRoute.of(self.packed, s, route, self.fixed, facts=facts)
        return found

    def terms(self, s: int) -> Terms | None:
        """What the shift's route costs by term, not to be changed; None when it is infeasible."""
        key, known = self._key(s, self.routes[s]), self._known_terms
        if key not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = route_terms(self.packed, s, self.routes[s], self.fixed)
        return known[key]

    def places(self, job: int, shifts: Times | None = None) -> Places:
        """Every feasible place for the job among these shifts (all able ones by default)."""
        return self._gaps.places(job, self.packed.able[job] if shifts is None else shifts)

    def price(self, job: int, s: int, position: int) -> float | None:
        """The exact change of cost when the job goes there; None when it does not fit."""
        now, then = self.cents[s], self._price_route(s, self.with_job(job, s, position))
        return None if then is None or now is None else then - now

    def best(self, job: int, most: int = 4, shifts: Times | None = None) -> Choice | None:
        """The cheapest of the `most` places that look cheapest, exactly priced."""
        found = self.places(job, shifts)
        most *= TRIED_FOR_NEEDS if self.packed.needs[job] else 1
        chosen: Choice | None = None
        tried: set[tuple[int, int]] = set()
        for k in range(len(found)):
            place = (int(found.shift[k]), int(found.position[k]))
            if place in tried:
                continue
            if len(tried) >= most:
                break
            tried.add(place)
            cents = self.price(job, *place)
            if cents is not None and (chosen is None or cents < chosen.cents):
                chosen = Choice(*place, int(found.earliest[k]), int(found.latest[k]), cents)
        return chosen


def _pass_before(packed: Packed, s: int, route: Route, position: int) -> list[int]:
    """The pass of a depot before that stop, if it is one that the shift may make."""
    fetching = route.depot_pass
    if fetching is None or fetching.position != position:
        return []
    depots = (depot.id for depot in packed.problem.depots)
    found = dict(zip(depots, packed.passes, strict=True)).get(fetching.depot_id)
    return [found] if found is not None and s in packed.able[found] else []
