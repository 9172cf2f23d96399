"""Depots: where a shift fetches parts and tools."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.job import Window
from optimizer.values import require, require_all_distinct, require_not_negative


@dataclass(frozen=True, slots=True)
class Depot:
    """A place where a shift fetches what it lacks, once, in `service_seconds`.

    Afterwards everything that the depot has is on board, as many pieces as are needed. `parts`
    and `tools` are what it has, None everything. Somebody comes within one of `windows`; none: at
    any time.
    """

    id: str
    place: int
    service_seconds: int = 0
    parts: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.id), "A depot has an id.")
        name = f"Depot {self.id}"
        require_not_negative(name, place=self.place, service_seconds=self.service_seconds)
        require_all_distinct(f"{name}: parts", self.parts or ())
        require_all_distinct(f"{name}: tools", self.tools or ())
        for first, second in zip(self.windows, self.windows[1:], strict=False):
            require(first.end < second.start, f"{name}: windows stand in order, apart.")

    def is_open(self, time: int) -> bool:
        return not self.windows or any(window.contains(time) for window in self.windows)

    def has_part(self, name: str) -> bool:
        return self.parts is None or name in self.parts

    def has_tool(self, name: str) -> bool:
        return self.tools is None or name in self.tools
