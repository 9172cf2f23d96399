"""What customers need from slices to the right: territories, and the facts of a timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.geo import Point
from kernel.ports import Port


@dataclass(frozen=True)
class TerritoryFit:
    territory_id: UUID
    time_zone: str


class TerritoryRule(Protocol):
    def territory_for(self, session: Session, point: Point) -> TerritoryFit | None:
        """The territory that serves a position; None when there is no territory at all."""


@dataclass(frozen=True)
class TimelineEntry:
    """One fact in a customer's history; `kind` and `record_id` say where to read more."""

    at: datetime
    kind: str
    record_id: UUID
    title: str
    status: str


class TimelineSource(Protocol):
    def __call__(self, session: Session, customer_id: UUID, limit: int) -> list[TimelineEntry]:
        """The newest entries of one kind, newest first."""


territory_rule: Port[TerritoryRule] = Port("customers.territory_rule")
timeline_sources: Port[list[TimelineSource]] = Port("customers.timeline_sources")
