"""How far ahead of an equal share of offers somebody is; plain Python.

Whoever can take a visit is equally qualified for it. When `asked` of `able` people are asked, an
equal share is asked / able for each: who is asked gains the rest of one, who is not loses the
share. The sum over all is zero, so that nobody can be ahead unless others are behind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Chance:
    """One wave: who could have been asked, and who was."""

    able: Collection[UUID]
    asked: Collection[UUID]


@dataclass(frozen=True)
class Share:
    """Offers got beyond an equal share (negative: fewer), and that share."""

    ahead: float = 0.0
    equal: float = 0.0


def ahead(waves: Iterable[Chance]) -> dict[UUID, float]:
    """By person, offers got beyond an equal share of those they could have got."""
    found: dict[UUID, float] = defaultdict(float)
    for wave in waves:
        gain(found, wave)
    return dict(found)


def gain(found: dict[UUID, float], wave: Chance, sign: int = 1) -> None:
    """Count one wave; with sign -1 forget it again."""
    if not wave.able:
        return
    share = len(wave.asked) / len(wave.able)
    for key in wave.able:
        found[key] = found.get(key, 0.0) + sign * ((key in wave.asked) - share)


def gini(values: Collection[float]) -> float:
    """The inequality of values that are not negative: 0 all alike, towards 1 one has all."""
    ordered = sorted(values)
    total = sum(ordered)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def gini_of_groups(groups: Mapping[str, Collection[float]]) -> float:
    """The mean over groups of equals, each by its number of people; groups of one say nothing."""
    sized = [values for values in groups.values() if len(values) > 1]
    people = sum(map(len, sized))
    return sum(len(v) * gini(v) for v in sized) / people if people else 0.0
