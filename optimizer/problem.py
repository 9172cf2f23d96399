"""What is to be decided: shifts, jobs, travel between places and the weights of the terms."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.bond import Bundle, Precedence, Together
from optimizer.crowd import ShareCap
from optimizer.depot import Depot
from optimizer.job import Job
from optimizer.shift import Shift
from optimizer.values import require, require_all_distinct, require_not_negative

UNREACHABLE = 10**8
"""Travel seconds from which a place cannot be reached from another."""


class Travel:
    """Seconds from place to place, read-only; `UNREACHABLE` or more where there is no way."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: Sequence[Sequence[int]] | NDArray[Any]) -> None:
        matrix = np.array(seconds, dtype=np.int32)
        require(
            matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1],
            "Travel seconds form a square.",
        )
        require(bool((matrix >= 0).all()), "Travel seconds are not negative.")
        matrix.setflags(write=False)
        self.seconds: NDArray[np.int32] = matrix

    def __len__(self) -> int:
        return int(self.seconds.shape[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Travel) and np.array_equal(self.seconds, other.seconds)

    def __hash__(self) -> int:
        return hash(self.seconds.tobytes())

    def between(self, origin: int, destination: int) -> int:
        return int(self.seconds[origin, destination])


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term of the objective counts, in percent of its money."""

    unserved: int = 100
    sla_lateness: int = 100
    travel: int = 100
    work: int = 100
    overtime: int = 100
    waiting: int = 100
    freelance: int = 100
    broken_promises: int = 100
    preference: int = 100
    delay: int = 100
    over_qualification: int = 100
    fairness: int = 100
    co2: int = 100
    risk: int = 100
    crowd: int = 100

    def __post_init__(self) -> None:
        require_not_negative("Weights", **{name: getattr(self, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Hours:
    """A technician's shifts that start within [start, end) take at most so much time on the way
    and at work together: what is left of a week, or of the problem's days."""

    technician_id: str
    start: int
    end: int
    max_seconds: int

    def __post_init__(self) -> None:
        require(self.start < self.end, "Hours end after their start.")
        require_not_negative(f"Hours of {self.technician_id}", max_seconds=self.max_seconds)

    def covers(self, shift: Shift) -> bool:
        return shift.technician_id == self.technician_id and self.start <= shift.start < self.end


@dataclass(frozen=True)
class Problem:
    """Shifts, jobs and travel; times count in seconds from `epoch` (UTC timestamp seconds).

    A technician may have several shifts (days), with the rest that each asks for before it. Who
    has `hours` has shifts whose `max_work_seconds` cannot exceed them: so no plan within the
    bounds of single shifts breaks what binds several of them. A committed job stands in
    the committed prefix of as many shifts as it has crew. Precedences (a stay
    counts as one) form no circle; a job stands in one bundle at most, with a crew in none. Share
    caps bound for how many jobs freelancers are asked; a job may stand in several.
    """

    epoch: int
    shifts: tuple[Shift, ...]
    jobs: tuple[Job, ...]
    travel: Travel
    weights: Weights = field(default_factory=Weights)
    hours: tuple[Hours, ...] = ()
    depots: tuple[Depot, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    share_caps: tuple[ShareCap, ...] = ()

    def __post_init__(self) -> None:
        require_all_distinct("Shifts", (shift.id for shift in self.shifts))
        require_all_distinct("Jobs", (job.id for job in self.jobs))
        require_all_distinct("Depots", (depot.id for depot in self.depots))
        self._require_places_known()
        self._require_shifts_apart()
        self._require_hours_shared_out()
        self._require_committed_known()
        self._require_order_without_circle()
        self._require_bundles_apart()
        self._require_shares_known()

    def _require_places_known(self) -> None:
        places = len(self.travel)
        for job in self.jobs:
            require(job.place < places, f"Job {job.id}: its place has no travel times.")
        for shift in self.shifts:
            known = shift.start_place < places and (shift.end_place or 0) < places
            require(known, f"Shift {shift.id}: its places have no travel times.")
            unknown = sorted(set(shift.depots) - self.depot_by_id.keys())
            require(not unknown, f"Shift {shift.id}: there is no depot {', '.join(unknown)}.")
        for depot in self.depots:
            require(depot.place < places, f"Depot {depot.id}: its place has no travel times.")

    def _require_shifts_apart(self) -> None:
        by_technician: dict[str, list[Shift]] = {}
        for shift in self.shifts:
            by_technician.setdefault(shift.technician_id, []).append(shift)
        for shifts in by_technician.values():
            shifts.sort(key=lambda shift: shift.start)
            for first, second in itertools.pairwise(shifts):
                require(
                    first.latest_end <= second.start,
                    f"Shifts {first.id} and {second.id} of one technician overlap.",
                )
                require(
                    first.latest_end + second.rest_seconds <= second.start,
                    f"Shift {second.id} begins without its rest after shift {first.id}.",
                )

    def _require_hours_shared_out(self) -> None:
        for limit in self.hours:
            most = [shift.max_work_seconds for shift in self.shifts if limit.covers(shift)]
            require(
                sum(seconds for seconds in most if seconds is not None) <= limit.max_seconds
                and None not in most,
                f"The shifts of technician {limit.technician_id} may exceed the hours allowed.",
            )

    def _require_committed_known(self) -> None:
        seats: dict[str, int] = {}
        for shift in self.shifts:
            for stop in shift.committed:
                require(
                    stop.job_id in self.job_by_id,
                    f"Shift {shift.id}: committed job {stop.job_id} is not in the problem.",
                )
                seats[stop.job_id] = seats.get(stop.job_id, 0) + 1
        for job_id, taken in seats.items():
            crew_size = self.job_by_id[job_id].crew_size
            require(
                taken == crew_size,
                f"Job {job_id} is committed to {taken} shifts, its crew is {crew_size}.",
            )

    def _require_order_without_circle(self) -> None:
        order: TopologicalSorter[str] = TopologicalSorter()
        for bond in self.precedences:
            for job_id in (bond.before, bond.after):
                require(job_id in self.job_by_id, f"Precedence: job {job_id} is not known.")
            order.add(bond.after, bond.before)
        for bundle in self.bundles:
            if bundle.together is Together.STAY:
                for first, second in itertools.pairwise(bundle.job_ids):
                    order.add(second, first)
        try:
            order.prepare()
        except CycleError as circle:
            raise ValueError(f"Precedences form a circle: {', '.join(circle.args[1])}.") from None

    def _require_bundles_apart(self) -> None:
        bundled = [job_id for bundle in self.bundles for job_id in bundle.job_ids]
        require_all_distinct("Bundles", bundled)
        for job_id in bundled:
            require(job_id in self.job_by_id, f"Bundle: job {job_id} is not known.")
            crew_size = self.job_by_id[job_id].crew_size
            require(crew_size == 1, f"Bundle: job {job_id} has a crew, so no one technician.")
        for bundle in self.bundles:
            if bundle.together is Together.STAY:
                places = {self.job_by_id[job_id].place for job_id in bundle.job_ids}
                require(len(places) == 1, f"Stay of {bundle.job_ids[0]}: its jobs share a place.")

    def _require_shares_known(self) -> None:
        for cap in self.share_caps:
            unknown = sorted(set(cap.job_ids) - self.job_by_id.keys())
            require(not unknown, f"Share {cap.name}: there is no job {', '.join(unknown)}.")

    @cached_property
    def job_by_id(self) -> Mapping[str, Job]:
        return {job.id: job for job in self.jobs}

    @cached_property
    def shift_by_id(self) -> Mapping[str, Shift]:
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def depot_by_id(self) -> Mapping[str, Depot]:
        return {depot.id: depot for depot in self.depots}

    @cached_property
    def committed_ids(self) -> frozenset[str]:
        return frozenset(stop.job_id for shift in self.shifts for stop in shift.committed)

    @cached_property
    def bound_ids(self) -> frozenset[str]:
        """Jobs in a precedence or a bundle."""
        ordered = {key for bond in self.precedences for key in (bond.before, bond.after)}
        return frozenset(ordered.union(*(bundle.job_ids for bundle in self.bundles)))

    @cached_property
    def horizon_end(self) -> int:
        """The latest hard end of any shift; 0 without shifts."""
        return max((shift.latest_end for shift in self.shifts), default=0)
