"""Cutting people and visits into parts that can be planned apart; plain Python.

A visit ties everybody who may do it, or has it, together. What is not tied together shares nothing
and is cut without loss; what is still too large is cut along territories, and the routes on both
sides of such a cut are looked at once more afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import numpy.typing as npt

from kernel.geo import Point, distance_matrix_m

NEAR_A_CUT = 1.5
"""A visit lies near a cut when somebody beyond it lives at most so many times as far away."""
MOST_AT_A_BORDER = 24
"""Technicians of one look at a border."""
AT_A_TIME = 1_000
ROUNDING_M = 1_000
"""Travel counts whole minutes; a reach may end that much later."""

Skills = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Person:
    """A technician, with what decides which visits he or she may do."""

    id: UUID
    territory_id: UUID
    home: Point
    reach_m: float
    skills: Mapping[str, int] = field(default_factory=dict)
    credentials: frozenset[str] = frozenset()
    """Languages among them."""


@dataclass(frozen=True)
class Wanted:
    """A visit, what it asks for, who has it, and the order that its other visits share."""

    id: UUID
    order_id: UUID
    territory_id: UUID | None
    place: Point
    skills: Skills = ()
    credentials: frozenset[str] = frozenset()
    required: frozenset[UUID] = frozenset()
    excluded: frozenset[UUID] = frozenset()
    holders: frozenset[UUID] = frozenset()


@dataclass
class Part:
    """People and the visits that are planned for them, and for nobody else."""

    technician_ids: set[UUID] = field(default_factory=set)
    visit_ids: set[UUID] = field(default_factory=set)
    territory_ids: set[UUID] = field(default_factory=set)

    def take(self, other: "Part") -> None:
        self.technician_ids |= other.technician_ids
        self.visit_ids |= other.visit_ids
        self.territory_ids |= other.territory_ids


def cut(people: Sequence[Person], visits: Sequence[Wanted], most: int) -> list[Part]:
    """Parts of about `most` visits, or of one territory where that has more; each person and each
    visit is in exactly one."""
    able = Able(people, visits)
    ties = _Ties(len(people))
    by_order: dict[UUID, int] = {}
    for number, visit in enumerate(visits):
        who = able.who(number)
        if len(who):
            ties.tie(who)
            ties.tie([by_order.setdefault(visit.order_id, int(who[0])), int(who[0])])
    components: dict[object, Part] = defaultdict(Part)
    for number, person in enumerate(people):
        part = components[ties.root(number)]
        part.technician_ids.add(person.id)
        part.territory_ids.add(person.territory_id)
    for number, visit in enumerate(visits):
        who = able.who(number)
        root = ties.root(int(who[0])) if len(who) else ("nobody", visit.territory_id)
        components[root].visit_ids.add(visit.id)
        if visit.territory_id is not None:
            components[root].territory_ids.add(visit.territory_id)
    whole = [part for part in components.values() if len(part.visit_ids) <= most]
    large = [part for part in components.values() if len(part.visit_ids) > most]
    pieces = [piece for part in large for piece in _by_territory(part, people, visits, able)]
    return _packed(whole, most) + pieces


class Able:
    """Who may do which visit, as far as skill, evidence, wishes and reach say."""

    def __init__(self, people: Sequence[Person], visits: Sequence[Wanted]) -> None:
        self._index = {person.id: number for number, person in enumerate(people)}
        self._who: list[npt.NDArray[np.intp]] = []
        self.metres: list[npt.NDArray[np.float64]] = []
        """From the homes of those who may do it, by visit."""
        qualified: dict[object, npt.NDArray[np.bool_]] = {}
        reach = np.array([person.reach_m + ROUNDING_M for person in people])
        homes = [person.home for person in people]
        for first in range(0, len(visits), AT_A_TIME):
            chunk = visits[first : first + AT_A_TIME]
            metres = distance_matrix_m(homes, [visit.place for visit in chunk])
            for column, visit in enumerate(chunk):
                key = (visit.skills, visit.credentials)
                if key not in qualified:
                    qualified[key] = np.array([_may(person, visit) for person in people], bool)
                self._add(visit, qualified[key] & (metres[:, column] <= reach), metres[:, column])

    def _add(
        self, visit: Wanted, may: npt.NDArray[np.bool_], metres: npt.NDArray[np.float64]
    ) -> None:
        may[[self._index[key] for key in visit.excluded if key in self._index]] = False
        if visit.required:
            named = np.zeros_like(may)
            named[[self._index[key] for key in visit.required if key in self._index]] = True
            may &= named
        may[[self._index[key] for key in visit.holders if key in self._index]] = True
        who = np.flatnonzero(may)
        self._who.append(who)
        self.metres.append(metres[who])

    def who(self, visit: int) -> npt.NDArray[np.intp]:
        """The numbers of those who may do it or have it."""
        return self._who[visit]


def _may(person: Person, visit: Wanted) -> bool:
    skilled = all(person.skills.get(skill, 0) >= level for skill, level in visit.skills)
    return skilled and visit.credentials <= person.credentials


class _Ties:
    """Disjoint sets of people."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def tie(self, numbers: Iterable[int]) -> None:
        roots = {self.root(int(number)) for number in numbers}
        least = min(roots)
        for root in roots:
            self._above[root] = least


def _by_territory(
    part: Part, people: Sequence[Person], visits: Sequence[Wanted], able: Able
) -> list[Part]:
    """Each visit with the people of its territory, or of who has it, or of who lives nearest."""
    home = {person.id: person.territory_id for person in people}
    pieces: dict[UUID, Part] = defaultdict(Part)
    for key in part.technician_ids:
        pieces[home[key]].technician_ids.add(key)
        pieces[home[key]].territory_ids.add(home[key])
    for number, visit in enumerate(visits):
        if visit.id not in part.visit_ids:
            continue
        holders = sorted(key for key in visit.holders if key in home)
        if holders:
            where = home[holders[0]]
        elif visit.territory_id in pieces:
            where = visit.territory_id
        else:
            nearest = able.who(number)[int(able.metres[number].argmin())]
            where = people[nearest].territory_id
        pieces[where].visit_ids.add(visit.id)
        if visit.territory_id is not None:
            pieces[where].territory_ids.add(visit.territory_id)
    return [pieces[key] for key in sorted(pieces)]


def _packed(parts: Iterable[Part], most: int) -> list[Part]:
    """Small parts together, those of one territory side by side, while they stay small."""
    found: list[Part] = []
    for part in sorted(parts, key=lambda part: sorted(part.territory_ids)):
        if found and len(found[-1].visit_ids) + len(part.visit_ids) <= most:
            found[-1].take(part)
        else:
            joined = Part()
            joined.take(part)
            found.append(joined)
    return found


def borders(
    people: Sequence[Person],
    visits: Sequence[Wanted],
    part_of: Mapping[UUID, int],
    waiting: Collection[UUID],
) -> list[Part]:
    """People on both sides of a cut whose visits might be better off beyond it, in groups that
    share nobody. `part_of` gives the part of each person and visit; those `waiting` have no place.
    """
    able = Able(people, visits)
    between: dict[frozenset[int], dict[UUID, float]] = defaultdict(dict)
    for number, visit in enumerate(visits):
        own = part_of.get(visit.id)
        if own is None or not len(able.who(number)):
            continue
        for pair, near in _near_a_cut(people, able, number, own, part_of, visit.id in waiting):
            for key, distance in near:
                known = between[pair].get(key, distance)
                between[pair][key] = min(known, distance)
    taken: set[UUID] = set()
    found: list[Part] = []
    home = {person.id: person.territory_id for person in people}
    for pair in sorted(between, key=lambda pair: (-len(between[pair]), sorted(pair))):
        ranked = sorted(between[pair].items(), key=lambda item: (item[1], item[0]))
        who = [key for key, _ in ranked if key not in taken][:MOST_AT_A_BORDER]
        if len({part_of[key] for key in who}) < 2:
            continue
        taken.update(who)
        theirs = {
            visit.id
            for visit in visits
            if visit.holders & set(who) or (visit.id in waiting and part_of.get(visit.id) in pair)
        }
        places = {home[key] for key in who}
        places |= {v.territory_id for v in visits if v.id in theirs and v.territory_id is not None}
        found.append(Part(set(who), theirs, places))
    return found


def _near_a_cut(
    people: Sequence[Person],
    able: Able,
    number: int,
    own: int,
    part_of: Mapping[UUID, int],
    waits: bool,
) -> Iterable[tuple[frozenset[int], list[tuple[UUID, float]]]]:
    """The pairs of parts that could exchange this visit, each with the nearest of both sides."""
    nearest: dict[int, tuple[float, UUID]] = {}
    for who, metres in zip(able.who(number), able.metres[number], strict=True):
        key = people[who].id
        part = part_of.get(key)
        if part is not None:
            nearest[part] = min(nearest.get(part, (float("inf"), key)), (float(metres), key))
    here = nearest.pop(own, None)
    for part, (metres, key) in nearest.items():
        if here is None or waits or metres <= NEAR_A_CUT * here[0]:
            sides = [(key, metres)] + ([(here[1], here[0])] if here else [])
            yield frozenset((own, part)), sides
