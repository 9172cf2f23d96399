"""From what people did with offers to what they will probably do; plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass

USUAL_ACCEPT, USUAL_SHOW = 0.4, 0.95
"""What is believed before there are records."""
WEIGHT = 5
"""So many answers of somebody count as much as what all others do."""


@dataclass(frozen=True)
class Tally:
    """How often something was tried, and how often it came off."""

    tried: int = 0
    done: int = 0


def chance_pct(own: Tally, everybody: Tally, usual: float) -> int:
    """The own share drawn towards that of everybody, and this towards the usual one."""
    common = (everybody.done + WEIGHT * usual) / (everybody.tried + WEIGHT)
    return round(100 * (own.done + WEIGHT * common) / (own.tried + WEIGHT))


def summed(tallies: Iterable[Tally]) -> Tally:
    known = list(tallies)
    return Tally(sum(one.tried for one in known), sum(one.done for one in known))
