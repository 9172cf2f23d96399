"""What happened to one machine: errors, replacements and failures, and when it is judged."""

from __future__ import annotations

from dataclasses import dataclass

HORIZON_HOURS = 24.0
LOOK_AFTER_HOURS = 1.0
"""A machine is judged one hour after an error: what happened at that very hour is known then."""

Events = tuple[tuple[float, str], ...]
"""Hours since some beginning, and what happened; in order of time."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What is known of one machine; hours count from one midnight for all."""

    name: str
    model: str
    age_years: float
    errors: Events
    replacements: Events
    failures: Events

    def looks(self) -> list[float]:
        """The hours at which it is judged."""
        return sorted({hour + LOOK_AFTER_HOURS for hour, _ in self.errors})

    def fails_after(self, hour: float) -> bool:
        return any(hour < failed <= hour + HORIZON_HOURS for failed, _ in self.failures)
