"""From how long work took to what to expect, with how sure that is; plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from uuid import UUID

import numpy as np

LEAST_PCT, MOST_PCT = 50.0, 200.0
"""What is learned stays between half and twice the standard."""
OUTLIER_PCT = (20.0, 400.0)
"""Beyond it something else happened than the work: a forgotten tap, a second job."""
FEWEST_OF_TYPE, FEWEST_OF_PERSON, FEWEST_PEOPLE = 15, 20, 3
"""Below it nothing is learned; a personal value also needs others to be compared with."""
STEADY_VISITS = 20
"""What is expected counts like so many visits: a few of them move it little."""
FEWEST_AT_SITE, FEWEST_IN_TERRITORY = 5, 20
SURE = 1.96


@dataclass(frozen=True)
class Learned:
    """Percent of the standard, usually and rarely exceeded, and from how many visits.

    In 95 of 100 cases the true p50 lies between `low` and `high`.
    """

    p50: float
    p80: float
    low: float
    high: float
    visits: int


STANDARD = 100.0


def of_type(percents: Sequence[float], standard_p80: float) -> Learned | None:
    """What a work type takes; drawn towards its standard. None below FEWEST_OF_TYPE visits."""
    return _learned(percents, STANDARD, standard_p80, FEWEST_OF_TYPE)


def of_person(percents: Sequence[float], people: int, whole: Learned) -> Learned | None:
    """What a type takes one person; drawn towards what it takes all. None for small groups."""
    if people < FEWEST_PEOPLE:
        return None
    return _learned(percents, whole.p50, whole.p80, FEWEST_OF_PERSON)


def _learned(
    percents: Sequence[float], expected: float, expected_p80: float, fewest: int
) -> Learned | None:
    kept = np.sort([p for p in percents if OUTLIER_PCT[0] <= p <= OUTLIER_PCT[1]])
    if len(kept) < fewest:
        return None
    low, high = interval(kept)
    p50 = _clamped(_drawn(float(np.quantile(kept, 0.5)), expected, len(kept)))
    return Learned(
        p50=p50,
        p80=max(_clamped(_drawn(float(np.quantile(kept, 0.8)), expected_p80, len(kept))), p50),
        low=_clamped(min(_drawn(low, expected, len(kept)), p50)),
        high=_clamped(max(_drawn(high, expected, len(kept)), p50)),
        visits=len(kept),
    )


def interval(values: Sequence[float] | np.ndarray, q: float = 0.5) -> tuple[float, float]:
    """The order statistics that hold the quantile of these sorted values in 95 of 100 cases."""
    spread = SURE * sqrt(len(values) * q * (1 - q))
    first = max(floor(len(values) * q - spread), 0)
    last = min(ceil(len(values) * q + spread), len(values) - 1)
    return float(values[first]), float(values[last])


def _drawn(found: float, expected: float, visits: int) -> float:
    return (found * visits + expected * STEADY_VISITS) / (visits + STEADY_VISITS)


def _clamped(percent: float) -> float:
    return round(min(max(percent, LEAST_PCT), MOST_PCT), 1)


def speed_pct(parts: Sequence[tuple[int, float, float]]) -> int | None:
    """How fast somebody is against all, from (visits, own p50, p50 of all) of each type."""
    own = sum(visits * mine for visits, mine, _ in parts)
    if not own:
        return None
    whole = sum(visits * everybody for visits, _, everybody in parts)
    return round(min(max(100 * whole / own, LEAST_PCT), MOST_PCT))


class Speeds:
    """What was learned of how fast people are: in all, and with the skill that sets the pace."""

    def __init__(self) -> None:
        self._parts: dict[UUID, dict[str | None, list[tuple[int, float, float]]]] = {}

    def add(self, person: UUID, pace_skill: str | None, own: Learned, whole: Learned) -> None:
        """What one work type takes this person and all."""
        skills = self._parts.setdefault(person, {})
        skills.setdefault(pace_skill, []).append((own.visits, own.p50, whole.p50))

    def of_people(self) -> dict[UUID, int]:
        """Percent of everybody's speed."""
        found = {
            person: speed_pct([part for parts in skills.values() for part in parts])
            for person, skills in self._parts.items()
        }
        return {person: speed for person, speed in found.items() if speed is not None}

    def with_skills(self) -> dict[tuple[UUID, str], int]:
        """Percent of the person's own speed; nothing where only one skill was seen."""
        whole = self.of_people()
        found: dict[tuple[UUID, str], int] = {}
        for person, skills in self._parts.items():
            for skill, parts in skills.items():
                speed = speed_pct(parts)
                if skill is not None and speed is not None and len(skills) > 1:
                    pct = 100 * speed / whole[person]
                    found[person, skill] = round(min(max(pct, LEAST_PCT), MOST_PCT))
        return found


@dataclass(frozen=True)
class Access:
    """Minutes from arriving to beginning: parking, doors, registering."""

    p50: float
    p80: float
    visits: int


def access(minutes: Sequence[float], fewest: int) -> Access | None:
    kept = [minute for minute in minutes if 0 <= minute <= 60]
    if len(kept) < fewest:
        return None
    p50, p80 = np.quantile(kept, [0.5, 0.8])
    return Access(round(float(p50), 1), round(float(p80), 1), len(kept))
