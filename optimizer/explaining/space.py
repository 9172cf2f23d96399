"""One shift with what it does, packed: what every question about it begins with."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TypeAlias

from optimizer.explaining.pieces import Cents, Pieces, Routes, plan_of, standing
from optimizer.job import Job
from optimizer.packed import Packed
from optimizer.plan import Route
from optimizer.problem import Problem
from optimizer.shift import Shift
from optimizer.state import State
from optimizer.supply import jobs_of


class Space:
    """A shift with its route, to which a job is added for a moment; for one question at a time."""

    def __init__(self, pieces: Pieces, shift: Shift, route: Route | None) -> None:
        self._mark = _mark(pieces, shift, route)
        self.shift = shift
        self.before: Routes = {shift.id: route}
        self.stops = list(route.stops) if route else []
        whole = pieces.problem
        small = Problem(
            *(whole.epoch, (shift,), tuple(_others(pieces, shift, route))),
            *(whole.travel, whole.weights),
            depots=whole.depots,
        )
        self.packed = Packed(small)
        plan = plan_of(small, self.before)
        self.state = State.of_plan(self.packed, plan)
        kept = len(jobs_of(self.packed, self.state.routes[0])) + len(shift.committed)
        self.is_sound = kept == len(self.stops)
        if not self.is_sound:  # people have forced what does not go: nothing of it moves
            self.state = State.of_plan(self.packed, plan, keep_times=True)
        self._money: Cents | None = None

    def is_of(self, pieces: Pieces, shift: Shift, route: Route | None) -> bool:
        """Whether it would be made the same way."""
        return self._mark == _mark(pieces, shift, route)

    def money(self, pieces: Pieces) -> Cents:
        """What the route costs as it is."""
        if self._money is None:
            self._money = pieces.money(self.before, (), [self.shift])
        return self._money


Spaces: TypeAlias = "MutableMapping[str, Space]"
"""By shift. Who asks takes one out and puts it back, so that threads never share one."""


def _mark(pieces: Pieces, shift: Shift, route: Route | None) -> tuple[object, ...]:
    """Everything that a space and its money are made from."""
    whole, own = pieces.problem, _own(shift, route)
    return (
        *(shift, route, whole.epoch, whole.travel, whole.weights, whole.depots),
        [whole.job_by_id[job_id] for job_id in own],
        [job_id in whole.bound_ids for job_id in own],
    )


def _own(shift: Shift, route: Route | None) -> list[str]:
    planned = [stop.job_id for stop in route.stops] if route else []
    return list(dict.fromkeys([*planned, *(stop.job_id for stop in shift.committed)]))


def _others(pieces: Pieces, shift: Shift, route: Route | None) -> Iterator[Job]:
    whole = pieces.problem
    starts = {stop.job_id: stop.start for stop in route.stops} if route else {}
    for job_id in _own(shift, route):
        is_bound = job_id in starts and job_id in whole.bound_ids
        yield standing(whole.job_by_id[job_id], starts.get(job_id), is_bound=is_bound)
