"""For which jobs freelancers are asked where their share does not suffice for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations

from optimizer.greedy import by_urgency, fill
from optimizer.state import State

MOST_LOOKED = 12_000
"""Jobs looked at, to be asked for or placed, beyond the first choice: a third of a second at 1,000
jobs, after the limit of the search."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """The jobs asked for, the routes that go with them, and what all that costs."""

    asked: frozenset[int]
    routes: tuple[list[int], ...]
    cents: float


def share_out(state: State, stop: Callable[[], bool]) -> dict[str, str]:
    """Gives the jobs that a share keeps from freelancers, each with the name of the share.

    Whatever saves most is asked for first: a job left out, or one that is taken from its shift
    because freelancers do it for less. Shifts then get what there is room for now. After that one
    job after the other, and two at a time, is asked for that was not, or not asked for that was,
    and the rest chosen anew, as long as the plan gets cheaper.
    """
    if not state.packed.capped:
        return {}
    sharing = _Sharing(state, stop)
    best, is_better = sharing.choose(frozenset()), True
    sharing.looked = 0
    while is_better:
        is_better = False
        for found in sharing.others(best):
            if found.cents < best.cents - 1e-6:
                best, is_better = found, True
                break
    sharing.put(best)
    return sharing.withheld(best)


class _Sharing:
    def __init__(self, state: State, stop: Callable[[], bool]) -> None:
        self._state, self._stop, self.looked = state, stop, 0
        packed, problem = state.packed, state.packed.problem
        held = problem.bound_ids | problem.committed_ids
        self._free = [
            number
            for number, job in enumerate(problem.jobs)
            if job.id not in held and job.crew_size == 1
        ]
        self._caps = [
            (cap.name, frozenset(packed.job_index[key] for key in cap.job_ids), cap.most)
            for cap in problem.share_caps
        ]

    def choose(self, asked: frozenset[int], refused: frozenset[int] = frozenset()) -> _Choice:
        """Asks for these and what else saves most, for none of those refused; shifts get the rest
        as far as they have room."""
        state, packed, chosen = self._state, self._state.packed, set(asked)
        for job in chosen:
            state.remove(job)
        while not self._stop():
            open_to = packed.capped - chosen - refused
            gains = {job: self._gain(job) for job in open_to if not self._full(job, chosen)}
            self.looked += len(gains)
            best = max(gains, key=lambda job: (gains[job], -job), default=None)
            if best is None or gains[best] <= 0:
                break
            state.remove(best)
            chosen.add(best)
        left = [job for job in self._free if not state.seats.get(job) and job not in chosen]
        self.looked += len(left)
        fill(state, by_urgency(state, left), self._stop)
        cents = state.total_cents + sum(
            packed.asked_cents[job] if job in chosen else packed.unserved[job]
            for job in packed.capped.union(self._free)
            if not state.seats.get(job)
        )
        return _Choice(frozenset(chosen), tuple(state.routes), cents)

    def others(self, best: _Choice) -> Iterator[_Choice]:
        """Those in which one job, or two, are asked for or not, other than in the best."""
        ones = sorted(self._state.packed.capped)
        for turned in chain(combinations(ones, 1), combinations(ones, 2)):
            if self._stop() or self.looked >= MOST_LOOKED:
                return
            self.put(best)
            refused = best.asked.intersection(turned)
            asked = best.asked - refused
            for job in refused.symmetric_difference(turned):
                asked = self._with(job, asked) if self._may_be_asked(job) else asked
            if asked != best.asked:
                yield self.choose(asked, refused)

    def put(self, choice: _Choice) -> None:
        for s, route in enumerate(choice.routes):
            if route != self._state.routes[s]:
                self._state.set_route(s, route)

    def withheld(self, choice: _Choice) -> dict[str, str]:
        """By job, a share that keeps it from freelancers."""
        state = self._state
        packed = state.packed
        left = (job for job in packed.capped - choice.asked if not state.seats.get(job))
        return {
            packed.jobs[job].id: next(iter(self._full(job, choice.asked)), self._first(job))
            for job in sorted(left)
        }

    def _gain(self, job: int) -> float:
        """What asking freelancers for the job saves; below 0 where it must stay on its shift."""
        state, packed = self._state, self._state.packed
        if not state.seats.get(job):
            return packed.saved[job]
        return state.relief(job) - packed.asked_cents[job] if self._may_leave(job) else -1.0

    def _may_be_asked(self, job: int) -> bool:
        return not self._full(job, frozenset()) and self._may_leave(job)

    def _may_leave(self, job: int) -> bool:
        """Whether the job is on no shift, or need not stay there."""
        state, source = self._state, self._state.packed.jobs[job]
        is_held = source.is_window_promised or source.id in state.packed.problem.bound_ids
        return not (is_held and state.seats.get(job))

    def _with(self, job: int, asked: frozenset[int]) -> frozenset[int]:
        """One more, without those in its way that save least."""
        saved = self._state.packed.saved
        while full := self._full(job, asked):
            members = next(members for name, members, _ in self._caps if name == full[0])
            asked -= {min(asked & members, key=lambda other: (saved[other], other))}
        return asked | {job}

    def _full(self, job: int, asked: frozenset[int] | set[int]) -> list[str]:
        """The shares that have no room for the job beside those."""
        return [
            name
            for name, members, most in self._caps
            if job in members and len(members & asked) >= most
        ]

    def _first(self, job: int) -> str:
        return next(name for name, members, _ in self._caps if job in members)
