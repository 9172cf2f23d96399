"""Reading what applying a group needs."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.work_orders.models import Visit, WorkOrder
from dispatch.work_orders.queries import is_plannable
from kernel.db import locked
from kernel.geo import Point


def places_of(session: Session, visits: Iterable[Visit]) -> dict[UUID, Point]:
    """Where the visits are."""
    ids = [visit.id for visit in visits]
    rows = session.execute(
        select(Visit.id, Site.latitude, Site.longitude)
        .join(Site, Site.id == Visit.site_id)
        .where(Visit.id.in_(ids))
    )
    return {key: Point(latitude, longitude) for key, latitude, longitude in rows}


def not_plannable(session: Session, visits: Iterable[Visit]) -> set[UUID]:
    """Those whose orders were put on hold or closed."""
    ids = {visit.id for visit in visits}
    fine = session.scalars(
        select(Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Visit.id.in_(ids), is_plannable())
    )
    return ids - set(fine)


def lock_orders(session: Session, visits: Iterable[Visit]) -> None:
    """Lock the orders of several visits at once, in the order of their ids."""
    locked(session, WorkOrder, {visit.work_order_id for visit in visits})
