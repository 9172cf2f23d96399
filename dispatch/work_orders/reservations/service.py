"""Writes of part reservations: taken from stock for an order, used by a visit, or given back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.events import PartShort
from dispatch.parts import queries as parts_queries
from dispatch.parts import service as parts
from dispatch.technicians.models import Technician
from dispatch.technicians.queries import technicians_matching
from dispatch.work_orders.lifecycle import RESERVATION, ReservationStatus
from dispatch.work_orders.models import PartReservation, Visit, WorkOrder
from dispatch.work_orders.reservations import queries
from kernel.errors import Invalid
from kernel.events import publish

HELD = (ReservationStatus.NEEDED, ReservationStatus.RESERVED, ReservationStatus.SHORT)


def need_parts(
    session: Session, order: WorkOrder, visit: Visit, needs: Sequence[dict[str, Any]]
) -> bool:
    """Reserve `[{number, quantity}]` for the order; False when something is short.

    Depots come first, then the vans of the order's territory: the technician of that van
    becomes a preferred one. Raises Invalid `part_unknown`.
    """
    known = parts_queries.list_parts_by_number(session, [need["number"] for need in needs])
    for need in sorted(needs, key=lambda need: str(need["number"])):
        part = known.get(need["number"])
        if part is None:
            raise Invalid(f"There is no part {need['number']}.", code="part_unknown")
        session.add(
            PartReservation(
                work_order_id=order.id,
                part_id=part.id,
                quantity=need.get("quantity", 1),
                status=ReservationStatus.NEEDED,
            )
        )
    session.flush()
    return reserve(session, order, [visit])


def reserve(session: Session, order: WorkOrder, open_visits: Sequence[Visit]) -> bool:
    """Try to reserve what the order still needs; True when nothing is short any more."""
    waiting = queries.list_reservations(
        session, order.id, [ReservationStatus.NEEDED, ReservationStatus.SHORT]
    )
    vans = _vans_near(session, order) if waiting else []
    complete = True
    for row in waiting:
        stock = parts.take(session, row.part_id, row.quantity, vans, order.territory_id)
        if stock is not None:
            _move(row, ReservationStatus.RESERVED)
            row.stock_id = stock.id
            _prefer(open_visits, stock.technician_id)
            continue
        complete = False
        if row.status is ReservationStatus.NEEDED:
            _move(row, ReservationStatus.SHORT)
            publish(
                session,
                PartShort(
                    part_id=row.part_id,
                    work_order_id=order.id,
                    quantity=row.quantity,
                    territory_id=order.territory_id,
                    customer_id=order.customer_id,
                ),
            )
    session.flush()
    return complete


def release_all(session: Session, order_id: UUID) -> None:
    """Give back what was not used and need nothing any more."""
    for row in queries.list_reservations(session, order_id, HELD):
        if row.status is ReservationStatus.RESERVED and row.stock_id is not None:
            parts.give_back(session, row.stock_id, row.quantity)
        _move(row, ReservationStatus.RELEASED)
    session.flush()


def use_reserved(session: Session, order_id: UUID, visit_id: UUID) -> None:
    """The visit that completed the order used what was reserved and not reported otherwise."""
    for row in queries.list_reservations(session, order_id, HELD):
        if row.status is ReservationStatus.RESERVED:
            _move(row, ReservationStatus.USED)
            row.visit_id = visit_id
        else:
            _move(row, ReservationStatus.RELEASED)
    session.flush()


def use_part(
    session: Session, visit: Visit, *, number: str, quantity: int, technician_id: UUID
) -> list[PartReservation]:
    """Record pieces used on a visit: first those reserved for the order, then from the van.

    Raises NotFound for an unknown number, Conflict `stock_short` when the van has too few.
    """
    if quantity <= 0:
        raise Invalid("At least one piece must be used.", code="quantity_not_positive")
    part = parts_queries.get_part_by_number(session, number)
    used: list[PartReservation] = []
    left = quantity
    reserved = queries.list_reservations(session, visit.work_order_id, [ReservationStatus.RESERVED])
    for row in reserved:
        if row.part_id != part.id or left == 0:
            continue
        pieces = min(left, row.quantity)
        left -= pieces
        if pieces == row.quantity:
            _move(row, ReservationStatus.USED)
            row.visit_id = visit.id
            used.append(row)
        else:
            row.quantity -= pieces
            used.append(_used(visit, part.id, row.stock_id, pieces))
    if left:
        van = parts.take_from_van(session, part.id, left, technician_id)
        used.append(_used(visit, part.id, van.id, left))
    session.add_all(used)
    session.flush()
    return used


def _used(visit: Visit, part_id: UUID, stock_id: UUID | None, pieces: int) -> PartReservation:
    return PartReservation(
        work_order_id=visit.work_order_id,
        part_id=part_id,
        stock_id=stock_id,
        visit_id=visit.id,
        quantity=pieces,
        status=ReservationStatus.USED,
    )


def _move(row: PartReservation, to: ReservationStatus) -> None:
    RESERVATION.check(row.status, to)
    row.status = to


def _vans_near(session: Session, order: WorkOrder) -> Sequence[UUID]:
    if order.territory_id is None:
        return []
    statement = technicians_matching(order.territory_id).with_only_columns(Technician.id)
    return session.scalars(statement).all()


def _prefer(visits: Sequence[Visit], technician_id: UUID | None) -> None:
    for visit in visits:
        if technician_id is not None and technician_id not in visit.preferred_technician_ids:
            visit.preferred_technician_ids = [*visit.preferred_technician_ids, technician_id]
