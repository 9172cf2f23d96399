"""Reading what has changed in the schedule since it was read last."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dispatch.events import (
    PolicyActivated,
    SlotHeld,
    SlotReleased,
    TechnicianAbsent,
    TechnicianChanged,
    VisitAssigned,
    VisitMoved,
    VisitUnassigned,
)
from dispatch.scheduling.assignments.models import Assignment
from kernel.db import among
from kernel.events import Event

CHANGING: tuple[type[Event], ...] = (
    PolicyActivated,
    SlotHeld,
    SlotReleased,
    TechnicianAbsent,
    TechnicianChanged,
    VisitAssigned,
    VisitMoved,
    VisitUnassigned,
)
"""Whatever changes when our people can be where publishes one of these in its transaction."""

OF_VISITS = frozenset(
    event.name for event in (SlotHeld, SlotReleased, VisitAssigned, VisitMoved, VisitUnassigned)
)

# What is committed but not numbered yet counts too, so that nothing waits for the sequencer.
SINCE = text(
    """
    SELECT NULL AS id, max(position) AS position, NULL AS name, NULL::uuid AS territory_id,
           NULL::uuid AS technician_id, NULL::uuid AS visit_id FROM event
    UNION ALL
    SELECT id, position, name, territory_id, technician_id, (payload ->> 'visit_id')::uuid
      FROM event WHERE position > :position AND name = ANY(:names)
    UNION ALL
    SELECT id, NULL, name, territory_id, technician_id, (payload ->> 'visit_id')::uuid
      FROM event WHERE position IS NULL AND due_at IS NULL AND name = ANY(:names)
    """
)


@dataclass(frozen=True)
class Change:
    """An event that changed a technician's or a visit's place in the schedule."""

    event_id: int
    is_numbered: bool
    name: str
    territory_id: UUID | None
    technician_id: UUID | None
    visit_id: UUID | None

    @property
    def concerns_visits_alone(self) -> bool:
        """Who works when, and by which rules, is as it was."""
        return self.name in OF_VISITS

    @property
    def concerns_everybody(self) -> bool:
        return self.technician_id is None and self.visit_id is None


def changes_since(session: Session, position: int) -> tuple[int, list[Change]]:
    """The position reached, and every committed change behind `position`.

    Changes that have no position yet are given each time until they have one.
    """
    names = [event.name for event in CHANGING]
    rows: list[Any] = list(session.execute(SINCE, {"position": position, "names": names}))
    reached = max((row.position for row in rows if row.position is not None), default=0)
    changes = [
        Change(
            event_id=row.id,
            is_numbered=row.position is not None,
            name=row.name,
            territory_id=row.territory_id,
            technician_id=row.technician_id,
            visit_id=row.visit_id,
        )
        for row in rows
        if row.id is not None
    ]
    return reached, changes


def technicians_of(session: Session, visit_ids: Collection[UUID]) -> set[UUID]:
    """Everybody who has or had one of these visits."""
    if not visit_ids:
        return set()
    found = select(Assignment.technician_id).where(among(Assignment.visit_id, visit_ids))
    return set(session.scalars(found))
