"""An explanation together with what its ids and seconds mean to people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from optimizer.explaining.facts import Comparison, Explanation


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
        words = {key: number for key, (_, number) in self.visits.items()} | {**self.names}
        ids = "|".join(sorted((re.escape(key) for key in words), key=len, reverse=True))
        found = re.compile(rf"\b([Tt]echnicians? |[Ss]hift )?({ids})")

        def name(match: re.Match[str]) -> str:
            own = (match[1] or "").lower() == "shift "
            return f"{words[match[2]]}'s shift" if own else words[match[2]]

        return found.sub(name, sentence)
