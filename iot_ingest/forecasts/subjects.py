"""What a model looks at: metrics, and how their readings become cases; plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """Readings of `metrics` are averaged over a `cycle`, or are errors where they are not zero.

    A life ends with the repair of `fault_class` (None: of any fault). Without metrics repairs are
    all that is looked at.
    """

    metrics: tuple[str, ...]
    cycle: timedelta = HOUR
    fault_class: str | None = None

    def __post_init__(self) -> None:
        if self.cycle < timedelta(minutes=1):
            raise ValueError("A cycle lasts at least a minute.")

    def to_json(self) -> dict[str, Any]:
        return {
            "metrics": list(self.metrics),
            "cycle_seconds": self.cycle.total_seconds(),
            "fault_class": self.fault_class,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Subject:
        cycle = timedelta(seconds=found["cycle_seconds"])
        return cls(tuple(found["metrics"]), cycle, found["fault_class"])
