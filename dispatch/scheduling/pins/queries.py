"""Reading pins."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.scheduling.pins.models import Pin
from kernel.db import among


def pins_of(session: Session, visit_id: UUID) -> list[Pin]:
    """The pins of one visit, by kind."""
    return pins_by_visit(session, [visit_id])[visit_id]


def pins_by_visit(session: Session, visit_ids: Collection[UUID]) -> defaultdict[UUID, list[Pin]]:
    """Freshly read pins of these visits, by kind."""
    found: defaultdict[UUID, list[Pin]] = defaultdict(list)
    if not visit_ids:
        return found
    rows = session.scalars(
        select(Pin)
        .where(among(Pin.visit_id, visit_ids))
        .order_by(Pin.kind)
        .execution_options(populate_existing=True)
    )
    for pin in rows:
        found[pin.visit_id].append(pin)
    return found
