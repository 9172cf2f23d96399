"""SELECTs over reserved parts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.parts.models import Part, Stock
from dispatch.work_orders.lifecycle import ReservationStatus
from dispatch.work_orders.models import PartReservation, WorkOrder
from kernel.db import among


@dataclass(frozen=True)
class ReservedPart:
    reservation: PartReservation
    part: Part


def list_reserved_parts(session: Session, work_order_id: UUID) -> list[ReservedPart]:
    rows = session.execute(
        select(PartReservation, Part)
        .join(Part, Part.id == PartReservation.part_id)
        .where(PartReservation.work_order_id == work_order_id)
        .order_by(Part.number, PartReservation.id)
    )
    return [ReservedPart(*row) for row in rows]


def list_reserved_in_places(
    session: Session, order_ids: Collection[UUID]
) -> list[tuple[PartReservation, Part, Stock]]:
    """What is reserved for these orders in vans and depots."""
    rows = session.execute(
        select(PartReservation, Part, Stock)
        .join(Part, Part.id == PartReservation.part_id)
        .join(Stock, Stock.id == PartReservation.stock_id)
        .where(
            among(PartReservation.work_order_id, order_ids),
            PartReservation.status == ReservationStatus.RESERVED,
            or_(Stock.technician_id.is_not(None), Stock.depot_id.is_not(None)),
        )
        .order_by(PartReservation.id)
    )
    return [(held, part, stock) for held, part, stock in rows]


def list_reservations(
    session: Session, work_order_id: UUID, statuses: Collection[ReservationStatus]
) -> Sequence[PartReservation]:
    return session.scalars(
        select(PartReservation)
        .where(
            PartReservation.work_order_id == work_order_id,
            PartReservation.status.in_(statuses),
        )
        .order_by(PartReservation.part_id, PartReservation.id)
    ).all()


def list_orders_short_of(session: Session, part_id: UUID) -> Sequence[UUID]:
    """Orders that wait for the part: the most urgent first, then the oldest."""
    return session.scalars(
        select(WorkOrder.id)
        .join(PartReservation, PartReservation.work_order_id == WorkOrder.id)
        .where(
            PartReservation.part_id == part_id,
            PartReservation.status == ReservationStatus.SHORT,
        )
        .group_by(WorkOrder.id)
        .order_by(WorkOrder.priority.desc(), WorkOrder.reported_at, WorkOrder.id)
    ).all()
