"""Equal shares of offers and of agreed pay; plain Python.

Whoever could take a visit is equally qualified for it. An equal share of a wave is asked / able for
each of them, an equal share of the pay of a visit that somebody took pay / able. Over everybody
both differences sum to zero.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Taken:
    """The agreed pay of a visit, who took it, and who could have taken it."""

    technician_id: UUID
    cents: int
    currency: str
    able: Collection[UUID]


@dataclass(frozen=True)
class Line:
    """One person over the window; cents are of one currency."""

    technician_id: UUID
    times_able: int
    asked: int
    accepted: int
    ahead: float
    agreed_cents: int
    equal_agreed_cents: int
    reasons: Mapping[str, int]

    @property
    def equal_share(self) -> float:
        """Offers that an equal share would have been."""
        return self.asked - self.ahead

    @property
    def ahead_pct(self) -> float:
        """How much more than an equal share, in percent of it; nothing where there was none."""
        return 100 * self.ahead / self.equal_share if self.equal_share > 0 else 0.0

    def is_within(self, most_ahead: float, most_ahead_pct: float) -> bool:
        """Within the bound; the last offer before it is reached may go one beyond."""
        return self.ahead - 1 < max(most_ahead, self.equal_share * most_ahead_pct / 100)


def equal_pay(taken: Collection[Taken]) -> dict[UUID, float]:
    """By person, what an equal share of all pay would have been, in cents."""
    found: dict[UUID, float] = {}
    for one in taken:
        able = {*one.able, one.technician_id}
        for key in able:
            found[key] = found.get(key, 0.0) + one.cents / len(able)
    return found
