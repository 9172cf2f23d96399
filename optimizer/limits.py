"""When a search stops."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.values import require


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many seconds of wall time, at most so many iterations; at least one is given.

    With iterations alone the plan is a function of problem, seed and iterations.
    """

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        require(
            self.seconds is not None or self.iterations is not None,
            "A limit names seconds or iterations.",
        )
        require(self.seconds is None or self.seconds > 0, "A limit is above 0 seconds.")
        require(self.iterations is None or self.iterations >= 0, "Iterations are not negative.")
