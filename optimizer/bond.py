"""What binds jobs to each other: an order with delays, or one technician, shift or stay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from optimizer.values import require, require_all_distinct, require_not_negative


@dataclass(frozen=True, slots=True)
class Precedence:
    """`after` starts at least `min_delay` and at most `max_delay` seconds behind the end of
    `before`, by whichever technicians and on whichever days.

    `before` may be planned alone, `after` never without it. Of a crew the last to finish counts.
    """

    before: str
    after: str
    min_delay: int = 0
    max_delay: int | None = None

    def __post_init__(self) -> None:
        name = f"Precedence of {self.before} and {self.after}"
        require(self.before != self.after, f"{name}: no job comes before itself.")
        require_not_negative(name, min_delay=self.min_delay)
        require(
            self.max_delay is None or self.max_delay >= self.min_delay,
            f"{name}: the longest delay is no shorter than the shortest.",
        )


class Together(StrEnum):
    """What the jobs of a bundle share; each includes those above it."""

    TECHNICIAN = "technician"
    SHIFT = "shift"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Jobs for one technician, for one of his shifts, or for one stay at their common site: there
    each starts as the one before it ends, in the order of `job_ids`, without a break between.

    A bundle may be served in part: then those that are planned share it.
    """

    job_ids: tuple[str, ...]
    together: Together = Together.TECHNICIAN

    def __post_init__(self) -> None:
        require(len(self.job_ids) > 1, "A bundle has two jobs or more.")
        require_all_distinct("Bundle", self.job_ids)
