"""How much of the pay it costs to break what was agreed, by how short the notice is."""

from collections.abc import Iterable, Mapping
from datetime import timedelta


def pct_at(notice: timedelta, steps: Iterable[Mapping[str, int]]) -> int:
    """The percent of the nearest step whose `hours` the notice falls short of; 0 in good time."""
    reached = [step for step in steps if notice < timedelta(hours=step["hours"])]
    return min(reached, key=lambda step: step["hours"])["pct"] if reached else 0
