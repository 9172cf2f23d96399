"""SELECTs that gather what a screen shows of work orders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.customers.models import Customer, Site
from dispatch.customers.ports import TimelineEntry
from dispatch.customers.queries import list_customers_by_id, list_sites_by_id
from dispatch.parts.models import Part
from dispatch.work_orders import queries
from dispatch.work_orders.clocks import queries as clocks
from dispatch.work_orders.models import (
    PartReservation,
    Prerequisite,
    SlaClock,
    SlaPause,
    Visit,
    WorkOrder,
    WorkType,
)
from dispatch.work_orders.reservations.queries import list_reserved_parts


class WorkOrderLineView:
    """A work order, and under their own names the records it is known by."""

    def __init__(
        self, order: WorkOrder, customer: Customer, site: Site, work_type: WorkType
    ) -> None:
        self.order = order
        self.customer = customer
        self.site = site
        self.work_type = work_type

    def __getattr__(self, name: str) -> Any:
        return getattr(self.order, name)


class ReservedPartView:
    """A reservation with number and name of its part."""

    def __init__(self, reservation: PartReservation, part: Part) -> None:
        self.reservation = reservation
        self.number = part.number
        self.name = part.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reservation, name)


class WorkOrderView(WorkOrderLineView):
    """A work order with all that belongs to it."""

    visits: Sequence[Visit]
    clocks: Sequence[SlaClock]
    pauses: Sequence[SlaPause]
    prerequisites: Sequence[Prerequisite]
    parts: Sequence[ReservedPartView]


def describe(session: Session, orders: Sequence[WorkOrder]) -> list[WorkOrderLineView]:
    """Each order with customer, site and work type, in three SELECTs."""
    customers = list_customers_by_id(session, {order.customer_id for order in orders})
    sites = list_sites_by_id(session, {order.site_id for order in orders})
    types = _work_types(session, {order.work_type_id for order in orders})
    return [
        WorkOrderLineView(
            order, customers[order.customer_id], sites[order.site_id], types[order.work_type_id]
        )
        for order in orders
    ]


def view(session: Session, order: WorkOrder) -> WorkOrderView:
    [line] = describe(session, [order])
    whole = WorkOrderView(order, line.customer, line.site, line.work_type)
    whole.visits = queries.list_visits_of(session, order.id)
    whole.clocks = clocks.list_clocks(session, order.id)
    whole.pauses = clocks.list_pauses(session, order.id)
    whole.prerequisites = queries.list_prerequisites(session, order.id)
    whole.parts = [
        ReservedPartView(reserved.reservation, reserved.part)
        for reserved in list_reserved_parts(session, order.id)
    ]
    return whole


def timeline(session: Session, customer_id: UUID, limit: int) -> list[TimelineEntry]:
    """The customers' TimelineSource for work orders and visits."""
    orders = session.scalars(
        select(WorkOrder)
        .where(WorkOrder.customer_id == customer_id)
        .order_by(WorkOrder.id.desc())
        .limit(limit)
    ).all()
    visits = session.execute(
        select(Visit, WorkOrder)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Visit.customer_id == customer_id)
        .order_by(Visit.id.desc())
        .limit(limit)
    ).all()
    entries = [
        TimelineEntry(
            at=order.reported_at,
            kind="work_order",
            record_id=order.id,
            title=f"{order.number} {order.title}",
            status=order.status,
        )
        for order in orders
    ]
    entries += [
        TimelineEntry(
            at=visit.finished_at or visit.on_site_at or visit.created_at,
            kind="visit",
            record_id=visit.id,
            title=f"{order.number} visit {visit.sequence}",
            status=visit.status,
        )
        for visit, order in visits
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _work_types(session: Session, work_type_ids: set[UUID]) -> dict[UUID, WorkType]:
    rows = session.scalars(select(WorkType).where(WorkType.id.in_(work_type_ids)))
    return {work_type.id: work_type for work_type in rows}
