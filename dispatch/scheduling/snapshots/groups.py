"""Technicians in groups, so that only the group of somebody who changed is joined anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from math import isqrt
from uuid import UUID

from dispatch.scheduling.snapshots.calendar import Calendar
from dispatch.scheduling.snapshots.tables import Tables


@dataclass(frozen=True)
class Group:
    """Some technicians side by side."""

    calendars: tuple[Calendar, ...]
    tables: Tables
    visit_ids: frozenset[UUID]
    until: datetime

    @classmethod
    def of(cls, calendars: Sequence[Calendar]) -> "Group":
        return cls(
            calendars=tuple(calendars),
            tables=Tables.joined([own.tables for own in calendars]),
            visit_ids=frozenset[UUID]().union(*(own.visit_ids for own in calendars)),
            until=min(own.until for own in calendars),
        )

    def has(self, calendars: Sequence[Calendar]) -> bool:
        """Whether these are its technicians, unchanged."""
        return len(calendars) == len(self.calendars) and all(
            own is other for own, other in zip(self.calendars, calendars, strict=True)
        )

    def without(self, visit_id: UUID) -> "Group":
        """As if nobody of them had this visit."""
        if visit_id not in self.visit_ids:
            return self
        return Group.of([own.without(visit_id) for own in self.calendars])


def grouped(calendars: Sequence[Calendar], before: Sequence[Group] = ()) -> list[Group]:
    """As many groups as each has technicians; those of `before` are kept where nothing changed."""
    size = max(1, isqrt(len(calendars)))
    parts = [calendars[first : first + size] for first in range(0, len(calendars), size)]
    return [
        known if known is not None and known.has(own) else Group.of(own)
        for own, known in zip_longest(parts, before[: len(parts)])
    ]
