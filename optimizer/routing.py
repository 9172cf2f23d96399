"""The plan as an OR-Tools routing model, started from a state and read back into it.

The model prices seats, travel, overtime, fixed cost and leaving out exactly; of the prices of
time it takes one line per job: lateness behind the deadline without cap, else delay, else the
soft window's end. Crews stay as the state has them. What comes back is timed and priced by the
state, and only taken when it is cheaper there, so the model's simplifications cannot do harm.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimizer.state import State
from optimizer.time_price import NEVER

CENT = 100
"""Units of the model's cost per cent."""
LONGEST = 2**40


@dataclass(frozen=True, slots=True)
class Node:
    """A job for one technician, or a bound job's seat that is fixed to a shift and a start."""

    job: int
    shift: int | None = None
    start: int | None = None


class RoutingModel:
    """Built once per solve; `improve` may be called on states of the same packed problem."""

    def __init__(self, state: State) -> None:
        self._state, self._packed = state, state.packed
        self._nodes = self._list_nodes()
        self._places = self._list_places()
        shifts, jobs = len(self._packed.shifts), len(self._nodes)
        self._manager = pywrapcp.RoutingIndexManager(
            jobs + 2 * shifts,
            shifts,
            list(range(jobs, jobs + shifts)),
            list(range(jobs + shifts, jobs + 2 * shifts)),
        )
        self._model = pywrapcp.RoutingModel(self._manager)
        self._trips = self._list_trips()
        self._price_travel()
        self._add_time()
        self._price_seats()
        self._limit_shifts()
        for index, node in enumerate(self._nodes):
            self._add_node(index, node)

    def _list_nodes(self) -> list[Node]:
        packed, committed = self._packed, self._packed.problem.committed_ids
        nodes: list[Node] = []
        for job, source in enumerate(packed.jobs):
            if source.id in committed or job in packed.passes:
                continue
            if source.crew_size > 1 or source.id in packed.problem.bound_ids:
                start = self._state.fixed.get(job)
                nodes.extend(Node(job, s, start) for s in self._state.seats.get(job, ()))
            elif len(packed.able[job]) and packed.windows[job]:
                nodes.append(Node(job))
        return nodes

    def _list_places(self) -> NDArray[np.int64]:
        packed = self._packed
        places = [packed.place[node.job] for node in self._nodes]
        places += [shift.origin for shift in packed.shifts]
        places += [max(shift.end_place, 0) for shift in packed.shifts]
        return np.array(places, dtype=np.int64)

    def _list_trips(self) -> NDArray[np.int64]:
        """Seconds between nodes; to an end without place, and along an unused shift, 0."""
        packed, jobs = self._packed, len(self._nodes)
        shifts = len(packed.shifts)
        trips = packed.matrix[np.ix_(self._places, self._places)].astype(np.int64)
        for s, shift in enumerate(packed.shifts):
            if shift.end_place < 0:
                trips[:, jobs + shifts + s] = 0
            trips[jobs + s, jobs + shifts + s] = 0
        return trips

    def _price_travel(self) -> None:
        evaluators: dict[float, int] = {}
        for s, shift in enumerate(self._packed.shifts):
            if shift.travel_rate not in evaluators:
                cost = np.rint(self._trips * shift.travel_rate * CENT).astype(np.int64)
                evaluators[shift.travel_rate] = self._model.RegisterTransitMatrix(cost.tolist())
            self._model.SetArcCostEvaluatorOfVehicle(evaluators[shift.travel_rate], s)
            self._model.SetFixedCostOfVehicle(round(shift.fixed_cents * CENT), s)

    def _add_time(self) -> None:
        """The start of work, or the time at an end, along each route; with breaks and overtime."""
        packed = self._packed
        by_work: dict[bytes, int] = {}
        evaluators: list[int] = []
        for s in range(len(packed.shifts)):
            work = self._work(s)
            if (key := work.tobytes()) not in by_work:
                spent = self._trips + work[:, None]
                by_work[key] = self._model.RegisterTransitMatrix(spent.tolist())
            evaluators.append(by_work[key])
        horizon = max(shift.latest_end for shift in packed.shifts)
        first = min(0, *(shift.ready for shift in packed.shifts))
        self._origin = first
        self._model.AddDimensionWithVehicleTransits(
            evaluators, horizon - first, horizon - first, False, "time"
        )
        self._time = self._model.GetDimensionOrDie("time")
        if any(shift.max_work < NEVER for shift in packed.shifts):
            fixed = [shift.fixed_travel_seconds for shift in packed.shifts]
            most = [s.max_work - gone for s, gone in zip(packed.shifts, fixed, strict=True)]
            most = [min(max(seconds, 0), LONGEST) for seconds in most]
            self._model.AddDimensionWithVehicleTransitAndCapacity(evaluators, 0, most, True, "work")
        for s, packed_shift in enumerate(packed.shifts):
            start, end = self._model.Start(s), self._model.End(s)
            latest = max(packed_shift.latest_end, packed_shift.ready) - first
            self._time.CumulVar(start).SetRange(packed_shift.ready - first, latest)
            self._time.CumulVar(end).SetRange(packed_shift.ready - first, latest)
            if packed_shift.overtime_rate and packed_shift.latest_end > packed_shift.end:
                rate = round(packed_shift.overtime_rate * CENT)
                self._time.SetCumulVarSoftUpperBound(end, packed_shift.end - first, rate)
            self._add_breaks(s)

    def _work(self, s: int) -> NDArray[np.int64]:
        work = np.zeros(len(self._places), dtype=np.int64)
        work[: len(self._nodes)] = [self._packed.work[node.job][s] for node in self._nodes]
        return work

    def _add_breaks(self, s: int) -> None:
        solver, shift = self._model.solver(), self._packed.shifts[s]
        pauses = [
            solver.FixedDurationIntervalVar(
                max(earliest, shift.ready) - self._origin,
                latest - self._origin,
                duration,
                False,
                f"break {b} of {s}",
            )
            for b, (earliest, latest, duration) in enumerate(shift.breaks)
            if b >= shift.breaks_past
        ]
        if pauses:
            self._time.SetBreakIntervalsOfVehicle(pauses, s, self._work(s).tolist())

    def _price_seats(self) -> None:
        """What each technician costs on each job, as the length of a dimension of its own."""
        jobs, ends = len(self._nodes), [0] * (2 * len(self._packed.shifts))
        cents = np.array([self._packed.seat_cents[node.job] for node in self._nodes])
        if not jobs or not cents.any():
            return
        units = np.rint(cents * CENT).astype(np.int64)
        vectors: dict[bytes, int] = {}
        evaluators: list[int] = []
        for s in range(len(self._packed.shifts)):
            key = units[:, s].tobytes()
            if key not in vectors:
                vector = units[:, s].tolist() + ends
                vectors[key] = self._model.RegisterUnaryTransitVector(vector)
            evaluators.append(vectors[key])
        self._model.AddDimensionWithVehicleTransits(evaluators, 0, LONGEST, True, "seats")
        self._model.GetDimensionOrDie("seats").SetSpanCostCoefficientForAllVehicles(1)

    def _limit_shifts(self) -> None:
        shifts = self._packed.shifts
        if any(shift.max_jobs < NEVER for shift in shifts):
            ones = [1] * len(self._nodes) + [0] * (2 * len(shifts))
            most = [min(max(s.max_jobs - len(s.committed), 0), len(self._nodes)) for s in shifts]
            count = self._model.RegisterUnaryTransitVector(ones)
            self._model.AddDimensionWithVehicleCapacity(count, 0, most, True, "jobs")
        if any(shift.capacity < NEVER for shift in shifts):
            loads = [self._packed.jobs[node.job].load for node in self._nodes]
            load = self._model.RegisterUnaryTransitVector([*loads, *[0] * (2 * len(shifts))])
            most = [min(max(s.capacity, 0), LONGEST) for s in shifts]
            self._model.AddDimensionWithVehicleCapacity(load, 0, most, True, "load")
        if any(shift.max_travel < NEVER for shift in shifts):
            trips = self._model.RegisterTransitMatrix(self._trips.tolist())
            most = [min(max(s.max_travel - s.fixed_travel_seconds, 0), LONGEST) for s in shifts]
            self._model.AddDimensionWithVehicleCapacity(trips, 0, most, True, "travel")

    def _add_node(self, node_number: int, node: Node) -> None:
        index, packed = self._manager.NodeToIndex(node_number), self._packed
        if node.shift is not None and node.start is not None:
            self._model.VehicleVar(index).SetValue(node.shift)
            self._time.CumulVar(index).SetValue(node.start - self._origin)
            return
        self._model.AddDisjunction([index], round(packed.unserved[node.job] * CENT))
        able = packed.able[node.job].tolist()
        if len(able) < len(packed.shifts):
            self._model.VehicleVar(index).SetValues([-1, *able])
        self._bound_start(index, packed.windows[node.job])
        self._price_start(index, node.job)

    def _bound_start(self, index: int, windows: tuple[tuple[int, int], ...]) -> None:
        cumul = self._time.CumulVar(index)
        first, last = max(windows[0][0], self._origin), min(windows[-1][1], NEVER)
        last = min(last - self._origin, cumul.Max())
        cumul.SetRange(min(max(first - self._origin, 0), last), last)
        for (_, end), (start, _) in itertools.pairwise(windows):
            cumul.RemoveInterval(end + 1 - self._origin, start - 1 - self._origin)

    def _price_start(self, index: int, job: int) -> None:
        price = self._packed.price[job]
        lines = (
            (price.due, price.late_rate),
            (price.delay_from, price.delay_rate),
            (price.soft_end, price.soft_rate),
        )
        for bound, rate in lines:
            units = round(rate * CENT)
            if units:
                self._time.SetCumulVarSoftUpperBound(index, bound - self._origin, units)
                return

    def improve(self, seconds: float | None, solutions: int | None) -> list[list[int]] | None:
        """Routes (job indices by shift) found from the state's, or None."""
        parameters = self._parameters(seconds, solutions)
        self._model.CloseModelWithParameters(parameters)
        start = self._model.ReadAssignmentFromRoutes(self._start_routes(), True)
        if start is None:
            return None
        found = self._model.SolveFromAssignmentWithParameters(start, parameters)
        return None if found is None else self._read(found)

    def _parameters(self, seconds: float | None, solutions: int | None) -> Any:
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.local_search_metaheuristic = metaheuristic
        if seconds is not None:
            parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
        if solutions is not None:
            parameters.solution_limit = solutions
        return parameters

    def _start_routes(self) -> list[list[int]]:
        number = {(node.job, node.shift): k for k, node in enumerate(self._nodes)}
        return [
            [number.get((job, None), number.get((job, s), -1)) for job in route]
            for s, route in enumerate(self._state.routes)
        ]

    def _read(self, found: Any) -> list[list[int]]:
        routes: list[list[int]] = []
        for s in range(len(self._packed.shifts)):
            route: list[int] = []
            index = found.Value(self._model.NextVar(self._model.Start(s)))
            while not self._model.IsEnd(index):
                route.append(self._nodes[self._manager.IndexToNode(index)].job)
                index = found.Value(self._model.NextVar(index))
            routes.append(route)
        return routes
