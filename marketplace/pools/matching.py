"""Rules of talent pools: conditions as data, every one of which a member meets; plain Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kernel.geo import Point, distance_m


@dataclass(frozen=True)
class Person:
    """What rules look at."""

    technician_id: UUID
    employment: str
    territory_id: UUID
    provider_id: UUID | None
    home: Point
    hourly_cents: int
    skills: Mapping[str, int] = field(default_factory=dict)
    """The level of each skill held now."""
    credentials: frozenset[str] = frozenset()
    """The kinds that are valid now."""
    languages: frozenset[str] = frozenset()
    jobs_done: int = 0
    score: int | None = None
    prefers: frozenset[UUID] = frozenset()
    """Customers this person likes to work for."""


Condition = Mapping[str, Any]
Check = Callable[[Condition, Person], bool]

CHECKS: dict[str, Check] = {
    "employment": lambda wanted, one: one.employment == wanted["employment"],
    "territory": lambda wanted, one: str(one.territory_id) == wanted["territory_id"],
    "provider": lambda wanted, one: str(one.provider_id) == wanted["provider_id"],
    "skill": lambda wanted, one: one.skills.get(wanted["skill"], 0) >= wanted["level"],
    "credential": lambda wanted, one: wanted["credential"] in one.credentials,
    "language": lambda wanted, one: wanted["language"] in one.languages,
    "rate": lambda wanted, one: one.hourly_cents <= wanted["at_most_cents"],
    "near": lambda wanted, one: _metres(wanted, one) <= wanted["km"] * 1000,
    "jobs_done": lambda wanted, one: one.jobs_done >= wanted["at_least"],
    "score": lambda wanted, one: one.score is not None and one.score >= wanted["at_least"],
    "prefers": lambda wanted, one: wanted["customer_id"] in map(str, one.prefers),
}
"""How each kind of condition is met."""


def belongs(rule: Sequence[Condition], person: Person) -> bool:
    """Whether the person meets every condition."""
    return all(CHECKS[condition["kind"]](condition, person) for condition in rule)


def _metres(wanted: Condition, person: Person) -> float:
    return distance_m(person.home, Point(wanted["latitude"], wanted["longitude"]))
