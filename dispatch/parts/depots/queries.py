"""SELECTs over depots."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from dispatch.parts.depots.models import Depot
from kernel.db import get


def get_depot(session: Session, depot_id: UUID) -> Depot:
    return get(session, Depot, depot_id)


def select_depots() -> Select[Depot]:
    return select(Depot)


def list_depots_of(session: Session, territory_ids: Collection[UUID] | None) -> Sequence[Depot]:
    """Those in use that serve one of these territories (any when None)."""
    statement = select(Depot).where(Depot.active).order_by(Depot.id)
    if territory_ids is not None:
        serves = or_(Depot.territory_id.is_(None), Depot.territory_id.in_(territory_ids))
        statement = statement.where(serves)
    return session.scalars(statement).all()
