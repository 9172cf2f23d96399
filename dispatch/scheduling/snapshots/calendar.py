"""All days of one technician, joined so that those of many are joined quickly."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dispatch.scheduling.problems.queries import PlannedStop
from dispatch.scheduling.snapshots.days import Day, latest_end, with_stops
from dispatch.scheduling.snapshots.tables import Tables
from dispatch.technicians.queries import Version


class Span(NamedTuple):
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """What the days of one technician say together, in their order."""

    days: tuple[Day, ...]
    tables: Tables
    visit_ids: frozenset[UUID]
    until: datetime
    _without: dict[UUID, "Calendar"] = field(default_factory=dict)

    @classmethod
    def of(cls, days: Sequence[Day]) -> "Calendar":
        """Of one day at least."""
        return cls(
            days=tuple(days),
            tables=Tables.joined([day.tables for day in days]),
            visit_ids=frozenset[UUID]().union(*(day.visit_ids for day in days)),
            until=min(day.until for day in days),
        )

    @property
    def technician_id(self) -> UUID:
        return self.days[0].person.technician.id

    @property
    def stops(self) -> list[PlannedStop]:
        return [stop for day in self.days for stop in day.stops]

    def versions(self, start: datetime, end: datetime) -> set[Version]:
        """Of everything that says when the technician can work in `[start, end)`."""
        return set[Version]().union(*(day.person.versions(start, end) for day in self.days))

    def has_begun(self, span: Span, now: datetime) -> bool:
        """Whether where the technician is now plays a part in the span."""
        starts = [
            day.person.shifts[0].starts_at
            for day in self.days
            if day.person.shifts and latest_end(day.person.shifts[-1]) > span.start
        ]
        return any(start <= now for start in starts)

    def at(self, now: datetime) -> "Calendar":
        return self._exchanged([day.at(now) for day in self.days])

    def without(self, visit_id: UUID) -> "Calendar":
        """As if the technician did not have this visit."""
        if visit_id not in self.visit_ids:
            return self
        known = self._without.get(visit_id)
        if known is None:
            known = self._exchanged([day.without(visit_id) for day in self.days])
            self._without[visit_id] = known
        return known

    def with_stops(self, stops: Sequence[PlannedStop], now: datetime) -> "Calendar":
        """The same days with other stops."""
        return self._exchanged(with_stops(self.days, stops, now))

    def _exchanged(self, days: Sequence[Day]) -> "Calendar":
        kept = all(day is own for day, own in zip(days, self.days, strict=True))
        return self if kept else Calendar.of(days)
