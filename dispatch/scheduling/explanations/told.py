"""An explanation together with what its ids and seconds mean to people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from optimizer.explaining.facts import Comparison, Explanation

IDS = re.compile(
    r"\b([Tt]echnicians? |[Ss]hift )?"
    r"((?:fixed:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::\d+)?)"
)
"""People, visits, fixed assignments and pieces of shifts, with the word before them."""


@dataclass(frozen=True)
class Told:
    """An explanation with what its ids and seconds mean; none for a visit that is not planned."""

    visit_id: UUID
    explanation: Explanation | None
    comparison: Comparison | None = None
    start: datetime | None = None
    currency: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of people by their id, and by the ids of their shifts."""
    technician_of: Mapping[str, UUID] = field(default_factory=dict)
    visits: Mapping[str, tuple[UUID, str]] = field(default_factory=dict)
    """Id and number of the visits by job."""

    def time(self, seconds: int) -> datetime:
        assert self.start is not None
        return self.start + timedelta(seconds=seconds)

    def named(self, sentence: str) -> str:
        """The sentence with names and numbers in place of ids."""

        def name(match: re.Match[str]) -> str:
            word = self._words.get(match[2])
            if word is None:
                return match[0]
            own = (match[1] or "").lower() == "shift "
            return f"{word}'s shift" if own else word

        return IDS.sub(name, sentence)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {key: number for key, (_, number) in self.visits.items()} | {**self.names}
