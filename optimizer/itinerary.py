"""From the search's routes to a plan with every time in it."""

from __future__ import annotations

from optimizer.packed import Packed
from optimizer.plan import BreakTaken, DepotPass, Route, Stop
from optimizer.state import State
from optimizer.timing import Timing, time_route


def routes_of(state: State) -> tuple[Route, ...]:
    """One route per used shift, in the order of the problem's shifts."""
    used = range(len(state.routes))
    routes = (route_of(state.packed, s, state.routes[s], state.fixed) for s in used)
    return tuple(route for route in routes if route is not None)


def route_of(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> Route | None:
    """The shift's route at its earliest times, leaving the start place as late as that allows.

    None when the shift is unused. Raises ValueError when the stops do not fit.
    """
    shift = packed.shifts[s]
    committed = _committed_stops(packed, s)
    if not route:
        return _facts_alone(packed, s, committed) if committed else None
    timing = time_route(packed, s, route, fixed)
    if timing is None:
        raise ValueError(f"The stops of shift {packed.problem.shifts[s].id} do not fit.")
    walk = _Walk(packed, s, route, timing)
    departure = committed[0].start - committed[0].travel_seconds if committed else walk.departure
    return Route(
        shift_id=packed.problem.shifts[s].id,
        departure=departure,
        stops=(*committed, *walk.stops),
        end=timing.end,
        return_travel_seconds=timing.travel_seconds
        - shift.fixed_travel_seconds
        - sum(stop.travel_seconds for stop in walk.stops)
        - (walk.depot_pass.travel_seconds if walk.depot_pass else 0),
        breaks=tuple(walk.breaks),
        depot_pass=walk.depot_pass,
    )


def _committed_stops(packed: Packed, s: int) -> tuple[Stop, ...]:
    return tuple(
        Stop(done.job_id, done.start, done.start, done.end, done.travel_seconds)
        for done in packed.problem.shifts[s].committed
    )


def _facts_alone(packed: Packed, s: int, committed: tuple[Stop, ...]) -> Route:
    shift = packed.shifts[s]
    trip = packed.trip[shift.origin, shift.end_place] if shift.end_place >= 0 else 0
    return Route(
        shift_id=packed.problem.shifts[s].id,
        departure=committed[0].start - committed[0].travel_seconds,
        stops=committed,
        end=shift.ready + trip,
        return_travel_seconds=trip,
    )


class _Walk:
    """Goes along the route and places breaks and arrivals between the known starts."""

    def __init__(self, packed: Packed, s: int, route: list[int], timing: Timing) -> None:
        self._shift = packed.shifts[s]
        self._taken = self._shift.breaks_past
        self.stops: list[Stop] = []
        self.breaks: list[BreakTaken] = []
        self.depot_pass: DepotPass | None = None
        self.departure = self._shift.ready
        place, free = self._shift.origin, self._shift.ready
        for position, job in enumerate(route):
            trip = packed.trip[place, packed.place[job]]
            start = timing.starts[position]
            arrival = self._travel(free, trip, timing.breaks_before[position])
            if position == 0 and not self._shift.committed:
                arrival = self._depart_late(start, trip)
            free, place = start + packed.work[job][s], packed.place[job]
            depot = packed.depot(job)
            if depot is not None:
                reached = len(self._shift.committed) + len(self.stops)
                self.depot_pass = DepotPass(depot.id, reached, start, free, trip)
            else:
                self.stops.append(Stop(packed.jobs[job].id, arrival, start, free, trip))
        trip = packed.trip[place, self._shift.end_place] if self._shift.end_place >= 0 else 0
        self._travel(free, trip, timing.breaks_at_end)
        self._travel(timing.end, 0, len(self._shift.breaks))

    def _travel(self, free: int, trip: int, taken_after: int) -> int:
        """Takes the breaks up to that count as early as they can be; the arrival."""
        left, arrival = trip, free + trip
        for b in range(self._taken, taken_after):
            earliest, _, duration = self._shift.breaks[b]
            start = max(free, earliest)
            driven = min(left, start - free)
            left -= driven
            if left:
                arrival = start + duration + left
            free = start + duration
            self.breaks.append(BreakTaken(b, start, free))
        self._taken = taken_after
        return arrival

    def _depart_late(self, start: int, trip: int) -> int:
        """Leaves the start place just in time for the first stop; its arrival."""
        self.departure = start - trip
        for pause in reversed(self.breaks):
            if pause.end > self.departure:
                self.departure -= pause.end - pause.start
        return start
