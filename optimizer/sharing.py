"""For which jobs freelancers are asked where their share does not suffice for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from optimizer.crowd import ShareCap
from optimizer.greedy import by_urgency, fill
from optimizer.state import State


def share_out(state: State, stop: Callable[[], bool]) -> dict[str, str]:
    """Gives the jobs that a share keeps from freelancers, each with the name of the share.

    Whatever saves most is asked for first: a job left out, or one that is taken from its shift
    because freelancers do it for less. Shifts then get what there is room for now.
    """
    packed = state.packed
    if not packed.capped:
        return {}
    rooms = _Rooms(packed.problem.share_caps)
    chosen: set[int] = set()
    while not stop():
        gains = {
            job: _gain(state, job)
            for job in packed.capped - chosen
            if rooms.full(_id(state, job)) is None
        }
        best = max(gains, key=lambda job: (gains[job], -job), default=None)
        if best is None or gains[best] <= 0:
            break
        state.remove(best)
        rooms.take(_id(state, best))
        chosen.add(best)
    _refill(state, packed.capped - chosen, stop)
    withheld = [job for job in sorted(packed.capped - chosen) if not state.seats.get(job)]
    return {key: rooms.full(key) or rooms.first(key) for key in (_id(state, j) for j in withheld)}


def _gain(state: State, job: int) -> float:
    """What asking freelancers for the job saves; below 0 where it must stay on its shift."""
    packed = state.packed
    source = packed.jobs[job]
    if not state.seats.get(job):
        return packed.saved[job]
    if source.is_window_promised or source.id in packed.problem.bound_ids:
        return -1.0
    return state.relief(job) - packed.asked_cents[job]


def _refill(state: State, jobs: Iterable[int], stop: Callable[[], bool]) -> None:
    bound = state.packed.problem.bound_ids
    left = [job for job in jobs if not state.seats.get(job) and _id(state, job) not in bound]
    fill(state, by_urgency(state, left), stop)


def _id(state: State, job: int) -> str:
    return state.packed.jobs[job].id


class _Rooms:
    """How many jobs more each share allows."""

    def __init__(self, caps: Sequence[ShareCap]) -> None:
        self._caps = [(cap.name, frozenset(cap.job_ids)) for cap in caps]
        self._left = [cap.most for cap in caps]

    def take(self, job_id: str) -> None:
        for number, (_, members) in enumerate(self._caps):
            self._left[number] -= job_id in members

    def full(self, job_id: str) -> str | None:
        """The share that has no room for the job."""
        full = (
            name
            for (name, members), left in zip(self._caps, self._left, strict=True)
            if job_id in members and left <= 0
        )
        return next(full, None)

    def first(self, job_id: str) -> str:
        return next(name for name, members in self._caps if job_id in members)
