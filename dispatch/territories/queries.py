"""Reading territories."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.territories.models import Territory
from kernel.db import get


def get_territory(session: Session, territory_id: UUID) -> Territory:
    return get(session, Territory, territory_id)


def list_territories(
    session: Session, territory_ids: Collection[UUID] | None = None
) -> list[Territory]:
    """All of them, or those named; in order of their names."""
    statement = select(Territory).order_by(Territory.name)
    if territory_ids is not None:
        statement = statement.where(Territory.id.in_(territory_ids))
    return list(session.scalars(statement))
