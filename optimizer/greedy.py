"""A feasible plan at once: jobs in order of urgency, each at its cheapest place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from optimizer.crews import best_crew, seat_crew
from optimizer.state import State


def by_urgency(state: State, jobs: Iterable[int]) -> list[int]:
    """Crews first, then dear before cheap, then those that few shifts can serve."""
    packed = state.packed

    def key(job: int) -> tuple[int, float, int, int]:
        source = packed.jobs[job]
        pinned = source.pin is not None
        return (
            -source.crew_size - pinned,
            -packed.unserved[job],
            len(packed.able[job]),
            job,
        )

    return sorted(jobs, key=key)


def fill(state: State, jobs: Iterable[int], stop: Callable[[], bool] = lambda: False) -> list[int]:
    """Inserts jobs in this order where that is cheaper than leaving them out; who stays out."""
    left: list[int] = []
    for job in jobs:
        if stop() or not insert_best(state, job):
            left.append(job)
    return left


def insert_best(state: State, job: int) -> bool:
    """Puts the job at its best place when that pays; whether it did."""
    packed = state.packed
    if packed.jobs[job].crew_size > 1:
        return _insert_crew(state, job)
    choice = state.best(job)
    if choice is None or choice.cents >= packed.unserved[job]:
        return False
    state.insert(job, choice.shift, choice.position)
    return True


def _insert_crew(state: State, job: int) -> bool:
    """The crew's price is an estimate; what it turns out to cost decides."""
    unserved, before = state.packed.unserved[job], state.total_cents
    crew = best_crew(state, job)
    if crew is None or crew.cents >= unserved or not seat_crew(state, job, crew):
        return False
    if state.total_cents - before >= unserved:
        state.remove(job)
        return False
    return True
