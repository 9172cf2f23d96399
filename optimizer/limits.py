"""When a search stops, and the exact way it went, for doing it again."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.values import require


@dataclass(frozen=True, slots=True)
class Segment:
    """So many iterations from this heat (cents), which is multiplied by `cooling` after each.

    `strings` is how many jobs an iteration takes out, and the longest string of one route.
    """

    iterations: int
    heat: float
    cooling: float
    strings: float


@dataclass(frozen=True, slots=True)
class Round:
    """What each chain did until the next merge; `merge_effort` is what that merge may cost, in
    CP-SAT's deterministic seconds, 0 when there is none."""

    chains: tuple[tuple[Segment, ...], ...]
    merge_effort: float = 0.0

    @property
    def iterations(self) -> int:
        return sum(segment.iterations for chain in self.chains for segment in chain)


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many seconds of wall time, so many iterations a chain, or a plan's own schedule.

    With a schedule or iterations the plan is a function of problem, seed, previous plan and this.
    `chains` search side by side, one thread each.
    """

    seconds: float | None = None
    iterations: int | None = None
    schedule: tuple[Round, ...] | None = None
    chains: int = 1

    def __post_init__(self) -> None:
        given = [self.seconds, self.iterations, self.schedule]
        require(
            sum(limit is not None for limit in given) == 1,
            "A limit names either seconds, iterations or a schedule.",
        )
        require(self.seconds is None or self.seconds > 0, "A limit is above 0 seconds.")
        require(self.iterations is None or self.iterations >= 0, "Iterations are not negative.")
        require(self.chains >= 1, "A search has a chain.")
        require(
            len({len(one.chains) for one in self.schedule or ()}) <= 1,
            "Every round of a schedule has the same chains.",
        )
