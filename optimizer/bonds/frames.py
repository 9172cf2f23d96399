"""The rows of the search's tables that say when and by whom a bound job may be done."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer.annealing.tables import (
    CLOSES,
    FIRST_WINDOW,
    FORBIDDEN,
    OPENS,
    UNSERVED,
    WINDOWS,
    Facts,
)
from optimizer.binding import Leeway
from optimizer.packed import Packed

KEPT_CENTS = 1e12
"""What leaving out a bound job costs the compiled search: more than it ever pays, and less than
what is forbidden."""


class Frames:
    """Narrows windows and shifts, and widens them again."""

    def __init__(self, packed: Packed, facts: Facts) -> None:
        self._packed, self._facts = packed, facts
        self._wide = facts.seats.copy()

    def keep(self, jobs: Iterable[int]) -> None:
        """From now on the compiled search leaves none of these out."""
        self._facts.prices[list(jobs), UNSERVED] = KEPT_CENTS

    def narrow(self, job: int, leeway: Leeway) -> bool:
        """Lets the job be done in that leeway only; whether anything is left of its windows."""
        windows = leeway.cut(self._packed.windows[job])
        row = self._facts.jobs[job]
        first = row[FIRST_WINDOW]
        if not windows or not leeway.shifts:
            return False
        self._facts.windows[first : first + len(windows)] = windows
        row[WINDOWS], row[OPENS], row[CLOSES] = len(windows), windows[0][0], windows[-1][1]
        shifts = list(leeway.shifts)
        self._facts.seats[job] = FORBIDDEN
        self._facts.seats[job, shifts] = self._wide[job, shifts]
        return True
